package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.KeyCall;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Protocols;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compare-and-set over HTTP, and reads of what a client may have. */
class ConditionalRequestsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = of("raft");
    }

    private static TestServer of(String protocol) {
        return TestServer.start(Protocols.named(protocol), Deployment.Limits.DEFAULT, true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> put(String node, String key, String value, String header, String condition) {
        return server.send(server.request(node, "/kv/" + key)
                .header("Content-Type", "application/json")
                .header(header, condition)
                .PUT(BodyPublishers.ofString(value)));
    }

    private static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void aWriteTakesEffectOnlyAtTheExpectedVersion() {
        String first = tag(server.put("A", "/kv/x", "1"));
        HttpResponse<String> second = put("B", "x", "2", "If-Match", first);
        assertEquals(200, second.statusCode(), second.body());
        HttpResponse<String> late = put("C", "x", "3", "If-Match", first);
        assertEquals(412, late.statusCode(), late.body());
        assertEquals(tag(second), tag(late));
        assertEquals(json(second).get("version"), json(late).get("version"));
        assertEquals(2, json(late).get("value").intValue());
        assertEquals("2", server.value("A", "x"));
    }

    @Test
    void theShortFormOfAVersionIsEnough() {
        String version = json(server.put("A", "/kv/short", "1")).get("version").textValue();
        assertEquals(
                200, put("A", "short", "2", "If-Match", "\"" + version + "\"").statusCode());
        assertEquals(
                412, put("A", "short", "3", "If-Match", "\"" + version + "\"").statusCode());
    }

    @Test
    void aKeyIsCreatedOnce() {
        assertEquals(200, put("A", "new", "1", "If-None-Match", "*").statusCode());
        assertEquals(412, put("B", "new", "2", "If-None-Match", "*").statusCode());
        server.delete("A", "/kv/new");
        assertEquals(200, put("C", "new", "3", "If-None-Match", "*").statusCode());
    }

    @Test
    void aDeleteMayHaveACondition() {
        String tag = tag(server.put("A", "/kv/gone", "1"));
        server.put("A", "/kv/gone", "2");
        assertEquals(
                412,
                server.send(server.request("B", "/kv/gone")
                                .header("If-Match", tag)
                                .DELETE())
                        .statusCode());
        assertEquals("2", server.value("A", "gone"));
    }

    @Test
    void whatAClientHasIsNotSentAgain() {
        String tag = tag(server.put("A", "/kv/known", "1"));
        HttpResponse<String> same = server.send(
                server.request("B", "/kv/known").header("If-None-Match", tag).GET());
        assertEquals(304, same.statusCode());
        assertEquals("", same.body());
        assertEquals(tag, tag(same));
        server.put("A", "/kv/known", "2");
        HttpResponse<String> other = server.send(
                server.request("B", "/kv/known").header("If-None-Match", tag).GET());
        assertEquals(200, other.statusCode());
        assertEquals(2, json(other).get("value").intValue());
    }

    @ParameterizedTest
    @CsvSource({
        "If-Match, *, one version in quotes",
        "If-Match, 7@A, one version in quotes",
        "If-Match, '\"7@A\", \"8@A\"', one version in quotes",
        "If-Match, '\"seven\"', COUNTER@NODE",
        "If-None-Match, '\"7@A\"', If-None-Match: *"
    })
    void whatIsNoConditionOfAWriteIsRefused(String header, String condition, String why) {
        HttpResponse<String> answer = put("A", "odd", "1", header, condition);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(json(answer).get("detail").textValue().contains(why), answer.body());
        assertEquals(404, server.get("A", "/kv/odd").statusCode());
    }

    @Test
    void oneConditionIsEnough() {
        HttpResponse<String> answer = server.send(server.request("A", "/kv/odd")
                .header("Content-Type", "application/json")
                .header("If-Match", "\"7@A\"")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("1")));
        assertEquals(400, answer.statusCode(), answer.body());
    }

    @Test
    void aClientOfTheLibraryComparesToo() {
        RestClient client = new RestClient(server.url("A"));
        Key key = Key.of("library");
        Outcome.Done made = (Outcome.Done) compared(client, key, Optional.empty(), 1);
        assertTrue(compared(client, key, made.version(), 2) instanceof Outcome.Done);
        Outcome.Mismatch late = (Outcome.Mismatch) compared(client, key, made.version(), 3);
        assertEquals(Optional.of(Value.of(2)), late.value());
    }

    private static Outcome compared(RestClient client, Key key, Optional<Version> expected, long value) {
        return KeyCall.of(new Operation.CompareAndSet(key, expected, Optional.of(Value.of(value))))
                .send(client, "", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "primary-causal", "abd"})
    void otherProtocolsSayWhyNot(String protocol) {
        try (TestServer other = of(protocol)) {
            HttpResponse<String> answer = other.send(other.request("A", "/kv/x")
                    .header("Content-Type", "application/json")
                    .header("If-None-Match", "*")
                    .PUT(BodyPublishers.ofString("1")));
            assertEquals(501, answer.statusCode(), answer.body());
            String why = json(answer).get("detail").textValue();
            assertTrue(why.startsWith("there is no compare-and-set with " + protocol) && why.contains("raft"), why);
            assertEquals(404, other.get("A", "/kv/x").statusCode());
        }
    }
}
