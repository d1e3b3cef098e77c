package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sim keeps and reports shows, as their user sees it. */
class ReportsCommandTest {
    private static final String SCENARIO = """
            protocol = lamport-lww
            replicas = [A, B]
            steps = [{ at = 0s, via = A, put = { key = x, value = 1 } }]
            """;

    @TempDir
    private Path directory;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    @Test
    void whatIsKeptSaysHowToRepeatItAndHowToLookAtIt() throws IOException {
        Path file = Files.writeString(directory.resolve("it's late.conf"), SCENARIO);
        Path out = directory.resolve("kept runs");
        Ran ran = run("sim", file, "--seed", 7, "--out", out);
        assertEquals(ExitCode.OK, ran.exitCode(), ran.err());
        assertEquals(
                "kept in " + out + "; to look at: ./run.sh reports '" + out + "'",
                ran.out().lines().reduce((first, second) -> second).orElse(""));
        Path kept = out.resolve("it's late").resolve("latest");
        JsonNode result =
                new ObjectMapper().readTree(kept.resolve("result.json").toFile());
        assertEquals(
                "./run.sh sim '" + file.toString().replace("'", "'\\''") + "' --seed 7 --out '" + out + "'",
                result.get("command").textValue());
        Ran json = run("sim", file, "--json", "--out", out);
        assertFalse(json.out().contains("kept in"), json.out());
    }

    @Test
    void whatCannotBeWrittenIsToldAndNotSaidToBeKept() throws IOException {
        Path file = Files.writeString(directory.resolve("late.conf"), SCENARIO);
        Ran ran = run("sim", file, "--out", file);
        assertEquals(ExitCode.USAGE, ran.exitCode());
        assertTrue(ran.err().startsWith("cannot write " + file), ran.err());
        assertFalse(ran.out().contains("kept in"), ran.out());
    }

    @Test
    void whatCannotBeServedIsRefused() throws IOException {
        Path missing = directory.resolve("missing");
        assertEquals(
                new Ran(2, "", missing + ": there is no such folder; sim --out " + missing + " makes it\n"),
                run("reports", missing));
        assertEquals(
                new Ran(2, "", "--port is a number from 0 to 65535, not 70000\n"),
                run("reports", directory, "--port", 70000));
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = busy.getLocalPort();
            assertEquals(
                    new Ran(2, "", "port " + port + " is in use: choose another by --port, or any by --port 0\n"),
                    run("reports", directory, "--port", port));
        }
    }
}
