package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment.Connections;
import io.orrery.deployment.Deployment.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake of a client has a problem document for an answer, and changes nothing. */
class BadInputTest {
    private static final int LIMIT = 1000;
    private static TestServer server;
    /** With the usual limits. */
    private static TestServer hostile;

    private static String linksBefore;

    @BeforeAll
    static void start() {
        server = TestServer.start(new Limits(LIMIT, 100, 1_000, Duration.ofSeconds(5), 100, Connections.DEFAULT), true);
        hostile = TestServer.start();
        server.put("A", "/kv/x", "1");
        linksBefore = server.get("A", "/lab/links").body();
    }

    @AfterAll
    static void stop() {
        server.close();
        hostile.close();
    }

    @AfterEach
    void nothingHasChanged() {
        assertEquals("1", server.value("A", "x"));
        assertEquals(1, json(server.get("A", "/status")).get("keys").intValue());
        assertEquals(linksBefore, server.get("A", "/lab/links").body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":           | Unexpected end-of-input",
                "lost              | Unrecognized token 'lost'",
                "1 2               | there is more after it",
                "``                | there is no value",
                "{\"a\":1,\"a\":2} | Duplicate field 'a'",
                "[1,]              | Unexpected character",
            })
    void malformedJson(String body, String detail) {
        assertProblem(400, detail, server.put("A", "/kv/x", body));
    }

    @Test
    void nestingWithoutEnd() {
        String deep = "[".repeat(LIMIT / 2) + "]".repeat(LIMIT / 2);
        assertEquals(200, server.put("A", "/kv/deep", deep).statusCode());
        assertEquals(200, server.delete("A", "/kv/deep").statusCode());
        try (TestServer large = TestServer.start()) {
            assertProblem(400, "nesting depth", large.put("A", "/kv/x", "[".repeat(5_000) + "]".repeat(5_000)));
        }
    }

    @Test
    void bytesThatAreNotUtf8() {
        byte[] body = {'"', (byte) 0xC3, '"'};
        assertProblem(
                400,
                "not UTF-8",
                server.send(server.request("A", "/kv/x")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofByteArray(body))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /write       | {\"key\":\"\\ud800\",\"value\":1}   | 400 | a key must be valid Unicode",
                "POST | /write       | {\"key\\ud800\":\"x\"}              | 400 | not JSON: Broken surrogate pair",
                "PUT  | /kv/x        | {\"\\ud800\":1}                     | 400 | not JSON: Broken surrogate pair",
                "POST | /lab/isolate | {\"replica\":\"\\ud800\"}           | 404 | there is no replica",
                "PUT  | /lab/links   | {\"key\":\"\\ud800\",\"cut\":true}  | 400 | a key must be valid Unicode",
                "PUT  | /kv/%ED%A0%80 | 1                                | 400 | not UTF-8",
            })
    void halfASurrogatePair(String method, String path, String body, int status, String detail) {
        HttpResponse<String> answer = server.send(server.request("A", path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
        assertProblem(status, detail, answer);
    }

    @Test
    void keysThatAreNone() {
        assertProblem(400, "a key may not be empty", server.put("A", "/kv/", "1"));
        assertProblem(400, "at most 1024 bytes", server.put("A", "/kv/" + "k".repeat(1025), "1"));
        assertProblem(400, "at most 1024 bytes", server.put("A", "/kv/" + "%C3%A9".repeat(513), "1"));
        assertProblem(400, "a slash in a key is written %2F", server.put("A", "/kv/x/y", "1"));
        assertProblem(400, "not UTF-8", server.put("A", "/kv/%C3", "1"));
        assertProblem(414, "8192", server.get("A", "/kv/" + "k".repeat(9000)));
    }

    @Test
    void aBodyThatIsTooLarge() {
        String body = "1".repeat(LIMIT + 1);
        assertProblem(413, "at most 1000 bytes", server.put("A", "/kv/x", body));
        assertProblem(413, "at most 1000 bytes", server.put("A", "/kv/x", "1".repeat(LIMIT * 50)));
        assertProblem(413, "at most 1000 bytes", server.post("A", "/lab/partition", body));
        // Chunked: nobody says beforehand how much will come.
        assertProblem(
                413,
                "at most 1000 bytes",
                server.send(server.request("A", "/kv/x")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))));
    }

    @Test
    void aBodyThatIsNotJson() {
        HttpResponse<String> answer = server.send(server.request("A", "/kv/x")
                .header("Content-Type", "text/plain")
                .PUT(BodyPublishers.ofString("2")));
        assertProblem(415, "not text/plain", answer);
        assertProblem(
                415,
                "not application/x-www-form-urlencoded",
                server.send(server.request("A", "/lab/isolate")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("replica=A"))));
    }

    @Test
    void routesThatThereAreNot() {
        for (String path : new String[] {"/nope", "/kvx", "/status/x", "/lab", "/lab/nope", "/lab/links/x"}) {
            assertProblem(404, "there is no route " + path, server.get("A", path));
        }
        assertProblem(
                404,
                "there is no action \"explode\" for a replica; there are [crash",
                server.post("A", "/lab/replicas/A/explode", ""));
    }

    @Test
    void methodsThatARouteDoesNotTake() {
        HttpResponse<String> answer = server.post("A", "/kv/x", "2");
        assertProblem(405, "/kv/x takes GET, PUT, DELETE, not POST", answer);
        // Where GET is answered, HEAD is too.
        assertEquals(
                "GET, HEAD, PUT, DELETE", answer.headers().firstValue("Allow").orElseThrow());
        for (String path : new String[] {"/kv", "/status", "/health", "/ready", "/metrics", "/events"}) {
            HttpResponse<String> deleted = server.delete("A", path);
            assertProblem(405, path + " takes GET, not DELETE", deleted);
            assertEquals("GET, HEAD", deleted.headers().firstValue("Allow").orElseThrow());
        }
        for (String path : new String[] {"/lab/partition", "/lab/isolate", "/lab/heal", "/lab/replicas/A/crash"}) {
            assertProblem(405, path + " takes POST, not GET", server.get("A", path));
        }
        assertProblem(405, "/lab/links takes GET, PUT, not DELETE", server.delete("A", "/lab/links"));
        assertProblem(501, "method", server.send(server.request("A", "/kv/x").method("BREW", BodyPublishers.noBody())));
    }

    @Test
    void whatIsNotHttp() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port("A"))) {
            socket.getOutputStream()
                    .write("GET /kv/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("Content-Type: application/problem+json"), answer);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PUT  | links     | {\"from\":\"Z\",\"cut\":true}   | 404 | there is no replica \"Z\"; there are [A, B, C]",
                "PUT  | links     | {\"from\":\"A\",\"to\":\"A\",\"cut\":true} | 400 | not from A to itself",
                "PUT  | links     | {\"from\":\"A\"}               | 400 | there is nothing to change",
                "PUT  | links     | {\"key\":\"y\"}             | 400 | there is nothing to change",
                "PUT  | links     | {\"key\":\"\",\"cut\":true} | 400 | a key may not be empty",
                "PUT  | links     | {\"kind\":\"updat\",\"cut\":true} | 400 | no message of lamport-lww is of the kind \"updat\"; there are: update, ",
                "PUT  | links     | {\"form\":\"A\",\"cut\":true}  | 400 | did you mean \"from\"?",
                "PUT  | links     | {\"delay\":\"-3s\"}            | 400 | a time here is 0 or more, not -3s",
                "PUT  | links     | {\"delay\":\"3 moons\"}        | 400 | there is no unit \"moons\"",
                "PUT  | links     | {\"delay\":3}                  | 400 | \"delay\" is a text, not 3",
                "PUT  | links     | {\"delay\":\"1s\",\"loss\":2}  | 400 | loss is a chance between 0 and 1, not 2.0",
                "PUT  | links     | {\"loss\":\"much\"}            | 400 | \"loss\" is a number, not the text \"much\"",
                "PUT  | links     | {\"lossRun\":\"5..2\"}         | 400 | a run of losses is from 1 to 100000 messages long",
                "PUT  | links     | {\"lossRun\":5}                | 400 | \"lossRun\" is a text, not 5",
                "PUT  | links     | {\"cut\":\"yes\"}              | 400 | \"cut\" is true or false",
                "PUT  | links     | [1]                            | 400 | the body is a JSON object, { … }, not a list",
                "PUT  | links     | {\"cut\":                      | 400 | not JSON",
                "POST | partition | {\"groups\":[[\"A\"],[\"Q\"]]} | 404 | there is no replica \"Q\"",
                "POST | partition | {\"groups\":[[\"A\"],[\"A\"]]} | 400 | replica A is in two groups",
                "POST | partition | {\"groups\":[\"A\"]}           | 400 | a group is a list, not the text \"A\"",
                "POST | partition | {\"groups\":[]}                | 400 | a partition has at least one group",
                "POST | partition | {}                             | 400 | \"groups\" is missing",
                "POST | isolate   | {}                             | 400 | \"replica\" is missing",
                "POST | isolate   | {\"replica\":\"Q\"}            | 404 | there is no replica \"Q\"",
                "POST | heal      | {\"to\":\"Q\"}                 | 404 | there is no replica \"Q\"",
                "POST | heal      | {\"two\":\"A\"}                | 400 | did you mean \"to\"?",
                "POST | replicas/Q/crash   | {}                    | 404 | there is no replica \"Q\"",
                "POST | replicas/Q/restart | {}                    | 404 | there is no replica \"Q\"",
            })
    void faultsThatAreNone(String method, String path, String body, int status, String detail) {
        HttpResponse<String> answer = server.send(server.request("A", "/lab/" + path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
        assertProblem(status, detail, answer);
    }

    /** Each would take seconds on the threads that serve all, and its answer would be as long as itself. */
    @ParameterizedTest
    @Timeout(30)
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT  | /lab/links     | {'###':1}                                     | 400 | there is no member",
                "PUT  | /lab/links     | {'delay':'###s'}                              | 400 | has at most 8192 letters",
                "PUT  | /lab/links     | {'loss':###}                                  | 400 | has at most 8192 letters",
                "PUT  | /lab/links     | {'cut':'###'}                                 | 400 | has at most 8192 letters",
                "PUT  | /lab/links     | '###'                                         | 400 | the body is a JSON object",
                "POST | /lab/partition | {'groups':[[###]]}                            | 400 | has at most 8192 letters",
                "POST | /sync          | {'key':'x','value':1,'from':'B','clock':{'B':###}} | 400 | has at most 8192 letters",
                "POST | /digest        | {'number':'1','at':[###]}                     | 400 | has at most 32768 letters",
                "POST | /write         | {'key':'###','value':1}                       | 400 | has at most 8192 letters",
                "POST | /write         | {'key':'big','value':###}                     | 200 | ",
                "PUT  | /kv/big        | ###                                           | 200 | ",
            })
    void aMegabyteWhereALittleIsExpected(String method, String path, String body, int status, String detail) {
        String large = body.replace('\'', '"').replace("###", "1".repeat(900_000));
        HttpResponse<String> answer = hostile.send(hostile.request("A", path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(large)));
        assertEquals(status, answer.statusCode());
        if (status != 200) {
            assertProblem(status, detail, answer);
            assertTrue(answer.body().length() < 5_000, () -> answer.body().length() + " letters");
        }
    }

    @Test
    void aWrongPlaceInTheEvents() {
        for (String id : new String[] {"yesterday", "-5", "a-b", "a--1"}) {
            assertProblem(
                    400,
                    "Last-Event-ID is the id of an event",
                    server.send(server.request("A", "/events").header("Last-Event-ID", id)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "some-later-word"})
    void pagesOfOtherSitesMayNotUseTheLab(String site) {
        HttpResponse<String> answer = server.send(server.request("A", "/lab/replicas/A/crash")
                .header("Sec-Fetch-Site", site)
                .POST(BodyPublishers.noBody()));
        assertProblem(403, "pages of other sites may not use the lab", answer);
        assertEquals(200, server.get("A", "/ready").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void whoTypesAnAddressMayUseTheLab(String site) {
        HttpResponse<String> answer =
                server.send(server.request("A", "/lab/links").header("Sec-Fetch-Site", site));
        assertEquals(200, answer.statusCode());
    }

    @Test
    void theLabIsOffWhereTheDeploymentDoesNotTurnItOn() {
        try (TestServer closed = TestServer.start(Limits.DEFAULT, false)) {
            assertProblem(404, "the lab is off", closed.get("A", "/lab/links"));
            assertProblem(404, "the lab is off", closed.post("A", "/lab/replicas/A/crash", ""));
            assertEquals(200, closed.get("A", "/ready").statusCode());
        }
    }

    private static void assertProblem(int status, String detail, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElseThrow());
        JsonNode problem = json(answer);
        assertEquals(status, problem.get("status").intValue());
        assertEquals("about:blank", problem.get("type").textValue());
        assertTrue(!problem.get("title").textValue().isEmpty());
        assertTrue(problem.get("detail").textValue().contains(detail), answer.body());
    }
}
