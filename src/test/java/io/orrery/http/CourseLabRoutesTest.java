package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The labs' own clients work unchanged: "Vector clocks and causal consistency", "Single leader, write quorum". */
class CourseLabRoutesTest {
    private static TestServer vector;
    private static TestServer quorum;

    @BeforeAll
    static void start() {
        vector = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "vector-causal.conf")));
        quorum = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "leader-quorum.conf")));
    }

    @AfterAll
    static void stop() {
        vector.close();
        quorum.close();
    }

    private static TestServer fresh(String name) {
        return TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", name + ".conf")));
    }

    @Test
    void whatIsStoredAtOneNodeIsFetchedAtTheOthers() {
        HttpResponse<String> stored = vector.put("node1", "/store", "{\"key\":\"a b\",\"value\":{\"n\":1.10}}");
        assertEquals(200, stored.statusCode(), stored.body());
        assertEquals("applied", json(stored).get("status").textValue());
        assertTrue(stored.headers().firstValue("Orrery-Session").isPresent(), "it is the same operation as PUT /kv");
        eventually("node3 has it", () -> vector.get("node3", "/fetch?key=a%20b").statusCode() == 200);
        assertTrue(vector.get("node3", "/fetch?key=a%20b").body().contains("\"value\":{\"n\":1.10}"), "all digits");
        assertEquals(
                200,
                vector.post("node2", "/store", "{\"key\":\"a b\",\"value\":null}")
                        .statusCode());
        assertEquals("null", vector.value("node2", "a%20b"));
        assertEquals(404, vector.get("node2", "/fetch?key=none").statusCode());
    }

    @Test
    void aValueMayBeAnyThatTheStoreTakes() {
        for (String value : List.of("9".repeat(2_000), "[".repeat(1_000) + "]".repeat(1_000), "1e99999999999")) {
            HttpResponse<String> stored = vector.put("node1", "/store", "{\"key\":\"any\",\"value\":" + value + "}");
            assertEquals(200, stored.statusCode(), stored.body());
            assertTrue(vector.get("node1", "/fetch?key=any").body().contains("\"value\":" + value + ","));
        }
        for (String wrong : List.of(
                "{\"key\":\"any\",\"value\":" + "[".repeat(1_001) + "]".repeat(1_001) + "}",
                "{\"key\":\"any\",\"key\":\"any\",\"value\":1}",
                "{\"key\":\"any\",\"value\":1} {}")) {
            assertEquals(400, vector.put("node1", "/store", wrong).statusCode());
        }
    }

    @Test
    void halfASurrogatePairIsKeptAsAnEscape() {
        String value = "[\"\\udc00\",\"half \\ud800\"]";
        HttpResponse<String> stored = vector.put("node1", "/store", "{\"key\":\"half\",\"value\":" + value + "}");
        assertEquals(200, stored.statusCode(), stored.body());
        assertTrue(stored.body().contains("\"value\":" + value + ","), stored.body());
        eventually(
                "node2 has it",
                () -> vector.get("node2", "/fetch?key=half").body().contains(value));
        assertTrue(vector.get("node1", "/data").body().contains(value));

        HttpResponse<String> refused = vector.put("node1", "/store", "{\"key\":\"\\ud800\",\"value\":1}");
        assertEquals(400, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("a key must be valid Unicode"), refused.body());
    }

    @Test
    void theStatusIsInTheWordsOfTheLab() {
        try (TestServer server = fresh("vector-causal")) {
            assertEquals(
                    "Node node1 is running with clock: {node1: 0, node2: 0, node3: 0}",
                    json(server.get("node1", "/status")).get("message").textValue());
            server.put("node1", "/store", "{\"key\":\"x\",\"value\":1}");
            assertEquals(
                    "Node node1 is running with clock: {node1: 1, node2: 0, node3: 0}",
                    json(server.get("node1", "/status")).get("message").textValue());
        }
    }

    /** "Hand-made replicated data: the way to show buffering by hand." */
    @Test
    void aSyncThatComesEarlyIsBufferedAndShownWhenWhatItLacksHasCome() {
        try (TestServer server = fresh("vector-causal")) {
            String second = "{\"key\":\"x\",\"value\":\"B\",\"from\":\"node2\",\"clock\":{\"node1\":1,\"node2\":1}}";
            HttpResponse<String> early = server.post("node3", "/sync", second);
            assertEquals(200, early.statusCode(), early.body());
            assertEquals("buffered", json(early).get("status").textValue());
            assertEquals(404, server.get("node3", "/fetch?key=x").statusCode());
            JsonNode held = json(server.get("node3", "/status")).get("held");
            assertEquals("write node1:1", held.get(0).get("waitsFor").textValue());
            assertEquals("x", held.get(0).get("key").textValue());

            String first = "{\"key\":\"x\",\"value\":\"A\",\"from\":\"node1\",\"clock\":{\"node1\":1}}";
            assertEquals(
                    "applied",
                    json(server.post("node3", "/sync", first)).get("status").textValue());
            assertEquals("\"B\"", server.value("node3", "x"));
            assertEquals(0, json(server.get("node3", "/status")).get("held").size());

            String other = first.replace("\"A\"", "\"C\"");
            HttpResponse<String> contradiction = server.post("node3", "/sync", other);
            assertEquals(400, contradiction.statusCode());
            assertTrue(
                    json(contradiction)
                            .get("detail")
                            .textValue()
                            .startsWith("write node1:1 has been applied here already"),
                    contradiction.body());
            assertEquals("\"B\"", server.value("node3", "x"), "it is not stored");
        }
    }

    @Test
    void theLeaderTakesWritesAndTheFollowersAnswerReads() {
        HttpResponse<String> written = quorum.post("leader", "/write", "{\"key\":\"x\",\"value\":7}");
        assertEquals(200, written.statusCode(), written.body());
        assertEquals(1, json(written).get("version").intValue());
        assertEquals(7, json(quorum.get("leader", "/read?key=x")).get("value").intValue());
        eventually(
                "follower5 has it", () -> quorum.get("follower5", "/read?key=x").statusCode() == 200);
        eventually(
                "it is in the data",
                () -> quorum.get("follower4", "/data").body().contains("\"x\":{\"value\":7,"));
        assertEquals(200, quorum.get("follower1", "/health").statusCode());

        HttpResponse<String> refused = quorum.post("follower1", "/write", "{\"key\":\"x\",\"value\":8}");
        assertEquals(403, refused.statusCode());
        assertEquals("leader", json(refused).get("leader").textValue());
    }

    @Test
    void aFollowerTakesWhatIsReplicatedByHandAndTheLeaderDoesNot() {
        HttpResponse<String> taken = quorum.post("follower1", "/replicate", "{\"key\":\"by hand\",\"value\":1}");
        assertEquals(200, taken.statusCode(), taken.body());
        assertEquals("1", quorum.value("follower1", "by%20hand"));
        HttpResponse<String> refused = quorum.post("leader", "/replicate", "{\"key\":\"y\",\"value\":1}");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("made by hand"), refused.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PUT  | /store     | {\"key\":\"x\"}                       | 400 | \"value\" is missing",
                "PUT  | /store     | {\"value\":1}                         | 400 | \"key\" is missing",
                "PUT  | /store     | {\"key\":\"\",\"value\":1}            | 400 | a key may not be empty",
                "PUT  | /store     | {\"key\":1,\"value\":1}               | 400 | \"key\" is a text, not 1",
                "PUT  | /store     | {\"key\":\"x\",\"valeu\":1}           | 400 | did you mean \"value\"?",
                "POST | /store     | {\"key\":                             | 400 | not JSON",
                "GET  | /store     | ``                                    | 405 | /store takes PUT, POST, not GET",
                "POST | /fetch     | ``                                    | 405 | /fetch takes GET, not POST",
                "GET  | /fetch     | ``                                    | 400 | \"key\" is missing, as in /fetch?key=x",
                "GET  | /fetch?key= | ``                                   | 400 | a key may not be empty",
                "GET  | /fetch?key=%C3 | ``                                | 400 | the key in the query is not UTF-8",
                "GET  | /read/x    | ``                                    | 404 | there is no route /read/x",
                "GET  | /sync      | ``                                    | 405 | /sync takes POST, not GET",
                "POST | /sync      | {\"key\":\"x\",\"value\":1}           | 400 | \"from\" is missing",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"a b\"} | 400 | a replica id is 1 to 64 letters",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node9\",\"clock\":{}} | 400 | a sync comes from another replica",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\"} | 400 | the clock counts no write of node2",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":[1]} | 400 | \"clock\" is an object of whole numbers, not a list",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":-1}} | 400 | whole numbers, 0 or more, not with -1",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":1.5}} | 400 | whole numbers, 0 or more, not with 1.5",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":99999999999999999999}} | 400 | whole numbers, 0 or more",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":9223372036854775807}} | 400 | the clock is impossible: a count is at most 2^53, not 9223372036854775807",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":9007199254740992}} | 400 | the clock is impossible: so many writes of node2",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":1,\"node3\":9007199254740992}} | 400 | the clock is impossible: so many writes of node3",
                "POST | /replicate | {\"key\":\"x\"}                       | 400 | \"value\" is missing",
            })
    void malformedInputIsAnsweredWithAProblem(String method, String path, String body, int status, String detail) {
        HttpResponse<String> answer = vector.send(vector.request("node1", path)
                .header("Content-Type", "application/json")
                .method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body)));
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(json(answer).get("detail").textValue().contains(detail), answer.body());
        assertEquals(200, vector.get("node1", "/ready").statusCode());
    }

    /** A session that has seen what no replica can have made would wait for it in vain. */
    @ParameterizedTest
    @CsvSource({
        "vector-causal, node1:9223372036854775807",
        "vector-causal, node1:9007199254740992",
        "vector-causal, node2:1099511627777",
        "primary-causal, 1:9007199254740992",
        "cops, x:9223372036854775807@1:1",
        "cops, x:9007199254740992@1:1",
        "cops, x:1@1:9007199254740992",
        "cops, x:1@1:9223372036854775807",
    })
    void aSessionThatCannotBeIsRefusedAtOnce(String protocol, String token) {
        try (TestServer server = fresh(protocol)) {
            String first = token.contains("node") ? "node1" : "1";
            HttpResponse<String> answer =
                    server.send(server.request(first, "/kv/x").header("Orrery-Session", token));
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(json(answer).get("detail").textValue().contains("not a session token"), answer.body());
            assertEquals(404, server.get(first, "/kv/x").statusCode());
        }
    }

    @Test
    void theRoutesAreOffWhereTheLabIs() {
        try (TestServer closed = TestServer.start(Deployment.Limits.DEFAULT, false)) {
            for (String path : new String[] {"/store", "/sync", "/write", "/replicate"}) {
                HttpResponse<String> answer = closed.post("A", path, "{\"key\":\"x\",\"value\":1}");
                assertEquals(404, answer.statusCode());
                assertTrue(answer.body().contains("the lab is off"), answer.body());
            }
            assertEquals(404, closed.get("A", "/data").statusCode());
            assertEquals("", closed.value("A", "x"));
        }
    }
}
