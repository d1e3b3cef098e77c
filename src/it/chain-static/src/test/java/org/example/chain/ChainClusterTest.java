package org.example.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A chain of three JVMs, of which the middle one is killed. */
@Timeout(180)
class ChainClusterTest {
    private static final String READY = " is ready at ";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Process> nodes = new TreeMap<>();
    private final Map<String, String> urls = new TreeMap<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process node : nodes.values()) {
            node.destroyForcibly().waitFor();
        }
    }

    /** A client waits for as long as it takes to start the middle again. */
    private void writeDeployment() throws IOException {
        StringBuilder replicas = new StringBuilder();
        for (String id : new String[] {"A", "B", "C"}) {
            try (ServerSocket free = new ServerSocket(0)) {
                replicas.append("  { id = " + id + ", http { port = 0 }, remoting { port = " + free.getLocalPort() + " } }\n");
            }
        }
        Files.writeString(
                directory.resolve("cluster.conf"),
                "protocol = chain-static\nlimits { request-timeout = 100s }\nreplicas = [\n" + replicas + "]\n");
    }

    private void start(String id) throws IOException {
        nodes.put(
                id,
                Program.with(
                                "node",
                                directory.resolve("cluster.conf").toString(),
                                "--id",
                                id,
                                "--data",
                                directory.resolve("data").toString())
                        .start());
    }

    private void awaitReady(String id) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader lines = nodes.get(id).inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.contains(READY)) {
                urls.put(id, line.substring(line.indexOf(READY) + READY.length()));
                return;
            }
        }
        throw new AssertionError("node " + id + " has ended: " + said);
    }

    private HttpRequest.Builder key(String via, String key) {
        return HttpRequest.newBuilder(URI.create(urls.get(via) + "/kv/" + key));
    }

    private CompletableFuture<HttpResponse<String>> put(String via, String key, int value) {
        return http.sendAsync(
                key(via, key)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(String.valueOf(value)))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String via, String key) throws Exception {
        return http.send(key(via, key).build(), BodyHandlers.ofString());
    }

    private void isThere(String via, String key, int value) throws Exception {
        String found = get(via, key).body();
        assertTrue(Pattern.compile("\"value\":" + value + "\\b").matcher(found).find(), key + ": " + found);
    }

    @Test
    void aMiddleThatIsKilledLosesNothingThatWasAcknowledged() throws Exception {
        writeDeployment();
        for (String id : new String[] {"A", "B", "C"}) {
            start(id);
        }
        for (String id : new String[] {"A", "B", "C"}) {
            awaitReady(id);
        }
        for (int i = 1; i <= 20; i++) {
            HttpResponse<String> written = put(i % 2 == 0 ? "A" : "B", "k" + i, i).join();
            assertEquals(200, written.statusCode(), written.body());
        }
        nodes.get("B").destroyForcibly().waitFor();

        CompletableFuture<HttpResponse<String>> late = put("A", "late", 21);
        assertEquals(200, get("A", "k20").statusCode(), "the tail serves reads, whom the head asks");
        assertEquals(404, get("C", "late").statusCode(), "the write waits for the middle");
        assertFalse(late.isDone());

        start("B");
        awaitReady("B");
        assertEquals(200, late.join().statusCode(), late.join().body());
        for (int i = 1; i <= 20; i++) {
            isThere("B", "k" + i, i);
        }
        isThere("C", "late", 21);
    }
}
