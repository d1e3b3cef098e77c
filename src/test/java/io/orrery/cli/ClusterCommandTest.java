package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.launch.FreePorts;
import io.orrery.launch.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code cluster} as its user sees it, with real nodes. */
@Tag("process")
@Timeout(90)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ClusterCommandTest {
    private static final Pattern READY = Pattern.compile("(\\S+) +\\| ready after .* at (http://\\S+)");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final List<String> seen = new ArrayList<>();
    private Process cluster;
    private BufferedReader out;

    private void start(String protocol) throws IOException {
        start(protocol, FreePorts.of(3));
    }

    private void start(String protocol, List<Integer> ports) throws IOException {
        Path conf = Files.writeString(directory.resolve("three.conf"), """
                title = three nodes
                protocol = %s
                lab = on
                replicas = [%s, %s, %s]
                """.formatted(
                        protocol, replica("A", ports.get(0)), replica("B", ports.get(1)), replica("C", ports.get(2))));
        cluster = command(conf);
        out = cluster.inputReader(StandardCharsets.UTF_8);
    }

    private Process command(Path conf) throws IOException {
        return new ProcessBuilder(JavaCommand.of(
                        List.of(),
                        Main.class.getName(),
                        List.of(
                                "cluster",
                                conf.toString(),
                                "--data",
                                directory.resolve("data").toString())))
                .redirectErrorStream(true)
                .start();
    }

    /** How each log begins, by the name of its file: it goes on at its end. */
    private Map<String, String> logs() throws IOException {
        Map<String, String> logs = new HashMap<>();
        try (Stream<Path> files = Files.list(directory.resolve("data/logs"))) {
            for (Path file :
                    files.filter(it -> !it.toString().endsWith(".lock")).toList()) {
                logs.put(file.getFileName().toString(), Files.readAllLines(file).get(0));
            }
        }
        return logs;
    }

    private static String replica(String id, int port) {
        return "{ id = " + id + ", http { port = 0 }, remoting { port = " + port + " } }";
    }

    @AfterEach
    void end() {
        // Its nodes end with it.
        cluster.destroyForcibly();
    }

    @Test
    void nodesComeUpAreWatchedAndEndTogether() throws Exception {
        start("lamport-lww");
        assertEquals("three nodes (lamport-lww)", out.readLine());
        assertEquals("Data and logs are in " + directory.resolve("data") + ".", out.readLine());
        say("status");
        for (String id : List.of("A", "B", "C")) {
            await(id + " +\\S+ +(starting|not started) .*");
        }
        Map<String, String> urls = new HashMap<>();
        for (String line = next(); !line.startsWith("All nodes are ready."); line = next()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                urls.put(ready.group(1), ready.group(2));
            }
        }
        assertEquals(3, urls.size());
        new RestClient(urls.get("B")).send("PUT", "/kv/x", "1").requireSuccess();

        List<ProcessHandle> nodes = new ArrayList<>();
        // Ready comes first; who is a member is known a moment later.
        for (boolean areUp = false; !areUp; ) {
            areUp = true;
            nodes.clear();
            say("status");
            await("NODE +PID +STATE +CLOCK +KEYS +LACKS +MEMBER +URL");
            for (String id : List.of("A", "B", "C")) {
                Matcher row = await(id + " +(\\d+) +running +\\d+ +\\d+ +\\S+ +(\\S+) +" + urls.get(id));
                nodes.add(ProcessHandle.of(Long.parseLong(row.group(1))).orElseThrow());
                areUp &= row.group(2).equals("up");
            }
        }

        Map<String, String> logs = logs();
        Process second = command(directory.resolve("three.conf"));
        try (BufferedReader said = second.inputReader(StandardCharsets.UTF_8)) {
            String all = said.lines().collect(Collectors.joining("\n"));
            assertEquals(2, second.waitFor(), all);
            assertTrue(all.contains("node A cannot be started: the log "), all);
        }
        assertEquals(logs, logs(), "a second cluster with the same data leaves the logs alone");

        assertTrue(nodes.get(1).destroyForcibly());
        await("B \\| ended by itself with exit code 137; .*");
        say("start B");
        String urlOfB = await("B \\| ready after .* at (http://\\S+)").group(1);
        await("equal: A, B, C hold the same, 1 key, deleted ones included");
        assertEquals(
                "1", Document.parse(new RestClient(urlOfB).get("/kv/x").body()).text("value"), "as before");

        RestClient a = new RestClient(urls.get("A"));
        a.send("POST", "/lab/isolate", "{\"replica\":\"C\"}").requireSuccess();
        a.send("PUT", "/kv/y", "2").requireSuccess();
        a.send("POST", "/lab/heal", "{}").requireSuccess();
        await("equal: A, B, C hold the same, 2 keys, deleted ones included");

        cluster.getOutputStream().close();
        assertEquals(200, new RestClient(urls.get("C")).get("/ready").status(), "the input's end is not the nodes'");
        assertTrue(cluster.toHandle().destroy());
        await("Stopping 3 of 3 nodes.");
        for (String id : List.of("A", "B", "C")) {
            assertTrue(seenUntilTheEnd().contains(id + " | stopped"), seen::toString);
        }
        assertTrue(cluster.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, cluster.exitValue());
        assertFalse(nodes.stream().anyMatch(ProcessHandle::isAlive));
    }

    @Test
    void theyCanBeStoppedWhileTheyComeUp() throws Exception {
        start("lamport-lww");
        say("stop");
        await("Stopping [123] of 3 nodes\\.");
        assertFalse(seenUntilTheEnd().stream().anyMatch(line -> line.contains("ready")), "they came up first: " + seen);
        assertTrue(cluster.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, cluster.exitValue(), seen::toString);
    }

    /** As {@code serve} ends where its port is taken. */
    @Test
    void nodesOfWhichNoneCanListenAreABadInput() throws Exception {
        InetAddress local = InetAddress.getByName("127.0.0.1");
        try (ServerSocket a = new ServerSocket(0, 1, local);
                ServerSocket b = new ServerSocket(0, 1, local);
                ServerSocket c = new ServerSocket(0, 1, local)) {
            start("lamport-lww", List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort()));
            assertTrue(seenUntilTheEnd().contains("No node is left."), seen::toString);
            assertTrue(cluster.waitFor(10, TimeUnit.SECONDS));
            assertEquals(2, cluster.exitValue(), seen::toString);
        }
    }

    private void say(String command) throws IOException {
        cluster.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        cluster.getOutputStream().flush();
    }

    private String next() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("it has ended; it said:\n" + String.join("\n", seen));
        }
        seen.add(line);
        return line;
    }

    private Matcher await(String pattern) throws IOException {
        Pattern wanted = Pattern.compile(pattern);
        while (true) {
            Matcher matcher = wanted.matcher(next());
            if (matcher.matches()) {
                return matcher;
            }
        }
    }

    private List<String> seenUntilTheEnd() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.add(line);
        }
        return seen;
    }
}
