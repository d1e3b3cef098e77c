package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.history.HistoryReader;
import io.orrery.launch.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code sim --cluster} as its user sees it. */
class SimClusterTest {
    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sim --cluster | --cluster needs files: name some of scenarios/",
                "sim --cluster --trace scenarios/lamport-delay.conf | --trace shows virtual time, and a cluster has "
                        + "none: leave out --trace or --cluster",
                "sim --scale 2 scenarios/lamport-delay.conf | --scale stretches real time, and so needs --cluster",
                "sim --cluster --scale 0 scenarios/lamport-delay.conf | a scale of time is a number above 0 and at most "
                        + "1000, not 0.0"
            })
    void whatMakesNoSenseIsRefusedBeforeAnythingRuns(String command, String problem) {
        Ran ran = run(command.split(" "));
        assertEquals(ExitCode.USAGE, ran.exitCode());
        assertEquals(problem, ran.err().lines().findFirst().orElse(""));
        assertFalse(ran.err().contains("starting"), ran.err());
    }

    @Tag("process")
    @Timeout(120)
    @Test
    void whatWasSeenIsToldAsOfASimulationAndKept(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("stale.conf"), """
                protocol = lamport-lww
                replicas = [A, B]
                links    = [{ delay = 2s }]
                steps = [
                  { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
                  { at = 1s, via = B, client = bob,   get = x, expect = 1 }
                ]
                expect { converged = true, linearizable = false }
                """);
        Path out = directory.resolve("out");
        Ran ran = run("sim", "--cluster", "--json", "--out", out.toString(), file.toString());
        assertEquals(ExitCode.NO, ran.exitCode(), ran.err());
        assertTrue(ran.err().startsWith("stale: starting 2 nodes\n"), ran.err());
        JsonNode result = new ObjectMapper().readTree(ran.out()).get(0);
        assertEquals(
                "expected 1, saw null",
                result.get("checks").get(0).get("problem").textValue());
        assertTrue(result.get("checks").get(1).get("met").booleanValue(), ran.out());
        assertTrue(result.get("checks").get(2).get("met").booleanValue(), ran.out());
        assertFalse(result.has("virtualSeconds"));
        Path kept = out.resolve("stale").resolve("latest");
        assertEquals(2, HistoryReader.read(kept.resolve("history.jsonl")).ops().size());
        assertTrue(Files.exists(kept.resolve("result.json")));
        assertFalse(Files.exists(kept.resolve("trace.txt")));
        assertEquals(
                "./run.sh sim " + file + " --seed 1 --cluster --out " + out,
                new ObjectMapper()
                        .readTree(kept.resolve("result.json").toFile())
                        .get("command")
                        .textValue());
    }

    @Tag("process")
    @Timeout(60)
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aRunThatIsToldToEndLeavesNothingBehind(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("long.conf"), """
                protocol = lamport-lww
                replicas = [A]
                steps = [{ at = 10m, via = A, get = x, expect = null }]
                """);
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Process sim = new ProcessBuilder(JavaCommand.of(
                        List.of("-Djava.io.tmpdir=" + temporary),
                        Main.class.getName(),
                        List.of("sim", "--cluster", file.toString())))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = sim.inputReader(StandardCharsets.UTF_8)) {
            assertTrue(said.readLine().startsWith("scenario"), "the head of the table");
            assertEquals("long: starting 1 nodes", said.readLine());
            assertEquals("long: playing", said.readLine());
            assertEquals(1, ours(temporary).size());
            assertTrue(sim.toHandle().destroy());
            assertEquals(
                    List.of(),
                    said.lines().filter(it -> it.contains("are kept in")).toList());
            sim.waitFor();
            assertEquals(List.of(), ours(temporary));
        } finally {
            sim.destroyForcibly();
        }
    }

    private static List<Path> ours(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(it -> it.getFileName().toString().startsWith("orrery-long-"))
                    .toList();
        }
    }
}
