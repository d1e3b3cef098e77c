package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.http.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server whose replicas keep their data on disk, seen from outside of the process. */
@Tag("process")
@Timeout(120)
class DurableServerTest {
    private static final int WRITERS = 8;
    private static final int WRITES_BEFORE_THE_KILL = 150;

    @TempDir
    private Path directory;

    private final Map<String, String> attempted = new ConcurrentHashMap<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

    private String conf(String protocol, String... more) throws IOException {
        Files.writeString(directory.resolve("durable.conf"), "protocol = " + protocol + """

                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }, { id = C, http { port = 0 } }]
                write-quorum = 1
                journal = rocksdb
                lab = on
                """ + String.join("\n", more));
        return "durable.conf";
    }

    @ParameterizedTest
    @CsvSource({"lamport-lww, always", "primary-sequential, never"})
    void whatWasAcknowledgedIsFoundAfterAKill(String protocol, String sync) throws Exception {
        String conf = conf(protocol, "sync = " + sync);
        try (ServerUnderTest server = ServerUnderTest.start(directory, conf)) {
            writeUntilItIsKilled(server);
        }
        try (ServerUnderTest server = ServerUnderTest.start(directory, conf)) {
            everythingIsThere(server);
            assertEquals(0, server.terminate());
            assertEquals("", server.errors());
        }
        try (ServerUnderTest server = ServerUnderTest.start(directory, conf)) {
            everythingIsThere(server);
        }
        assertTrue(Files.isDirectory(directory.resolve("data/durable/replica-A")), "where the documentation says");
    }

    /** Clients that write as fast as they can, each to its replica, until nobody answers any more. */
    private void writeUntilItIsKilled(ServerUnderTest server) throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String replica = server.replicas().get(writer % 3);
                String keys = "writer-" + writer + "-";
                running.add(writers.submit(() -> write(server, replica, keys)));
            }
            TestServer.eventually("enough writes", () -> acknowledged.size() > WRITES_BEFORE_THE_KILL);
            server.kill();
            for (Future<?> writer : running) {
                writer.get(30, TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private void write(ServerUnderTest server, String replica, String keys) {
        for (int i = 0; ; i++) {
            String key = keys + i;
            String value = "{\"by\":\"" + key + "\"}";
            attempted.put(key, value);
            try {
                int status = server.put(replica, key, value).statusCode();
                if (status == 200) {
                    acknowledged.put(key, value);
                }
            } catch (IOException e) {
                return; // It was killed.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void everythingIsThere(ServerUnderTest server) throws Exception {
        List<Map<String, String>> last = new ArrayList<>();
        TestServer.eventually("all acknowledged writes at all replicas, which hold the same", () -> {
            last.clear();
            try {
                for (String replica : server.replicas()) {
                    last.add(server.data(replica));
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Set.copyOf(last).size() == 1 && last.get(0).entrySet().containsAll(acknowledged.entrySet());
        });
        assertTrue(attempted.entrySet().containsAll(last.get(0).entrySet()), "nothing appears that nobody wrote");
    }

    @Test
    void dataThatIsInUseOrAnothersIsRefusedAndTheServerThatHasItGoesOn() throws Exception {
        String conf = conf("lamport-lww");
        try (ServerUnderTest server = ServerUnderTest.start(directory, conf)) {
            assertEquals(200, server.put("A", "x", "1").statusCode());
            assertEquals(
                    "2: the data directory data/durable/replica-A is in use by another process",
                    ServerUnderTest.refusal(directory, conf));
            assertEquals(200, server.put("A", "x", "2").statusCode());
            assertEquals(0, server.terminate());
        }
        Files.move(directory.resolve("data/durable/replica-B"), directory.resolve("aside"));
        Files.move(directory.resolve("data/durable/replica-A"), directory.resolve("data/durable/replica-B"));
        assertEquals(
                "2: the data directory data/durable/replica-B belongs to replica A, not to B",
                ServerUnderTest.refusal(directory, conf));
    }

    /** The limit on the size of a file stands for a disk that is full: RocksDB's log cannot take the large value. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aReplicaWhoseDiskFailsStopsWithOneLineAndKeepsWhatItAcknowledged() throws Exception {
        String conf = conf("lamport-lww", "limits { value-size = 64MiB, request-timeout = 2s }");
        List<String> limited = List.of("bash", "-c", "ulimit -f 32768; exec \"$@\"", "bash");
        try (ServerUnderTest server = ServerUnderTest.start(directory, limited, conf)) {
            server.post("B", "/lab/replicas/B/crash");
            server.post("C", "/lab/replicas/C/crash");
            assertEquals(200, server.put("A", "small", "1").statusCode());
            int status =
                    server.put("A", "large", "\"" + "x".repeat(40 << 20) + "\"").statusCode();
            assertEquals(504, status, "nobody knows what is on the disk");
            assertEquals(503, server.put("A", "small", "2").statusCode());
            TestServer.eventually("it is told", () -> !server.errors().isEmpty());
            String said = server.errors();
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.contains("Replica A has stopped: the journal in data/durable/replica-A failed: "), said);

            assertEquals(200, server.post("A", "/lab/replicas/A/restart").statusCode());
            assertEquals(Map.of("small", "1"), server.data("A"));
            assertEquals(200, server.put("A", "small", "3").statusCode());
            assertEquals(0, server.terminate());
        }
        try (ServerUnderTest server = ServerUnderTest.start(directory, conf)) {
            assertEquals(Map.of("small", "3"), server.data("A"));
        }
    }
}
