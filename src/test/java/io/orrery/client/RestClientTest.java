package io.orrery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.RequestFailure.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RestClientTest {
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private ServerSocket server;
    private Thread listener;

    /** A server that takes requests, and breaks the connection instead of an answer. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener = new Thread(this::listen, "listener");
        listener.start();
    }

    private void listen() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                requests.add(in.readLine());
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    line = in.readLine();
                }
            } catch (IOException e) {
                // The next one, or the end.
            }
        }
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        server.close();
        listener.join();
    }

    @ParameterizedTest
    @CsvSource({"DELETE, ''", "PUT, 1", "POST, ''"})
    void whatMayChangeSomethingIsSentOnceOnly(String method, String body) {
        RestClient client = new RestClient("127.0.0.1:" + server.getLocalPort());
        RequestFailure failure = assertThrows(RequestFailure.class, () -> client.send(method, "/kv/x", body));
        assertEquals(Kind.UNKNOWN, failure.kind());
        assertTrue(failure.getMessage().contains("the outcome is unknown"), failure.getMessage());
        assertEquals(List.of(method + " /kv/x HTTP/1.1"), requests);
    }

    @Test
    void whatIsNotWaitedForFailsInTheSameWay() {
        RestClient client = new RestClient("127.0.0.1:" + server.getLocalPort());
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> client.sendAsync("PUT", "/kv/x", "1", "", "").join());
        RequestFailure failure = assertInstanceOf(RequestFailure.class, failed.getCause());
        assertEquals(Kind.UNKNOWN, failure.kind());
        assertFalse(failure.isTimeout());
        assertEquals(List.of("PUT /kv/x HTTP/1.1"), requests);
    }

    @Test
    void aReadMayBeRepeated() {
        RestClient client = new RestClient("127.0.0.1:" + server.getLocalPort());
        RequestFailure failure = assertThrows(RequestFailure.class, () -> client.get("/kv/x"));
        assertEquals(Kind.UNKNOWN, failure.kind());
        requests.forEach(request -> assertEquals("GET /kv/x HTTP/1.1", request));
    }
}
