package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.http.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do with the data of replicas: {@code backup}, {@code restore} and {@code verify}. */
class OperatorCommandsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private String place(String name) {
        return scratch.resolve(name).toString();
    }

    private void refused(String why, String... arguments) throws IOException {
        List<Path> before = files();
        assertEquals(ExitCode.USAGE, run(arguments), out + "" + err);
        assertTrue(err.toString().contains(why), err.toString());
        assertEquals(before, files(), "nothing is changed");
    }

    /** Without the directory that a running replica makes for a backup, and removes soon after its last byte has been read. */
    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(scratch, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean isPassing = directory.endsWith("checkpoint");
                found.addAll(isPassing ? List.of() : List.of(directory));
                return isPassing ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream().sorted().toList();
    }

    private static void agree(TestServer server, String key, String value) {
        for (String node : List.of("A", "B", "C")) {
            TestServer.eventually(
                    key + " is " + value + " at " + node,
                    () -> server.value(node, key).equals(value));
        }
    }

    @Test
    void aBackupOfARunningReplicaIsRestoredAndCatchesUp() throws Exception {
        try (TestServer server = TestServer.durable(scratch.resolve("data"))) {
            server.put("A", "/kv/x", "1");
            assertEquals(
                    ExitCode.OK, run("backup", "--node", server.url("A"), place("backup"), "--json"), err::toString);
            JsonNode made = MAPPER.readTree(out.toString());
            assertEquals("A", made.get("replica").textValue());
            assertTrue(made.get("bytes").longValue() > 0);
            refused("exists already", "backup", "--node", server.url("A"), place("backup"));
            server.put("A", "/kv/x", "2");
            agree(server, "x", "2");
            refused("in use by another process", "backup", "--data", place("data"), "--id", "A", place("other"));
            refused("replica-A exists already", "restore", place("backup"), "--data", place("data"));
        }
        // The replica's directory is lost, and the backup of it knows less than the others have seen.
        Files.move(scratch.resolve("data/replica-A"), scratch.resolve("lost"));
        assertEquals(ExitCode.OK, run("restore", place("backup"), "--data", place("data")), err::toString);
        assertEquals(
                "restored to " + scratch.resolve("data/replica-A")
                        + "; when the replica starts it has a new identity, and fetches from the others what it lacks\n",
                out.toString());
        try (TestServer server = TestServer.durable(scratch.resolve("data"))) {
            agree(server, "x", "2");
            assertEquals(200, server.put("A", "/kv/y", "3").statusCode());
            agree(server, "y", "3");
            assertEquals(ExitCode.OK, run("verify", "--node", server.urls()), () -> out + "" + err);
        }
    }

    @Test
    void aBackupOfAReplicaThatDoesNotRunIsTheSame() throws Exception {
        try (TestServer server = TestServer.durable(scratch.resolve("data"))) {
            server.put("A", "/kv/x", "1");
            agree(server, "x", "1");
        }
        refused("say which with --id", "backup", "--data", place("data"), place("backup"));
        refused("has no data of a replica", "backup", "--data", place("data"), "--id", "Q", place("backup"));
        assertEquals(ExitCode.OK, run("backup", "--data", place("data"), "--id", "B", place("backup")), err::toString);
        assertTrue(
                out.toString().matches("a backup of replica B, \\d+ bytes in \\d+ files, is in .*backup\n"),
                out::toString);
        assertEquals(ExitCode.OK, run("restore", place("backup"), "--data", place("new")), err::toString);
        assertTrue(Files.exists(scratch.resolve("new/replica-B/CURRENT")));
        Files.delete(scratch.resolve("backup/CURRENT"));
        refused("is incomplete: CURRENT is missing", "restore", place("backup"), "--data", place("third"));
        refused("there is no such backup", "restore", place("none"), "--data", place("third"));
    }

    @Test
    void aBackupIsOfOneReplicaThatHasADisk() throws Exception {
        refused("give either --node URL", "backup", place("backup"));
        refused("give either --node URL", "backup", "--node", "localhost:1", "--data", place("data"), place("backup"));
        refused("nothing answers at", "backup", "--node", "localhost:1", place("backup"));
        try (TestServer server = TestServer.start()) {
            refused("has no data on disk", "backup", "--node", server.url("A"), place("backup"));
        }
    }

    /** As when the replica is killed meanwhile. */
    @Test
    void aBackupThatBreaksOffIsNone() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String node = "localhost:" + listening.getLocalPort();
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try (Socket connection = listening.accept()) {
                    BufferedReader request = new BufferedReader(new InputStreamReader(connection.getInputStream()));
                    while (!request.readLine().isEmpty()) {
                        // It asks.
                    }
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nPK\3\4\r\n".getBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            refused(
                    "the backup of the replica at " + node + " broke off, and nothing is in " + place("backup"),
                    "backup",
                    "--node",
                    node,
                    place("backup"));
            server.join();
        }
    }

    @Test
    void verifySaysWhichKeysDifferAndHow() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (int i = 0; i < 300; i++) {
                server.put("A", "/kv/key-" + i, "1");
            }
            agree(server, "key-299", "1");
            assertEquals(ExitCode.OK, run("verify", "--node", server.urls()), () -> out + "" + err);
            assertTrue(
                    out.toString().contains("equal: A, B, C hold the same, 300 keys, deleted ones included"),
                    out::toString);

            server.post("A", "/lab/isolate", "{\"replica\":\"C\"}");
            server.put("A", "/kv/key-7", "2");
            server.put("B", "/kv/new", "3");
            server.delete("A", "/kv/key-9");
            TestServer.eventually(
                    "B has all of it",
                    () -> server.value("B", "key-9").isEmpty()
                            && server.value("A", "new").equals("3"));
            assertEquals(ExitCode.NO, run("verify", "--node", server.urls(), "--json"), () -> out + "" + err);
            JsonNode result = MAPPER.readTree(out.toString());
            assertEquals("differ", result.get("verdict").textValue());
            assertTrue(result.get("all").booleanValue());
            assertEquals(
                    List.of("key-7", "key-9", "new"), result.get("differences").findValuesAsText("key"));
            String how = result.get("differences").get(0).get("how").textValue();
            assertTrue(how.matches("A, B have \\d+@A; C has 8@A"), how);
            assertTrue(result.get("differences").get(1).get("how").textValue().contains("@A, deleted; C has 10@A"));
            assertTrue(result.get("differences").get(2).get("how").textValue().endsWith("@B; C has nothing"));
            assertEquals(ExitCode.NO, run("verify", "--node", server.urls()));
            assertTrue(out.toString().contains("different: A, B, C differ in 3 keys"), out::toString);

            server.post("A", "/lab/heal", "{}");
            agree(server, "new", "3");
            agree(server, "key-7", "2");
            server.post("A", "/lab/replicas/C/crash", "{}");
            assertEquals(ExitCode.UNKNOWN, run("verify", "--node", server.urls()), out::toString);
            assertTrue(out.toString().contains("replica C is down"), out::toString);
            assertTrue(server.get("A", "/metrics").body().contains("orrery_digest_value"));
        }
    }

    @Test
    void verifyNeedsToKnowAllReplicas() throws Exception {
        refused("nothing answers at", "verify", "--node", "localhost:1");
        refused("nothing answers at", "verify", "--node", "localhost:1,localhost:2");
        refused("--node is an address such as http://localhost:8000, not \"\"", "verify", "--node", "localhost:1,");
        refused("not \"ftp://x\"", "verify", "--node", "ftp://x,localhost:1");
        try (TestServer server = TestServer.start()) {
            refused(
                    "does not know the ports of the replicas A, B, C: name all replicas",
                    "verify",
                    "--node",
                    server.url("A"));
            refused("are the same replica, A", "verify", "--node", server.url("A") + "," + server.url("A"));
            assertEquals(
                    ExitCode.UNKNOWN, run("verify", "--node", server.url("A") + ",localhost:1"), () -> out + "" + err);
            assertFalse(out.toString().isEmpty());
        }
    }
}
