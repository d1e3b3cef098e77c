package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario and deployment files of whomever: what is wrong with one is said in a line, with exit code 2 and no stack trace. */
@Timeout(60)
class StrangersFilesTest {
    private static final String HEAD = "protocol = lamport-lww\nreplicas = [A, B, C]\n";
    private static final String STEPS = "steps = [{ via = A, get = x }]\n";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... words) {
        String[] arguments =
                java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path file(String name, String text) {
        return file(name, text, StandardCharsets.UTF_8);
    }

    private Path file(String name, String text, Charset charset) {
        try {
            return Files.write(folder.resolve(name), text.getBytes(charset));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertRefused(String message, Object... words) {
        assertEquals(2, run(words), err.toString());
        assertEquals(message + "\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void anotherFileIsReadOnlyForOnesOwn() {
        file("title.conf", "title = \"from another\"");
        Path scenario = file("s.conf", HEAD + "include \"title.conf\"\n" + STEPS);
        assertRefused(
                scenario + ":3: the file includes another, which it may do only with --trusted: for files of your own",
                "sim",
                scenario);
        assertEquals(0, run("sim", scenario, "--trusted", "--trace"));
        assertTrue(out.toString().startsWith("from another\n"), out.toString());
    }

    @Test
    void nothingIsFetchedFromTheNet() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path scenario = file(
                    "s.conf",
                    HEAD + STEPS + "include url(\"http://127.0.0.1:" + server.getLocalPort() + "/x.conf\")\n");
            assertRefused(
                    scenario
                            + ":4: the file includes another, which it may do only with --trusted: for files of your own",
                    "sim",
                    scenario);
            server.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, server::accept);
        }
    }

    @Test
    void theEnvironmentIsReadOnlyForOnesOwn() {
        Path scenario = file("s.conf", HEAD + "title = ${PATH}\n" + STEPS);
        assertRefused(
                scenario + ":3: the file uses substitutions, ${…}, which it may do only with --trusted: for files"
                        + " of your own",
                "sim",
                scenario);
        assertEquals(0, run("sim", scenario, "--trusted", "--trace"));
        assertTrue(out.toString().startsWith(System.getenv("PATH") + "\n"), out.toString());
    }

    /** Ten letters that double forty times are more than any heap has. */
    @Test
    void aTextThatGrowsWithoutEndIsNotMade() {
        String bomb = "x0 = aaaaaaaaaa\n"
                + IntStream.rangeClosed(1, 40)
                        .mapToObj(i -> "x" + i + " = ${x" + (i - 1) + "}${x" + (i - 1) + "}\n")
                        .collect(Collectors.joining());
        Path scenario = file("s.conf", HEAD + STEPS + bomb);
        assertEquals(2, run("sim", scenario));
        assertTrue(err.toString().startsWith(scenario + ":5: the file uses substitutions"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void anotherEncodingIsNamed(String charset) {
        Path scenario = file("s.conf", HEAD + STEPS, Charset.forName(charset));
        assertEquals(2, run("sim", scenario));
        assertTrue(err.toString().contains("UTF-16") && err.toString().contains("UTF-8"), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    @Test
    void whatIsNotUtf8IsNamedWithItsLine() {
        Path scenario = file("s.conf", HEAD + "title = caf\u00e9\n" + STEPS, StandardCharsets.ISO_8859_1);
        assertRefused(scenario + ":3: the file must be UTF-8, and the byte 0xE9 here is not", "sim", scenario);
    }

    @Test
    void noDepthIsTooMuchForAnError() {
        int deep = 100_000;
        Path open = file("open.conf", HEAD + "steps = " + "{".repeat(deep));
        assertRefused(open + ":3: the '{' here is more than 1010 brackets deep", "sim", open);
        err.getBuffer().setLength(0);
        Path closed = file("closed.conf", HEAD + "\nsteps = " + "[".repeat(deep) + "]".repeat(deep));
        assertRefused(closed + ":4: the '[' here is more than 1010 brackets deep", "sim", closed);
        err.getBuffer().setLength(0);
        Path dotted = file("dotted.conf", HEAD + "a" + ".a".repeat(deep) + " = 1");
        assertRefused(dotted + ": its objects are nested too deeply", "sim", dotted);
        err.getBuffer().setLength(0);
        assertEquals(2, run("serve", closed), "a deployment");
        assertTrue(err.toString().contains("brackets deep"), err.toString());
    }

    @Test
    void aFileThatIsMuchTooLargeIsNotRead() {
        Path scenario = file("s.conf", HEAD + "#".repeat(5 << 20));
        assertRefused(scenario + ": the file has 5242924 bytes, and may have 4194304", "sim", scenario);
    }

    @Test
    void aMistakeInAnIncludedFileIsNamedWithThatFile() {
        Path inner = file("inner.conf", "\nanti-entropy = 3 parsecs\n");
        Path scenario = file("s.conf", HEAD + "include \"inner.conf\"\n" + STEPS);
        assertRefused(
                inner + ":2: there is no unit \"parsecs\" of time in \"3 parsecs\"; there are ns, us, ms, s, m, h",
                "sim",
                scenario,
                "--trusted");
        err.getBuffer().setLength(0);
        file("inner.conf", "a = 1\nb = [1, 2\nc = }\n");
        assertRefused(
                inner + ":2: the '[' of this line is still open at the '}' of line 3; a ']' is missing between them",
                "sim",
                scenario,
                "--trusted");
        err.getBuffer().setLength(0);
        file("inner.conf", "replicas = [{ id = A, http { port = many } }]");
        Path deployment = file("d.conf", "protocol = lamport-lww\ninclude \"inner.conf\"\n");
        assertRefused(inner + ":1: port is a whole number, from 0 to 65535, not many", "serve", deployment);
    }

    @Test
    void allMistakesOfADeploymentAreSaidAtOnce() {
        Path deployment = file("d.conf", """
                protocol = paxos
                replicas = [
                  { id = A, http { port = 8000 } }
                  { id = A, http { port = 70000 } }
                ]
                journal = floppy
                limits { mailbox = 0, request-timeout = 1 parsec }
                links { loss = 2 }
                colour = red
                """);
        assertEquals(2, run("serve", deployment));
        String said = err.toString().replace(deployment + ":", "");
        assertEquals(
                java.util.List.of("1", "4", "6", "7", "7", "8", "9"),
                said.lines().map(line -> line.substring(0, line.indexOf(':'))).toList(),
                said);
        assertFalse(said.contains("Exception"), said);
    }

    @Test
    void ofManyMistakesFiftyAreSaidAndTheOthersCounted() {
        Path deployment = file(
                "d.conf",
                "protocol = lamport-lww\nreplicas = [\n"
                        + IntStream.range(0, 1_000)
                                .mapToObj(i -> "  { id = R" + i + ", http { port = 70000 } }\n")
                                .collect(Collectors.joining())
                        + "]\n");
        assertEquals(2, run("serve", deployment));
        java.util.List<String> said = err.toString().lines().toList();
        assertEquals(51, said.size(), err.toString());
        assertTrue(said.get(49).startsWith(deployment + ":52: "), said.get(49));
        assertEquals("and 950 more", said.get(50));
    }

    @Test
    void aWarningGoesToWhoRunsItAndTheRunGoesOn() {
        Path scenario = file("s.conf", HEAD + "steps = [{ restart = A }]");
        assertEquals(0, run("sim", scenario));
        assertEquals(
                scenario + ":3: warning: replica A has not stopped, so it is crashed first; was crash meant?\n",
                err.toString());
        assertTrue(out.toString().contains("lamport-lww"), out.toString());
    }
}
