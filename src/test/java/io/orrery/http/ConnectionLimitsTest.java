package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a server takes of its connections at the most, and what it says past that. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ConnectionLimitsTest {
    private static final int HEADER = 2_048;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<Socket> sockets = new ArrayList<>();

    @Test
    void aHeaderThatIsTooLarge() {
        try (TestServer server = server(Duration.ofSeconds(5), 10, LONG)) {
            assertEquals(200, headed(server, "a".repeat(HEADER)).statusCode());
            HttpResponse<String> refused = headed(server, "a".repeat(HEADER + 1));
            assertEquals(431, refused.statusCode());
            assertEquals(431, TestServer.json(refused).get("status").intValue());
            assertTrue(refused.body().contains("2048"), refused.body());
        }
    }

    private static HttpResponse<String> headed(TestServer server, String value) {
        return server.send(server.request("A", "/health").header("X-Large", value));
    }

    @Test
    void tooManyHeaders() throws IOException {
        try (TestServer server = server(Duration.ofSeconds(5), 10, LONG);
                Socket socket = connect(server)) {
            send(
                    socket,
                    "GET /health HTTP/1.1\r\nHost: localhost\r\n"
                            + "X-Many: 1\r\n".repeat(Deployment.Connections.HEADERS) + "\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("more than the configured limit of 32 headers"), answer);
        }
    }

    @Test
    void aHeadThatIsTooLargeInAll() throws IOException {
        try (TestServer server = server(Duration.ofSeconds(5), 10, LONG)) {
            Socket fits = opened(server);
            send(
                    fits,
                    "GET /health HTTP/1.1\r\nHost: localhost\r\n" + ("X: " + "y".repeat(HEADER) + "\r\n").repeat(8)
                            + "\r\n");
            assertEquals("HTTP/1.1 200 OK", reader(fits).readLine());

            Socket socket = opened(server);
            assertEquals("HTTP/1.1 200 OK", ask(socket, "/health"));
            send(
                    socket,
                    "GET /health HTTP/1.1\r\nHost: localhost\r\n" + ("X: " + "y".repeat(HEADER) + "\r\n").repeat(11));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
            assertTrue(answer.contains("\"the head of a request has at most 18432 bytes in all\""), answer);
        }
    }

    /** Pekko parses all requests that have come by recursion: a few hundred overflowed the stack, and that ended the process. */
    @Test
    void manyRequestsInOnePiece() throws IOException {
        int many = 5_000;
        try (TestServer server = server(Duration.ofSeconds(5), 10, LONG)) {
            Socket socket = opened(server);
            Thread writer = new Thread(() -> {
                try {
                    send(socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(many));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();
            BufferedReader answers = reader(socket);
            for (int i = 0; i < many; ) {
                String line = answers.readLine();
                assertTrue(line != null, "the connection has ended");
                // The body has no end of line of its own.
                i += line.endsWith("HTTP/1.1 200 OK") ? 1 : 0;
            }
        }
    }

    /** What is left of a body that nobody wants is no head. */
    @Test
    void aLargeBodyThatIsRefused() throws IOException {
        try (TestServer server = server(Duration.ofSeconds(5), 10, LONG)) {
            Socket socket = opened(server);
            send(socket, "PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n" + "1".repeat(50_000));
            assertEquals("HTTP/1.1 413 Content Too Large", reader(socket).readLine());
        }
    }

    /** An answer before would end the connection, and what is on its way then takes the answer with it. */
    @Test
    void whoIsRefusedIsAnsweredWhenTheBodyHasCome() throws IOException {
        try (TestServer server = server(LONG, 10, LONG)) {
            Socket socket = opened(server);
            send(socket, "PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n" + "1".repeat(10_000));
            // By then the first has been looked at too.
            assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/health"));
            send(socket, "1".repeat(40_000) + "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            List<String> answers = reader(socket).lines().toList();
            assertEquals("HTTP/1.1 413 Content Too Large", answers.get(0));
            assertTrue(answers.stream().anyMatch(it -> it.endsWith("HTTP/1.1 200 OK")), answers.toString());
        }
    }

    @Test
    void whoAsksBeforeItSendsTheBodyIsRefusedAtOnce() throws IOException {
        try (TestServer server = server(LONG, 10, LONG)) {
            Socket socket = opened(server);
            send(
                    socket,
                    "PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\nExpect: 100-continue\r\n\r\n");
            assertEquals("HTTP/1.1 413 Content Too Large", reader(socket).readLine());
        }
    }

    @Test
    void aBodyThatDoesNotCome() throws IOException {
        try (TestServer server = server(Duration.ofMillis(200), 10, LONG);
                Socket socket = connect(server)) {
            send(socket, "PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n1");
            assertEquals("HTTP/1.1 408 Request Timeout", reader(socket).readLine());
        }
    }

    @Test
    void aConnectionOnWhichNothingHappensEnds() throws IOException {
        try (TestServer server = server(Duration.ofMillis(100), 10, Duration.ofMillis(300));
                Socket silent = connect(server);
                Socket halfway = connect(server)) {
            send(halfway, "GET /health HTT");
            assertEnds(silent);
            assertEnds(halfway);
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketException e) {
            assertTrue(e.getMessage().contains("reset"), e.getMessage());
        }
    }

    @Test
    void aReaderOfEventsIsNotIdle() throws IOException {
        try (TestServer server = server(Duration.ofMillis(100), 10, Duration.ofSeconds(3));
                Socket socket = connect(server)) {
            send(socket, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            BufferedReader lines = reader(socket);
            // Each is a comment that only says that the connection lives.
            for (int comments = 0; comments < 3; ) {
                String line = lines.readLine();
                assertTrue(line != null, "the stream has ended");
                comments += line.equals(":") ? 1 : 0;
            }
        }
    }

    @Test
    void aConnectionTooManyTakesThePlaceOfTheOneThatIsIdleForLongest() throws IOException {
        try (TestServer server = server(Duration.ofSeconds(5), 3, LONG)) {
            Socket halfAHead = opened(server);
            send(halfAHead, "GET /health HTT");
            Socket first = opened(server);
            assertEquals("HTTP/1.1 200 OK", ask(first, "/kv"));
            Socket second = opened(server);
            assertEquals("HTTP/1.1 200 OK", ask(second, "/kv"));

            assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/kv"));
            assertEnds(halfAHead);
            assertEquals("HTTP/1.1 200 OK", ask(first, "/kv"));
            assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/kv"));
            assertEnds(second);
            assertEquals("HTTP/1.1 200 OK", ask(first, "/kv"));
        }
    }

    @Test
    void whereAllAreBusyItIsSeenThatTheReplicaLives() throws IOException {
        Limits limits =
                new Limits(1_000, 100, 1_000, Duration.ofSeconds(3), 100, new Deployment.Connections(3, HEADER, LONG));
        try (TestServer server = TestServer.start(limits, true)) {
            assertEquals(200, server.post("B", "/lab/replicas/A/pause", "").statusCode());
            List<Socket> asking = new ArrayList<>();
            TestServer.eventually("all are busy", () -> {
                try {
                    // Before a connection's request is there, it is idle, and may give its place away.
                    asking.add(opened(server));
                    send(asking.get(asking.size() - 1), "GET /kv/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    return ask(opened(server), "/metrics").contains("503");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 2 * Connections.SPARE; i++) {
                assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/health"));
            }
            Socket refused = opened(server);
            send(refused, "GET /kv HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String answer = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
            assertTrue(answer.contains("Connection: close"), answer);
            assertTrue(answer.contains("replica A has 3 connections already"), answer);

            assertEquals(200, server.post("B", "/lab/replicas/A/resume", "").statusCode());
            int served = 0;
            for (Socket socket : asking) {
                served += "HTTP/1.1 404 Not Found".equals(reader(socket).readLine()) ? 1 : 0;
            }
            // More where a request was there just before its connection, idle until then, was to give its place away.
            assertTrue(served >= 3, served + " of " + asking.size());
            assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/kv"));
        }
    }

    @Test
    void aBodyThatDoesNotComeGivesWay() throws IOException {
        try (TestServer server = server(LONG.dividedBy(2), 3, LONG)) {
            List<BufferedReader> stalled = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Socket socket = opened(server);
                send(
                        socket,
                        "PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
                BufferedReader answer = reader(socket);
                // By then the body is waited for.
                assertEquals("HTTP/1.1 100 Continue", answer.readLine());
                while (!answer.readLine().isEmpty()) {
                    // A header of this answer.
                }
                send(socket, "1");
                stalled.add(answer);
            }
            for (int i = 0; i < 10; i++) {
                assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/kv"));
            }
            assertEquals("HTTP/1.1 503 Service Unavailable", stalled.get(0).readLine());
        }
    }

    @Test
    void readersOfEventsHaveHalfOfTheConnections() throws IOException {
        try (TestServer server = server(Duration.ofMillis(100), 4, Duration.ofSeconds(2))) {
            Socket first = opened(server);
            assertEquals("HTTP/1.1 200 OK", ask(first, "/events"));
            assertEquals("HTTP/1.1 200 OK", ask(opened(server), "/events"));
            HttpResponse<String> refused = server.get("A", "/events");
            assertEquals(503, refused.statusCode());
            assertTrue(refused.body().contains("has 2 readers of its events already"), refused.body());

            first.close();
            TestServer.eventually("there is room", () -> {
                try {
                    return ask(opened(server), "/events").contains("200");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket opened(TestServer server) throws IOException {
        Socket socket = connect(server);
        sockets.add(socket);
        return socket;
    }

    private static TestServer server(Duration requestTimeout, int connections, Duration idleTimeout) {
        return TestServer.start(
                new Limits(
                        1_000,
                        100,
                        1_000,
                        requestTimeout,
                        100,
                        new Deployment.Connections(connections, HEADER, idleTimeout)),
                false);
    }

    private static Socket connect(TestServer server) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port("A"));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The first line of the answer; the rest of a small one is thrown away. */
    private static String ask(Socket socket, String path) throws IOException {
        send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        byte[] answer = new byte[64 << 10];
        int length = socket.getInputStream().read(answer);
        return new String(answer, 0, Math.max(length, 0), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
