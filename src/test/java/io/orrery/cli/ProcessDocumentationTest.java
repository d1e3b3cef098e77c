package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.launch.FreePorts;
import io.orrery.launch.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What pages show of {@code cluster} and {@code soak} is what comes of them, but for times, processes and ports. */
@Tag("process")
// Reading what a process says cannot be interrupted: on another thread, a test ends in time all the same.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessDocumentationTest {
    private static final Path PAGES = Path.of("src", "site", "markdown");
    private static final Path CONF = Path.of("conf", "lamport-lww.conf");
    private static final String INDENT = "    ";
    private static final String CLUSTER = INDENT + "$ ./run.sh cluster conf/lamport-lww.conf";
    private static final Pattern PORT = Pattern.compile("\\b[78]00[0-2]\\b");
    private static final Pattern ROW = Pattern.compile("(\\S+) +(\\d+) +running .*");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** The port here of each in the file. */
    private final Map<String, String> ports = new TreeMap<>();

    private final List<String> seen = new ArrayList<>();
    private Path conf;
    private BoundProcess cluster;

    @AfterEach
    void end() {
        if (cluster != null) {
            // Its nodes end with it.
            cluster.close();
        }
    }

    @BeforeEach
    void moveToFreePorts() throws IOException {
        String text = Files.readString(CONF);
        PORT.matcher(text).results().forEach(port -> ports.put(port.group(), ""));
        Iterator<Integer> free = FreePorts.of(ports.size()).iterator();
        ports.replaceAll((port, none) -> free.next().toString());
        conf = Files.writeString(directory.resolve("moved.conf"), moved(text));
    }

    private String moved(String text) {
        return PORT.matcher(text).replaceAll(port -> ports.getOrDefault(port.group(), port.group()));
    }

    private String run(String... words) {
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed, true);
        Main.run(out, out, words);
        return printed.toString();
    }

    /** As people type it, in the two terminals that the page has. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theTourOfAClusterIsAsItIsTold() throws Exception {
        List<String> lines = Files.readAllLines(PAGES.resolve("tour.md"));
        List<String> told = lines.subList(lines.indexOf(CLUSTER) + 1, lines.size()).stream()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith(INDENT))
                .map(String::strip)
                .filter(line -> !line.equals("..."))
                .toList();
        assertTrue(told.size() > 15, told::toString);
        ProcessBuilder command = new ProcessBuilder(JavaCommand.of(
                List.of(),
                Main.class.getName(),
                List.of(
                        "cluster",
                        conf.toString(),
                        "--data",
                        directory.resolve("data").toString())));
        // Tests have a log of their own, and people do not.
        command.environment().put("JAVA_TOOL_OPTIONS", "-Dlogback.configurationFile=logback.xml");
        cluster = BoundProcess.start(command.redirectErrorStream(true));
        Process process = cluster.process();
        try (PrintWriter in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
                BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            replay(told, in, out);
        }
    }

    private void replay(List<String> told, PrintWriter in, BufferedReader out) throws IOException {
        String pid = "";
        for (Iterator<String> lines = told.iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.startsWith("$ kill -9 ")) {
                ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
            } else if (line.startsWith("$ ./run.sh ")) {
                String shown = lines.next();
                String command = line.substring("$ ./run.sh ".length());
                String[] words = moved(command + (command.contains("--node") ? "" : " --node localhost:8000"))
                        .split(" ");
                // Another replica has it when it has come.
                do {
                    seen.add(run(words).strip());
                } while (words[0].equals("get") && !same(seen.get(seen.size() - 1), shown));
                assertTrue(same(seen.get(seen.size() - 1), shown), line + " printed " + seen.get(seen.size() - 1));
            } else if (line.matches("(status|start \\S+)")) {
                seen.clear();
                in.println(line);
            } else {
                Matcher row = ROW.matcher(await(line, out));
                pid = row.matches() && row.group(1).equals("B") ? row.group(2) : pid;
            }
        }
    }

    /** Nodes do not wait for each other: what one of them says may have come before. */
    private String await(String line, BufferedReader out) throws IOException {
        for (int i = 0; ; i++) {
            while (i == seen.size()) {
                String next = out.readLine();
                assertTrue(next != null, () -> "it ended without: " + line + "\n" + String.join("\n", seen));
                seen.add(next);
            }
            if (same(seen.get(i), line)) {
                return seen.get(i);
            }
        }
    }

    private boolean same(String printed, String shown) {
        return masked(printed).equals(masked(moved(shown)));
    }

    private static String masked(String line) {
        String text = line.strip().replaceAll(" +", " ");
        return ROW.matcher(text).matches()
                ? text.replaceAll(" \\d+(?= )| (up|joining|-)(?= http)| -(?= )", " _")
                : text.replaceAll("after [\\d.]+ s|\\d+:\\d+:\\d+[.,]\\d+|(?<=~)\\d+", "_");
    }

    /** Its plan comes of the seed; how long all takes and how many operations there are is another matter each time. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aSoakIsAsItIsTold() throws IOException {
        List<Transcript> soaks = Transcript.in(PAGES.resolve("soak.md")).stream()
                .filter(it -> it.command().startsWith("./run.sh soak " + CONF + " "))
                .toList();
        assertEquals(1, soaks.size());
        Transcript soak = soaks.get(0);
        String command = soak.command().substring("./run.sh ".length()).replace(CONF.toString(), conf.toString());
        String printed = run(command.split(" "));
        soak.compare(
                printed.lines().toList(),
                line -> line.replaceAll("[\\d,.]+", "_").replaceAll("_ ?[mu]?s\\b", "_"));
        assertTrue(soak.shown().stream().anyMatch(line -> line.contains("round 3")), soak::toString);
    }
}
