package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Security;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages in a browser may do, by what a browser says in their name. */
@Timeout(30)
class BrowserPolicyTest {
    private static final String WELCOME = "https://app.example.org";
    private static TestServer server;

    @BeforeAll
    static void start() {
        Security.Web web = new Security.Web(List.of("orrery.example.org"), List.of(WELCOME));
        server = TestServer.secured(
                new Security(false, Optional.empty(), Optional.empty(), Optional.empty(), web), true);
        server.put("A", "/kv/x", "1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A page of a stranger whose name has been made to point here still names itself. */
    @ParameterizedTest
    @CsvSource({
        "evil.example.org,                  403",
        "evil.example.org:8000,             403",
        "localhost.example.org,             403",
        "127.0.0.1.example.org,             403",
        "127.0.0,                           403",
        "localhost,                         200",
        "LOCALHOST:8000,                    200",
        "orrery.localhost,                  200",
        "127.0.0.1,                         200",
        "127.0.0.2:1,                       200",
        "[::1],                             200",
        "[::1]:8000,                        200",
        "10.0.0.7:8000,                     200",
        "orrery.example.org,                200",
        "Orrery.Example.Org.:443,           200",
    })
    void theHostIsOneThatTheDeploymentKnows(String host, int status) throws IOException {
        for (String path :
                List.of("/kv/x", "/kv", "/status", "/metrics", "/digest", "/lab/links", "/read?key=x", "/")) {
            String answer = ask("GET " + path + " HTTP/1.1", "Host: " + host);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), path + " " + answer);
        }
        // Load balancers call a server as they like, and the answer tells nothing.
        assertTrue(ask("GET /health HTTP/1.1", "Host: " + host).startsWith("HTTP/1.1 200 "));
        assertTrue(ask("GET /ready HTTP/1.1", "Host: " + host).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void theRefusalSaysWhichLineLetsAHostIn() throws IOException {
        String answer = ask("GET /kv HTTP/1.1", "Host: evil.example.org");
        assertTrue(answer.contains("allowed-hosts = [\\\"evil.example.org\\\"]"), answer);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,    /kv/y,                Origin: http://evil.example.org,   403",
        "DELETE, /kv/y,                Origin: http://evil.example.org,   403",
        "PUT,    /kv/y,                Origin: null,                      403",
        "PUT,    /kv/y,                Origin: http://localhost:1,        403",
        "PUT,    /kv/y,                Sec-Fetch-Site: cross-site,        403",
        "PUT,    /kv/y,                Sec-Fetch-Site: same-site,         403",
        "POST,   /digest,              Origin: http://evil.example.org,   403",
        "POST,   /write,               Origin: http://evil.example.org,   403",
        "POST,   /sync,                Origin: http://evil.example.org,   403",
        "POST,   /lab/heal,            Origin: http://evil.example.org,   403",
        "POST,   /lab/replicas/A/wipe, Origin: http://evil.example.org,   403",
        "POST,   /lab/replicas/A/wipe, Origin: null,                      403",
        "GET,    /lab/links,           Origin: http://evil.example.org,   403",
        "GET,    /data,                Origin: http://evil.example.org,   403",
        "GET,    /read?key=x,          Sec-Fetch-Site: cross-site,        403",
        "GET,    /kv/x,                Origin: http://evil.example.org,   200",
        "GET,    /kv/x,                Sec-Fetch-Site: cross-site,        200",
        "PUT,    /kv/y,                Sec-Fetch-Site: same-origin,       200",
        "PUT,    /kv/y,                Sec-Fetch-Site: none,              200",
        "PUT,    /kv/y,                Origin: http://OWN,                200",
        "PUT,    /kv/y,                Origin: https://app.example.org,   200",
        "POST,   /lab/heal,            Origin: https://app.example.org,   200",
        "POST,   /lab/heal,            Origin: https://app.example.org:8, 403",
        "POST,   /lab/heal,            Origin: http://app.example.org,    403",
        "POST,   /lab/heal,            X: y,                              200",
    })
    void writesAndTheLabAreNotForPagesOfOtherSites(String method, String path, String header, int status)
            throws IOException {
        String own = "localhost:" + server.port("A");
        String body = method.equals("PUT") ? "1" : path.startsWith("/lab") || !method.equals("POST") ? "" : "{}";
        String answer = ask(
                method + " " + path + " HTTP/1.1",
                "Host: " + own,
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                header.replace("OWN", own),
                "",
                body);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(
                header.contains(WELCOME) && status == 200, answer.contains("Access-Control-Allow-Origin: " + WELCOME));
    }

    @Test
    void aPageThatIsWelcomeMayReadWhatItIsTold() throws IOException {
        String answer =
                ask("GET /kv/none HTTP/1.1", "Host: localhost", "Origin: " + WELCOME, "Sec-Fetch-Site: cross-site");
        assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
        assertTrue(answer.contains("Access-Control-Allow-Origin: " + WELCOME + "\r\n"), answer);
        assertTrue(answer.contains("Orrery-Session"), answer);
        assertTrue(answer.contains("Vary: Origin"), answer);
        String other = ask("GET /kv/x HTTP/1.1", "Host: localhost", "Origin: https://evil.example.org");
        assertTrue(other.startsWith("HTTP/1.1 200 ") && !other.contains("Access-Control"), other);
    }

    @Test
    void browsersAskBeforehand() throws IOException {
        String answer = ask(
                "OPTIONS /lab/heal HTTP/1.1",
                "Host: localhost",
                "Origin: " + WELCOME,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type",
                "Access-Control-Request-Private-Network: true");
        assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
        assertTrue(answer.contains("Access-Control-Allow-Origin: " + WELCOME + "\r\n"), answer);
        assertTrue(answer.contains("Access-Control-Allow-Methods: GET, HEAD, PUT, POST, DELETE\r\n"), answer);
        assertTrue(
                answer.contains(
                        "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, Orrery-Client, Orrery-Request, Orrery-Session\r\n"),
                answer);
        assertTrue(answer.contains("Access-Control-Allow-Private-Network: true\r\n"), answer);
        String refused = ask(
                "OPTIONS /kv/x HTTP/1.1",
                "Host: localhost",
                "Origin: https://evil.example.org",
                "Access-Control-Request-Method: PUT");
        assertTrue(refused.startsWith("HTTP/1.1 403 ") && !refused.contains("Access-Control"), refused);
    }

    @ParameterizedTest
    @CsvSource({
        "If-Match: *, POST /write",
        "If-None-Match: *, POST /write",
        "If-Unmodified-Since: x, PUT /kv/x",
        "If-Unmodified-Since: x, DELETE /kv/x",
        "If-Unmodified-Since: x, POST /write",
        "Content-Range: bytes 0-0/2, PUT /kv/x",
        "Content-Range: bytes 0-0/2, DELETE /kv/x",
        "Content-Range: bytes 0-0/2, POST /write"
    })
    void aConditionThatNobodyLooksAtIsRefused(String header, String route) throws IOException {
        for (String line : List.of(route + " HTTP/1.1")) {
            String answer = ask(
                    line, "Host: localhost", "Content-Type: application/json", header, "Content-Length: 1", "", "2");
            assertTrue(answer.startsWith("HTTP/1.1 501 "), answer);
            assertTrue(answer.contains("the header " + header.substring(0, header.indexOf(':'))), answer);
        }
        assertEquals("1", server.value("A", "x"));
        // A read that is answered in full is answered under any condition.
        assertTrue(ask("GET /kv/x HTTP/1.1", "Host: localhost", "If-Unmodified-Since: x")
                .startsWith("HTTP/1.1 200 "));
    }

    /** The lines of a request, with an empty one between head and body, where there is a body. */
    private static String ask(String... lines) throws IOException {
        String request = String.join("\r\n", lines);
        String whole = request.contains("\r\n\r\n") ? request : request + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.port("A"))) {
            socket.getOutputStream()
                    .write(whole.replaceFirst("\r\n", "\r\nConnection: close\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
