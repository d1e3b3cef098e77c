package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment.Connections;
import io.orrery.deployment.Deployment.Limits;
import io.orrery.replica.ReplicaLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What comes from a replica's clients has room for two of these values, and so has what goes to them, however many connections
 * there are.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class InFlightBudgetTest {
    private static final int VALUE = (int) (ReplicaLimits.BYTES / 2);
    private static final long WHOLE_STORE = ReplicaLimits.BYTES / 8;
    private static final String LARGE = "\"" + "x".repeat(VALUE - 2) + "\"";
    /** Large enough to be counted. */
    private static final String OTHER = "\"" + "o".repeat(InFlightBudget.SMALL_BODY) + "\"";

    private static final String BODY = "Content-Type: application/json\r\nContent-Length: " + VALUE;
    private static final String CHUNKED = "Content-Type: application/json\r\nTransfer-Encoding: chunked";
    private final TestServer server =
            TestServer.start(new Limits(VALUE, 100, 1_000, Duration.ofSeconds(5), 100, Connections.DEFAULT), true);

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void putALargeValue() {
        assertEquals(200, server.put("A", "/kv/large", LARGE).statusCode());
    }

    @AfterEach
    void nothingIsUnderWayInTheEnd() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        try (server) {
            eventually("all is released", () -> bytes() == 0);
        }
    }

    private long bytes() {
        return bytes("requests") + bytes("answers");
    }

    private long bytes(String of) {
        return server.get("A", "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("orrery_http_bytes{") && line.contains("of=\"" + of + "\""))
                .map(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Sends a request, or the beginning of one, and reads nothing. */
    private Socket begin(String line, String headers, String body) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        // As little as there can be: what the system takes is not under way.
        socket.setReceiveBufferSize(1);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port("A")));
        String request = line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static void assertRefused(String what, HttpResponse<String> answer) {
        assertEquals(503, answer.statusCode());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
        assertTrue(answer.body().contains("the " + what + " under way at replica A are too large"), answer.body());
    }

    @Test
    void bodiesThatDoNotCome() throws IOException {
        Socket stalls = begin("PUT /kv/x", BODY, "1");
        Socket breaks = begin("POST /write", CHUNKED, "5\r\n\"half\r\n");
        eventually("there is no more room", () -> bytes() == 2 * VALUE);
        assertRefused("requests", server.put("A", "/kv/other", OTHER));
        assertRefused("requests", server.post("A", "/write", OTHER));
        assertEquals(200, server.put("A", "/kv/small", "1").statusCode(), "a small one is not counted");
        assertEquals(200, server.delete("A", "/kv/small").statusCode());
        assertEquals("HTTP/1.1 503 Service Unavailable", status(begin("PUT /kv/y", BODY, "1")));
        assertEquals(404, server.get("A", "/kv/other").statusCode());
        assertEquals(200, server.get("A", "/status").statusCode());

        breaks.close();
        eventually("one is released", () -> bytes() == VALUE);
        assertEquals(200, server.put("A", "/kv/other", OTHER).statusCode());
        assertEquals(200, server.delete("A", "/kv/other").statusCode());
        assertEquals("HTTP/1.1 408 Request Timeout", status(stalls));
    }

    @Test
    void aBodyThatIsNoneOrTooLarge() throws IOException {
        assertEquals("HTTP/1.1 400 Bad Request", status(begin("PUT /kv/x", CHUNKED, "no chunk\r\n")));
        assertEquals("HTTP/1.1 413 Content Too Large", status(begin("PUT /kv/x", BODY + "0", "1")));
        assertEquals(400, server.put("A", "/kv/x", "no JSON").statusCode());
        assertEquals(404, server.post("A", "/nowhere", "1").statusCode());
    }

    @Test
    void bodiesThatNobodyReadsAreNotTakenIn() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals("HTTP/1.1 405 Method Not Allowed", status(begin("POST /health", BODY, "1")));
            assertEquals("HTTP/1.1 405 Method Not Allowed", status(begin("PUT /ready", CHUNKED, "1\r\n1\r\n")));
            assertEquals("HTTP/1.1 200 OK", status(begin("GET /health", BODY, "1")));
            assertEquals("HTTP/1.1 404 Not Found", status(begin("GET /kv/nothing", BODY, "1")));
        }
        assertEquals(0, bytes());
    }

    @Test
    void answersThatAreNotTaken() throws IOException {
        begin("GET /kv/large", "Accept: */*", "");
        eventually("the first is under way", () -> bytes() >= VALUE);
        begin("GET /kv/large", "Accept: */*", "");
        eventually("there is no more room", () -> bytes() >= 2 * VALUE);
        assertRefused("answers", server.get("A", "/kv/large"));
        assertRefused("answers", server.get("A", "/kv"));
        assertRefused("answers", server.get("A", "/lab/links"));
        assertEquals(200, server.put("A", "/kv/small", "1").statusCode(), "slow readers keep nobody from writing");
        assertEquals(200, server.get("A", "/kv/small").statusCode());
        assertEquals(200, server.delete("A", "/kv/small").statusCode());

        HttpResponse<String> written = server.put("A", "/kv/second", LARGE);
        assertEquals(200, written.statusCode(), "what is done is answered");
        assertEquals("applied", TestServer.json(written).get("status").textValue());
        assertFalse(written.body().contains("xxx"), "where there is no room for the value, without it");
        assertEquals(200, server.delete("A", "/kv/second").statusCode());
    }

    @Test
    void whoTakesNothingOfAnAnswerIsCutOff() throws IOException {
        begin("GET /kv/large", "Accept: */*", "");
        begin("PUT /kv/large", BODY, LARGE);
        eventually("both answers are under way", () -> bytes("answers") >= 2 * VALUE);
        eventually("their room is free again, with the connections still open here", () -> bytes() == 0);
    }

    @Test
    void answersWithTheWholeStoreThatAreNotTaken() throws IOException {
        server.put("A", "/kv/second", "\"" + "y".repeat(InFlightBudget.SMALL) + "\"");
        for (int i = 1; i <= ReplicaLimits.BYTES / WHOLE_STORE; i++) {
            begin(i % 2 == 0 ? "GET /kv" : "GET /data", "Accept: */*", "");
            long sum = i * WHOLE_STORE;
            eventually("it is under way", () -> bytes() == sum);
        }
        assertRefused("answers", server.get("A", "/kv"));
        assertRefused("answers", server.get("A", "/data"));
        assertEquals(200, server.put("A", "/kv/small", "1").statusCode());
    }

    @Test
    void largeAnswersThatAreTaken() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertTrue(server.get("A", "/kv/large").body().contains(LARGE));
            assertTrue(server.get("A", "/kv").body().contains(LARGE));
            assertEquals(200, server.put("A", "/kv/large", LARGE).statusCode());
            for (String path : List.of("/kv/large", "/kv")) {
                HttpResponse<String> head =
                        server.send(server.request("A", path).method("HEAD", BodyPublishers.noBody()));
                assertEquals(200, head.statusCode());
            }
        }
    }

    @Test
    void answersToConnectionsThatAreGone() throws IOException {
        assertEquals(200, server.post("A", "/lab/replicas/A/pause", "").statusCode());
        List<Socket> impatient = List.of(
                begin("GET /kv/large", "Accept: */*", ""),
                begin("GET /data", "Accept: */*", ""),
                begin("PUT /kv/large", BODY, LARGE));
        eventually("they wait for the replica", () -> bytes() == VALUE + WHOLE_STORE);
        for (Socket socket : impatient) {
            socket.setSoLinger(true, 0); // So that the server learns at once that nobody reads any more.
            socket.close();
        }
        assertEquals(200, server.post("A", "/lab/replicas/A/resume", "").statusCode());
    }
}
