package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.orrery.deployment.Security;
import io.orrery.deployment.Security.Tokens;
import io.orrery.deployment.Token;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class AccessControlTest {
    private static final String CLIENT = "client-token-0123456789";
    private static final String LAB = "lab-token-0123456789+/==";
    private static TestServer server;

    @BeforeAll
    static void start() {
        Tokens tokens = new Tokens(Token.of(CLIENT), Optional.of(Token.of(LAB)));
        server = TestServer.secured(new Security(false, Optional.empty(), Optional.empty(), Optional.of(tokens)), true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /kv,               client",
        "GET,  /kv/x,             client",
        "PUT,  /kv/x,             client",
        "GET,  /status,           client",
        "GET,  /metrics,          client",
        "GET,  /digest,           client",
        "POST, /digest,           client",
        "GET,  /backup,           client",
        "POST, /store,            client",
        "GET,  /fetch?key=x,      client",
        "POST, /write,            client",
        "GET,  /read?key=x,       client",
        "GET,  /data,             client",
        "GET,  /no/such/route,    client",
        "GET,  /,                 client",
        "POST, /sync,             lab",
        "POST, /replicate,        lab",
        "GET,  /lab/links,        lab",
        "POST, /lab/heal,         lab",
        "POST, /lab/replicas/Q/crash, lab",
        "GET,  /%6Cab/links,      lab",
        "GET,  /health,           nobody",
        "GET,  /ready,            nobody",
    })
    void eachRouteWantsItsToken(String method, String path, String whose) {
        assertEquals(whose.equals("nobody"), isLetIn(request(method, path)));
        assertEquals(!whose.equals("lab"), isLetIn(bearer(request(method, path), CLIENT)));
        assertEquals(true, isLetIn(bearer(request(method, path), LAB)));
    }

    @Test
    void whoIsRefusedAgainAndAgainLeavesOneLine() {
        Logger log = (Logger) LoggerFactory.getLogger(AccessControl.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        log.addAppender(heard);
        Tokens tokens = new Tokens(Token.of(CLIENT), Optional.empty());
        Security security = new Security(false, Optional.empty(), Optional.empty(), Optional.of(tokens));
        try (TestServer closed = TestServer.secured(security, false)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(401, closed.get("A", "/kv/x").statusCode());
            }
            assertEquals(
                    List.of(
                            "Requests without a valid token are refused, such as GET /kv/x; this is said once a minute"),
                    heard.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        } finally {
            log.detachAppender(heard);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer client-token-012345678",
                "Bearer client-token-01234567890",
                "Bearer Client-token-0123456789",
                "Bearer",
                "Bearer ",
                "Basic Y2xpZW50LXRva2VuLTAxMjM0NTY3ODk6",
                "client-token-0123456789",
                "Bearer client-token-0123456789, Bearer client-token-0123456789",
            })
    void whatIsNotTheTokenIsRefusedWithoutSayingWhy(String authorization) {
        HttpResponse<String> none = server.send(server.request("A", "/kv/x").GET());
        HttpResponse<String> wrong = server.send(server.request("A", "/kv/x").header("Authorization", authorization));
        assertEquals(401, wrong.statusCode());
        assertEquals(none.body(), wrong.body());
        assertEquals("Bearer", wrong.headers().firstValue("WWW-Authenticate").orElseThrow());
        assertEquals(
                "application/problem+json",
                wrong.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                        + "\"detail\":\"this needs a valid token: Authorization: Bearer …\"}",
                wrong.body());
    }

    @Test
    void aRefusedRequestChangesNothing() {
        assertEquals(200, server.send(bearer(put("y", "1"), CLIENT)).statusCode());
        assertEquals(401, server.send(put("y", "2")).statusCode());
        // Whoever may not ask is told that first, however large the body is.
        assertEquals(401, server.send(put("y", "2".repeat(2 << 20))).statusCode());
        HttpResponse<String> read =
                server.send(bearer(server.request("A", "/kv/y").GET(), CLIENT));
        assertEquals(1, json(read).get("value").intValue());
    }

    @Test
    void noAnswerTellsAToken() {
        for (String path : new String[] {"/status", "/metrics", "/lab/links", "/health", "/ready"}) {
            String answer =
                    server.send(bearer(server.request("A", path).GET(), LAB)).body();
            assertFalse(answer.contains(CLIENT) || answer.contains(LAB), answer);
        }
    }

    @Test
    void withoutATokenForTheLabNobodyIsLetIntoIt() {
        Tokens tokens = new Tokens(Token.of(CLIENT), Optional.empty());
        try (TestServer closed = TestServer.secured(
                new Security(false, Optional.empty(), Optional.empty(), Optional.of(tokens)), false)) {
            HttpRequest.Builder lab = closed.request("A", "/lab/links");
            assertEquals(401, closed.send(bearer(lab, CLIENT)).statusCode());
            assertEquals(
                    200, closed.send(bearer(closed.request("A", "/kv"), CLIENT)).statusCode());
        }
    }

    private static HttpRequest.Builder put(String key, String json) {
        return server.request("A", "/kv/" + key)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json));
    }

    private static HttpRequest.Builder request(String method, String path) {
        return server.request("A", path).method(method, BodyPublishers.ofString(""));
    }

    private static HttpRequest.Builder bearer(HttpRequest.Builder request, String token) {
        return request.setHeader("Authorization", "Bearer " + token);
    }

    /** Whatever the answer is then: most of these requests are incomplete. */
    private static boolean isLetIn(HttpRequest.Builder request) {
        int status = server.send(request).statusCode();
        assertNotEquals(500, status);
        return status != 401;
    }
}
