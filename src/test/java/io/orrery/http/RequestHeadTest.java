package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests that two readers could read in two ways, and those that are only unusual. */
@Timeout(30)
class RequestHeadTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.put("A", "/kv/x", "1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingHasChanged() {
        assertEquals("1", server.value("A", "x"));
    }

    /** The body of the first request was the second one, for Pekko, as the byte took the line with the length away. */
    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xC3, 0xE0, 0xE9, 0xEF, 0xF0, 0xF7, 0xFF})
    void aByteOutsideAsciiHidesNoHeader(int last) throws IOException {
        String smuggled = "POST /lab/replicas/A/wipe HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String answer = exchange("PUT /kv/y HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Name: a"
                + (char) last + "\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled);
        assertProblem(400, String.format("the header X-Name has the byte 0x%02X", last), answer);
        assertEquals(1, answer.split("HTTP/1.1 ", -1).length - 1, answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET /kv/é HTTP/1.1~Host: localhost~~             | 400 | the request line has the byte 0xE9",
                "GET /kv/x HTTP/1.1~Host: localhost~X-é: 1~~      | 400 | the name of a header has the byte 0xE9",
                "GET /kv/x HTTP/1.1~Host: localhost~X-A: a␛b~~ | 400 | the header X-A has the byte 0x1B",
                "GET /kv/x HTTP/1.1~Host: localhost~X-A: a␀b~~ | 400 | the header X-A has the byte 0x00",
                "GET /kv/x HTTP/1.1~Host: localhost~X-A: 1←X-B: 2~~ | 400 | the header X-A has a carriage return",
                "GET /kv/x HTTP/1.1~Host: localhost~X-A: 1↓X-B: 2~~ | 400 | the header X-A has a line feed",
                "GET /kv/x HTTP/1.1~Host: localhost~X-A: 1~ 2~~   | 400 | a header is one line",
                "GET /kv/x HTTP/1.1~Host: localhost~X-A~~         | 400 | \\\"X-A\\\" has none",
                "GET /kv/x HTTP/1.1~Host: a b~~                   | 400 | the header Host names a host",
                "GET /kv/x HTTP/1.1~Host: a~Host: b~~             | 400 | one header Host",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: +1~~2 | 400 | the header Content-Length is a number of bytes, not \\\"+1\\\"",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: 1~Content-Length: 1~~2 | 400 | one header Content-Length",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: 1~Transfer-Encoding: chunked~~1~2~0~~ | 400 | not both",
                "PUT /kv/x HTTP/1.1~Host: localhost~Transfer-Encoding: gzip, chunked~~1~2~0~~ | 501 | the header Transfer-Encoding is chunked",
                "PUT /kv/x HTTP/1.0~Host: localhost~Transfer-Encoding: chunked~~1~2~0~~ | 400 | HTTP/1.0 has no Transfer-Encoding",
                "GET /kv/x HTTP/1.0~Transfer-Encoding: chunked~~0~~ | 400 | HTTP/1.0 has no Transfer-Encoding",
                "GET /kv/x HTTP/1.1~~                             | 400 | missing required `Host` header",
                "GET /kv/%zz HTTP/1.1~Host: localhost~~           | 400 | the path and query cannot be read: 'z' at letter",
                "GET /fetch?key=a{b HTTP/1.1~Host: localhost~~    | 400 | the path and query cannot be read: '{' at letter",
            })
    void whatIsNotTakenIsNamed(String head, int status, String detail) throws IOException {
        assertProblem(status, detail, exchange(bytes(head)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET /health HTTP/1.0~~                                        | {\"status\":\"up\"",
                "GET /health HTTP/1.0~Host: balancer.example.org~~             | {\"status\":\"up\"",
                "~~GET /health HTTP/1.1~Host: localhost~Connection: close~~    | {\"status\":\"up\"",
                "GET http://localhost HTTP/1.1~Host: localhost~Connection: close~~ | Orrery, a replicated",
                "GET /kv/x HTTP/1.0~~                                          | {\"key\":\"x\",\"value\":1",
                "PUT /kv/x HTTP/1.0~Content-Type: application/json~Content-Length: 1~~1 | {\"key\":\"x\",\"value\":1",
                "PUT /kv/x HTTP/1.1~Host: localhost~Connection: close~Content-Type: application/json~Transfer-Encoding: Chunked~~1;a=b~1~0~Trailer: x~~ | {\"key\":\"x\",\"value\":1",
            })
    void whatIsUnusualIsTaken(String head, String body) throws IOException {
        String answer = exchange(bytes(head));
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertTrue(answer.substring(answer.indexOf("\r\n\r\n") + 4).startsWith(body), answer);
    }

    /** {@code OPTIONS *} asks what the server takes anywhere; nothing else is asked of the server as a whole. */
    @Test
    void theServerAsAWholeIsAskedForItsMethods() throws IOException {
        String rest = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String answer = exchange("OPTIONS *" + rest + "GET *" + rest + "OPTIONS /kv/x" + rest
                + "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        String[] answers = answer.split("(?=HTTP/1.1 )");
        assertEquals(4, answers.length, answer);
        assertTrue(answers[0].startsWith("HTTP/1.1 204 No Content\r\n"), answer);
        assertTrue(answers[0].contains("\r\nAllow: DELETE, GET, HEAD, OPTIONS, POST, PUT\r\n"), answer);
        assertTrue(answers[1].startsWith("HTTP/1.1 405 "), answer);
        assertTrue(answers[1].contains("* takes OPTIONS, not GET"), answer);
        assertTrue(answers[2].startsWith("HTTP/1.1 405 "), answer);
        assertTrue(answers[2].contains("\r\nAllow: GET, HEAD, PUT, DELETE\r\n"), answer);
        assertTrue(answers[3].startsWith("HTTP/1.1 200 OK"), answer);
    }

    /** Bodies may be of any bytes, and a request may follow at once: between them empty lines have no meaning. */
    @Test
    void theBodyIsNotTakenForAHead() throws IOException {
        String put = "PUT /kv/%C3%A9 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String answer = exchange(put + "Content-Length: 4\r\n\r\n\"\u00c3\u00a9\"\r\n" + put
                + "Transfer-Encoding: chunked\r\n\r\n2\r\n\"\u00c3\r\n2\r\n\u00a9\"\r\n0\r\n\r\n\r\n\r\n"
                + "GET /kv/%C3%A9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        server.delete("A", "/kv/%C3%A9");
        assertEquals(3, answer.split("HTTP/1.1 200 OK", -1).length - 1, answer);
        assertTrue(answer.endsWith("}"), answer);
    }

    /** What is answered already is not taken back by what comes after it. */
    @Test
    void aRequestBeforeOneThatIsRefusedIsAnswered() throws IOException {
        String answer = exchange("GET /kv/x HTTP/1.1\r\nHost: localhost\r\n\r\nGET /kv/\u00e9 HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertTrue(answer.contains("HTTP/1.1 400 Bad Request"), answer);
        assertFalse(answer.endsWith("200 OK"), answer);
    }

    /** An answer that goes in parts is not broken off by what comes after its request. */
    @Test
    void aLargeAnswerBeforeIsWhole() throws IOException {
        String value = "\"" + "v".repeat(900_000) + "\"";
        server.put("A", "/kv/large", value);
        String answer = exchange("GET /kv/large HTTP/1.1\r\nHost: localhost\r\n\r\nGET /kv/\u00e9 HTTP/1.1\r\n\r\n");
        server.delete("A", "/kv/large");
        assertTrue(answer.contains(value), answer.length() + " letters");
        assertTrue(
                answer.substring(answer.indexOf(value)).contains("}HTTP/1.1 400 Bad Request"), "the refusal follows");
    }

    @Test
    void aBodyWhoseChunksAreNone() throws IOException {
        assertProblem(
                400,
                "the body could not be read",
                exchange("PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n1\r\n2xx0\r\n\r\n"));
    }

    @Test
    void aHeaderThatIsTooLargeIsNamed() throws IOException {
        assertProblem(
                431,
                "the header X-Large has more than the 8192 bytes",
                exchange("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "a".repeat(8_193) + "\r\n\r\n"));
        assertProblem(
                431,
                "the name of a header has at most 64",
                exchange("GET /health HTTP/1.1\r\nHost: localhost\r\n" + "X".repeat(65) + ": 1\r\n\r\n"));
    }

    /** What a source file and a table cannot have. */
    private static String bytes(String head) {
        return head.replace("~", "\r\n")
                .replace('↓', '\n')
                .replace('←', '\r')
                .replace('␛', '\u001b')
                .replace('␀', '\u0000');
    }

    /** Each letter of the text is a byte. */
    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port("A"))) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertProblem(int status, String detail, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("Content-Type: application/problem+json"), answer);
        assertTrue(answer.contains(detail), answer);
    }
}
