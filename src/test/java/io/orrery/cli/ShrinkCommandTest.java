package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ShrinkCommandTest {
    private static final String LOAD = """
            protocol = lamport-lww
            replicas = [n1, n2, n3]
            workload { clients = 3, operations = 40, keys = 2, think-time = "exponential(5ms)" }
            expect { converged = true }
            """;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path load;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private Ran shrink(String... more) {
        return run(Stream.concat(Stream.of("shrink", load.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    @BeforeEach
    void write() throws IOException {
        load = Files.writeString(directory.resolve("load.conf"), LOAD);
    }

    @Test
    void whatItWritesIsAScenarioThatExpectsWhatItShows() throws IOException {
        Path out = directory.resolve("out");
        Ran ran = shrink("--model", "linearizable", "--seed", "3", "--out", out.toString());
        assertEquals(ExitCode.NO, ran.exitCode(), ran.err());
        Path file = out.resolve("load-linearizable.conf");
        String text = Files.readString(file);
        assertTrue(text.contains("shrink " + load + " --seed 3 --model linearizable"), text);
        assertTrue(text.contains("expect { linearizable = false }"), text);
        assertTrue(ran.out().contains("It replays: ./run.sh sim " + file), ran.out());
        assertEquals(ExitCode.OK, run("sim", file.toString()).exitCode());
        try (Stream<Path> all = Files.walk(out)) {
            assertTrue(all.anyMatch(it -> it.endsWith("diagram.svg")));
        }
        // What no longer shows it says so.
        Path mended =
                Files.writeString(out.resolve("mended.conf"), text.replace("lamport-lww\n", "primary-linearizable\n"));
        assertEquals(ExitCode.NO, run("sim", mended.toString()).exitCode());
    }

    @Test
    void aRunThatShowsNothingIsSaidToBeAsExpected() throws IOException {
        Ran ran = shrink();
        assertEquals(ExitCode.OK, ran.exitCode());
        assertTrue(ran.out().startsWith("Nothing to shrink: with seed 1 all is as "), ran.out());
        assertEquals(
                List.of(),
                JsonShape.problems(
                        "shrink.schema.json", MAPPER.readTree(shrink("--json").out())));
    }

    @Test
    void nothingExpectedAndAnotherReplayTextAreErrors() throws IOException {
        Files.writeString(load, LOAD.replace("expect { converged = true }", ""));
        Ran nothing = shrink();
        assertEquals(ExitCode.USAGE, nothing.exitCode());
        assertTrue(nothing.err().contains("nothing is expected"), nothing.err());
        Ran other = shrink("--model", "linearizable", "--replay", "1/00000000/1/random/");
        assertEquals(ExitCode.USAGE, other.exitCode());
        assertTrue(other.err().contains("of another scenario"), other.err());
    }

    @Test
    void aFolderThatCannotBeWrittenIsAnError() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Ran ran = shrink("--model", "linearizable", "--out", file.toString());
        assertEquals(ExitCode.USAGE, ran.exitCode(), ran.out());
        assertTrue(ran.err().contains("cannot write " + file), ran.err());
    }

    @Test
    void jsonIsAsItsSchemaSays() throws IOException {
        Ran ran = shrink("--model", "linearizable", "--json");
        JsonNode json = MAPPER.readTree(ran.out());
        assertEquals(List.of(), JsonShape.problems("shrink.schema.json", json));
        assertEquals("linearizable", json.at("/kind/name").asText());
        assertEquals(40, json.get("operationsBefore").asInt());
        assertEquals(2, json.get("operations").asInt(), json.get("scenario").asText());
    }
}
