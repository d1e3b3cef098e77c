package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Security;
import io.orrery.deployment.TestCertificates;
import io.orrery.deployment.Token;
import io.orrery.http.TestServer;
import io.orrery.launch.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen only from outside of the process. */
@Tag("process")
@Timeout(60)
class ProcessTest {
    @Test
    void serveSaysThatItIsReadyAndEndsCleanlyWhenItIsTold(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("two.conf"), """
                title = two replicas
                protocol = lamport-lww
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                """);
        Process process = start(List.of(), "serve", file.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("two replicas (lamport-lww)", out.readLine());
            String ready = out.readLine();
            assertTrue(ready.startsWith("replica A is ready at http://127.0.0.1:"), ready);
            assertTrue(out.readLine().startsWith("replica B is ready at http://127.0.0.1:"));
            assertTrue(out.readLine().startsWith("Ctrl-C stops it."));
            assertTrue(process.toHandle().destroy());
            assertNull(out.readLine());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    /** A supervisor may change its mind at any time. */
    @Test
    void aServerThatIsToldToEndBeforeItIsReadyDoesSo(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("early.conf"), """
                protocol = lamport-lww
                journal = rocksdb
                data = "%s"
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                """.formatted(directory.resolve("data")));
        Process process = start(List.of(), "serve", file.toString());
        try {
            while (filesOf(directory).noneMatch(path -> path.endsWith("replica-A"))) {
                assertTrue(process.isAlive());
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(process.toHandle().destroy());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void reportsShowsWhatSimKeptUntilItIsTold(@TempDir Path directory) throws Exception {
        Path kept = Files.createDirectories(directory.resolve("late").resolve("1"));
        Files.writeString(kept.resolve("result.json"), "{\"title\": \"An update is late\"}");
        Process process = start(List.of(), "reports", directory.toString(), "--port", "0");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String ready = out.readLine();
            assertTrue(ready.startsWith("the runs in " + directory + " are at http://127.0.0.1:"), ready);
            URI address = URI.create(ready.substring(ready.lastIndexOf(' ') + 1));
            try (InputStream page = address.toURL().openStream()) {
                assertTrue(new String(page.readAllBytes(), StandardCharsets.UTF_8).contains("An update is late"));
            }
            assertEquals("Ctrl-C stops it.", out.readLine());
            assertTrue(process.toHandle().destroy());
            assertNull(out.readLine());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void clientCommandsLoadNeitherPekkoNorTheConfigurationLibrary() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertPutsQuickly(Map.of(), "--node", server.url("A"));
        }
    }

    @Test
    void theTokenComesFromTheEnvironment() throws Exception {
        TestCertificates certificates = TestCertificates.ours();
        String token = "client-token-0123456789";
        Security security = new Security(
                false,
                Optional.empty(),
                Optional.of(certificates.identity()),
                Optional.of(new Security.Tokens(Token.of(token), Optional.empty())));
        try (TestServer server = TestServer.secured(security, false)) {
            String[] options = {
                "--node", server.url("A"), "--ca", certificates.authority().toString()
            };
            assertPutsQuickly(Map.of("ORRERY_TOKEN", token), options);
        }
    }

    private static void assertPutsQuickly(Map<String, String> environment, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("put", "x", "{\"a\":1}"));
        arguments.addAll(List.of(options));
        Process process = start(environment, List.of("-Xlog:class+load"), arguments.toArray(String[]::new));
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(lines::add);
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertTrue(lines.stream().anyMatch(line -> line.contains("io.orrery.cli.StoreCommands$Put ")));
        for (String absent :
                List.of(" org.apache.pekko.", " scala.", " com.typesafe.", "jackson.databind.", " org.rocksdb.")) {
            assertFalse(lines.stream().anyMatch(line -> line.contains(absent)), () -> absent + " is loaded");
        }
    }

    @Test
    void whatNeedsNoDiskLoadsNoRocksDb(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("small.conf"), """
                protocol = lamport-lww
                replicas = [A, B]
                steps = [{ via = A, put = { key = x, value = 1 } }]
                """);
        Process process = start(List.of("-Xlog:class+load"), "sim", file.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> loaded = out.lines().toList();
            assertTrue(loaded.stream().anyMatch(line -> line.contains("io.orrery.simulation.World ")));
            assertFalse(loaded.stream().anyMatch(line -> line.contains(" org.rocksdb.")));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void checkLoadsNeitherPekkoNorTheConfigurationLibrary(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("empty.jsonl"), "");
        Process process = start(List.of("-Xlog:class+load"), "check", file.toString(), "--model", "all", "--json");
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(lines::add);
        }
        assertEquals(0, process.waitFor());
        assertTrue(lines.stream().anyMatch(line -> line.contains("io.orrery.check.LinearizableChecker ")));
        for (String absent : List.of(" org.apache.pekko.", " scala.", " com.typesafe.")) {
            assertFalse(lines.stream().anyMatch(line -> line.contains(absent)), () -> absent + " is loaded");
        }
    }

    @Test
    void aBenchThatIsToldToEndLeavesNothingBehind(@TempDir Path directory) throws Exception {
        Process process = start(List.of(), "bench", "cluster", "--data", directory.toString());
        try {
            while (filesOf(directory).noneMatch(file -> file.endsWith("replica-A"))) {
                assertTrue(process.isAlive());
                LockSupport.parkNanos(10_000_000);
            }
            List<ProcessHandle> nodes = process.descendants().toList();
            assertFalse(nodes.isEmpty());
            assertTrue(process.toHandle().destroy());
            process.waitFor();
            assertEquals(List.of(directory), filesOf(directory).toList());
            assertTrue(nodes.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            process.destroyForcibly();
        }
    }

    /** All that is in it, and itself; those that go meanwhile may be missing. */
    private static Stream<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (UncheckedIOException e) {
            return Stream.empty();
        }
    }

    private static Process start(List<String> flags, String... arguments) throws IOException {
        return start(Map.of(), flags, arguments);
    }

    private static Process start(Map<String, String> environment, List<String> flags, String... arguments)
            throws IOException {
        ProcessBuilder process = new ProcessBuilder(JavaCommand.of(flags, Main.class.getName(), List.of(arguments)))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        process.environment().putAll(environment);
        return process.start();
    }
}
