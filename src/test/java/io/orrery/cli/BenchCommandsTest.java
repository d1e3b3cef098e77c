package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.check.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands that measure print and keep: figures, and how to get them again. */
@Timeout(120)
class BenchCommandsTest {
    private static final String LATENCY = "bench latency --servers 3 --clients 2 --requests 6";
    private static final String QUORUM = "bench quorum --followers 2 --clients 2 --writes 6";
    private static final String FRONTIER = "bench frontier --seeds 1 --operations 20";

    @TempDir
    private Path directory;

    private record Ran(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            assertEquals(ExitCode.OK, exitCode, err);
            return new ObjectMapper().readTree(out);
        }
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static Ran runLine(String line, String... more) {
        return run(Stream.concat(Stream.of(line.split(" ")), Stream.of(more)).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {LATENCY, QUORUM, FRONTIER})
    void theCommandIsWrittenDownSoThatAShellRepeatsIt(String line) throws Exception {
        JsonNode first = runLine(line, "--seed", "7", "--delay", "exponential(5ms)", "--json")
                .json();
        assertEquals(7, first.get("seed").asLong());
        assertTrue(first.get("machine").get("cores").asInt() > 0, first.toString());
        assertTrue(first.get("figures").size() > 1, first.toString());
        String command = first.get("command").asText();
        assertTrue(command.startsWith("./run.sh bench "), command);
        JsonNode again = run(words(command)).json();
        assertEquals(first, again);
        assertNotEquals(
                first.get("figures"),
                runLine(line, "--seed", "8", "--delay", "exponential(5ms)", "--json")
                        .json()
                        .get("figures"));
    }

    /** The arguments that the command gets from a shell. */
    private static String[] words(String command) throws Exception {
        String arguments = command.substring("./run.sh ".length());
        Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\n' " + arguments).start();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor());
        return words.lines().toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {LATENCY, QUORUM, FRONTIER})
    void eachRunIsKeptInAFolderOfItsOwn(String line) throws IOException {
        String name = line.split(" ")[1];
        Ran ran = runLine(line, "--out", directory.toString());
        assertEquals(ExitCode.OK, ran.exitCode(), ran.err());
        Path latest = directory.resolve(name).resolve("latest").toRealPath();
        Set<String> kept = new TreeSet<>(
                Set.of("table.txt", "figures.csv", "figures.json", "figures.html", name + ".svg", name + ".png"));
        if (line.equals(FRONTIER)) {
            kept.addAll(Set.of("regions.csv", "faults.csv", "advice.csv"));
        }
        assertEquals(kept, names(latest).collect(Collectors.toCollection(TreeSet::new)));
        assertEquals(
                ran.out(),
                Files.readString(latest.resolve("table.txt")) + "kept in  "
                        + directory.resolve(name).resolve(latest.getFileName()) + System.lineSeparator());
        assertEquals(ExitCode.OK, runLine(line, "--out", directory.toString()).exitCode());
        Path second = directory.resolve(name).resolve("latest").toRealPath();
        assertNotEquals(latest, second);
        assertTrue(Files.exists(latest.resolve("table.txt")));
    }

    private static Stream<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names.stream();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("taken"));
        Ran ran = runLine(QUORUM, "--out", file.toString());
        assertEquals(ExitCode.USAGE, ran.exitCode());
        assertTrue(ran.err().startsWith("cannot write " + file), () -> "before anything is measured: " + ran.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simulation",
                "shrink",
                "buffer",
                "check",
                "journal",
                "cluster",
                "throughput",
                "latency",
                "quorum",
                "frontier"
            })
    void allCanPrintJsonAndKeepTheirFigures(String name) {
        String help = runLine("bench " + name + " --help").out();
        assertTrue(help.contains("--json") && help.contains("--out=DIR"), help);
        assertEquals(!name.equals("journal"), help.contains("--seed=N"), "there is chance in all but one: " + help);
    }

    @Test
    void shrinkingIsMeasuredFromARunToItsSteps() throws IOException {
        JsonNode figures = runLine("bench shrink --operations 100 --rounds 1 --json")
                .json()
                .get("figures");
        for (JsonNode figure : figures) {
            assertTrue(figure.get("steps-median").asInt() > 0, figures.toString());
            assertTrue(figure.get("steps-median").asInt() <= 8, figures.toString());
        }
    }

    @Test
    void runsThatShowNothingToShrinkAreNotSoughtForEver() {
        Ran result = runLine("bench shrink --operations 1 --rounds 1");
        assertEquals(ExitCode.USAGE, result.exitCode());
        assertTrue(
                result.err()
                        .contains("no run of lamport-lww with 1 operation and a seed from 1 to 500 violates"
                                + " linearizable, so there is nothing to shrink: more operations show more"),
                result.err());
    }

    @Test
    void aJvmThatChecksHasTheHeapThatIsSaid() {
        List<String> command = BenchCheckCommand.command(Path.of("h.jsonl"), Model.CAUSAL_CC);
        assertTrue(command.containsAll(List.of("-XX:+UseParallelGC", "-Xmx1g")), command.toString());
        assertEquals(
                List.of(Main.class.getName(), "check", "h.jsonl", "--model", "causal-cc"),
                command.subList(command.size() - 5, command.size()));
    }

    @Test
    void thePageOfFiguresShowsThoseOfVirtualTime() throws IOException {
        String page = Files.readString(Path.of("src", "site", "markdown", "figures.md"));
        JsonNode latency = runLine("bench latency --json").json().get("figures");
        assertShows(
                page,
                "mean SET " + firstFour(latency, "setMeanMillis") + " ms, mean GET "
                        + firstFour(latency, "getMeanMillis") + " ms (linearizable, sequential, causal, eventual");
        assertShows(
                page,
                String.format(
                        Locale.ROOT,
                        "%.0f %% of the causal GETs waited",
                        latency.get(2).get("getWaited").asDouble() * 100));
        JsonNode quorum = runLine("bench quorum --json").json().get("figures");
        String means = IntStream.range(0, 5)
                .mapToObj(row -> String.format(
                        Locale.ROOT,
                        "%.2f",
                        quorum.get(row).get("writeMeanMillis").asDouble()))
                .collect(Collectors.joining(", "));
        assertShows(page, "a write takes " + means + " ms on average with a write quorum of 1 to 5");
    }

    private static String firstFour(JsonNode figures, String column) {
        List<String> rounded = IntStream.range(0, 4)
                .mapToObj(row ->
                        String.valueOf(Math.round(figures.get(row).get(column).asDouble())))
                .toList();
        return String.join(", ", rounded.subList(0, 3)) + " and " + rounded.get(3);
    }

    private static void assertShows(String page, String words) {
        assertTrue(page.contains(words), "figures.md should say: " + words);
    }
}
