package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.http.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose clients put more into them than their memory holds. */
@Tag("process")
@Timeout(180)
class LargeStoreTest {
    private static final int CLIENTS = 8;
    private static final int HEAP_ON_DISK = 48 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    private String conf(String journal, String... replicas) throws IOException {
        List<String> all = new ArrayList<>();
        for (String id : replicas) {
            all.add("{ id = " + id + ", http { port = 0 } }");
        }
        Files.writeString(directory.resolve("large.conf"), """
                protocol = lamport-lww
                replicas = [%s]
                journal = %s
                sync = never
                lab = on
                anti-entropy { interval = 1s }
                # What has been applied of late is kept in memory for readers of /events.
                limits { events = 100 }
                """.formatted(String.join(", ", all), journal));
        return "large.conf";
    }

    private static String value(int number, int length) {
        String start = "\"" + number + "-";
        return start + "x".repeat(length - start.length() - 1) + "\"";
    }

    /** Puts values of one length, from several clients at once. */
    private static void fill(ServerUnderTest server, String replica, int values, int length) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int c = 0; c < CLIENTS; c++) {
                int first = c;
                running.add(clients.submit(() -> {
                    for (int i = first; i < values; i += CLIENTS) {
                        assertEquals(
                                200,
                                server.put(replica, "k" + i, value(i, length)).statusCode());
                    }
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static HttpResponse<String> get(ServerUnderTest server, String replica, String path) {
        try {
            return server.ask(replica, "GET", path);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode status(ServerUnderTest server, String replica) {
        try {
            return MAPPER.readTree(get(server, replica, "/status").body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eventuallyHas(ServerUnderTest server, String replica, int keys) {
        TestServer.eventually(
                PATIENCE,
                replica + " has all",
                () -> status(server, replica).path("keys").asInt() == keys);
    }

    private static void assertValue(ServerUnderTest server, String replica, int number, int length) {
        String path = "/kv/k" + number;
        // What was fetched may still wait for the disk, and too much of it is a reason to refuse reads for a while.
        TestServer.eventually(
                PATIENCE,
                replica + " takes reads",
                () -> get(server, replica, path).statusCode() != 503);
        HttpResponse<String> answer = get(server, replica, path);
        assertEquals(200, answer.statusCode(), () -> replica + ", k" + number + ": " + answer.body());
        assertTrue(answer.body().contains("\"value\":" + value(number, length)), replica + ", k" + number);
    }

    @Test
    void aStoreOnDiskIsLargerThanTheHeapAndIsFoundAgainAndFetched() throws Exception {
        isFilledFoundAgainAndFetched(3 * HEAP_ON_DISK / 2, 100_000);
    }

    @Test
    @Tag("long")
    void aStoreOnDiskOfSmallerValuesIsFourTimesTheHeap() throws Exception {
        isFilledFoundAgainAndFetched(4 * HEAP_ON_DISK, 10_000);
    }

    /** @param length of each value */
    private void isFilledFoundAgainAndFetched(int total, int length) throws Exception {
        int values = total / length;
        String heap = Integer.toString(HEAP_ON_DISK);
        String conf = conf("rocksdb", "A", "B");
        try (ServerUnderTest server = ServerUnderTest.startSmall(directory, heap, conf)) {
            server.post("B", "/lab/replicas/B/crash");
            fill(server, "A", values, length);
            JsonNode status = status(server, "A");
            long bytes = status.path("storeBytes").asLong();
            assertTrue(bytes > 200L * values && bytes < 400L * values, status.toString());
            server.kill();
        }
        try (ServerUnderTest server = ServerUnderTest.startSmall(directory, heap, conf)) {
            eventuallyHas(server, "A", values);
            eventuallyHas(server, "B", values);
            for (int i = 0; i < values; i += values / 20) {
                assertValue(server, "A", i, length);
                assertValue(server, "B", i, length);
            }
            assertEquals(200, server.ask("B", "DELETE", "/kv/k7").statusCode());
            assertEquals(200, server.put("B", "k8", value(9, length)).statusCode());
            eventuallyHas(server, "A", values - 1);
            long all = server.length("A", "/kv");
            assertTrue(all > (long) length * (values - 1) && all < (length + 100L) * values, all + " bytes");
            assertEquals("", server.errors());
            assertEquals(0, server.terminate());
        }
    }

    /** More than there is memory for is offered, of new keys and in the place of old ones. */
    @Test
    void aStoreInMemoryIsFullBeforeTheMemoryIs() throws Exception {
        String conf = conf("memory", "A");
        try (ServerUnderTest server = ServerUnderTest.startSmall(directory, "96m", conf)) {
            String megabyte = value(1, 1 << 20);
            int taken = 0;
            int refused = 0;
            for (int i = 0; i < 100; i++) {
                int status = server.put("A", "k" + i, megabyte).statusCode();
                taken += status == 200 ? 1 : 0;
                refused += status == 507 ? 1 : 0;
            }
            assertEquals(100, taken + refused);
            assertTrue(taken > 15 && taken < 30, taken + " values of 1 MiB in a quarter of 96 MiB");
            for (int i = 0; i < 40; i++) {
                assertEquals(200, server.put("A", "k0", megabyte).statusCode());
            }
            assertEquals(200, server.ask("A", "DELETE", "/kv/k1").statusCode());
            assertEquals(200, server.put("A", "new", megabyte).statusCode());
            assertEquals(200, server.ask("A", "GET", "/kv/new").statusCode());
            assertEquals("", server.errors());
            assertEquals(0, server.terminate());
        }
    }
}
