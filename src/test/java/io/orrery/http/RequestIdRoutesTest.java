package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.client.Headers;
import io.orrery.client.KeyCall;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.history.History;
import io.orrery.history.HistoryReader;
import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header Orrery-Request: a write that is sent again is carried out once. */
@Timeout(60)
class RequestIdRoutesTest {
    private static Path recorded;
    private static TestServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        recorded = folder.resolve("history.jsonl");
        server = TestServer.recording(Protocols.named("raft"), recorded);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> put(String node, String key, String value, String id) {
        return server.send(server.request(node, "/kv/" + key)
                .header("Content-Type", "application/json")
                .header("Orrery-Request", id)
                .PUT(BodyPublishers.ofString(value)));
    }

    private static HttpResponse<String> delete(String node, String key, String id) {
        return server.send(
                server.request(node, "/kv/" + key).header("Orrery-Request", id).DELETE());
    }

    private static void assertProblem(int status, String text, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(json(answer).get("detail").textValue().contains(text), answer.body());
    }

    @Test
    void aRepeatAtAnotherReplicaIsAnsweredAsTheFirst() {
        HttpResponse<String> first = put("A", "x", "1", "once");
        assertEquals("applied", json(first).get("status").textValue(), first.body());
        server.put("B", "/kv/x", "2");
        HttpResponse<String> again = put("C", "x", "1", "once");
        assertEquals("repeated", json(again).get("status").textValue(), again.body());
        assertEquals(json(first).get("version"), json(again).get("version"));
        assertEquals("2", server.value("A", "x"));
        assertEquals("applied", json(delete("A", "x", "gone")).get("status").textValue());
        server.put("B", "/kv/x", "3");
        assertEquals("repeated", json(delete("B", "x", "gone")).get("status").textValue());
        assertEquals("3", server.value("C", "x"));
    }

    @Test
    void theIdOfAnotherRequestIsAProblemAndNothingIsChanged() {
        put("A", "y", "1", "other:id");
        assertProblem(422, "the request id other:id belongs to another request", put("B", "y", "2", "other:id"));
        assertProblem(422, "nothing was done", delete("B", "y", "other:id"));
        assertProblem(422, "nothing was done", put("B", "z", "1", "other:id"));
        assertEquals("1", server.value("C", "y"));
        assertEquals(404, server.get("C", "/kv/z").statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "two words",
                "a;after=",
                "a;after=-1",
                "a;before=2",
                "a;after=1234567890123456789",
                "é",
                "a/b"
            })
    void whatIsNoIdIsRefused(String id) {
        assertProblem(400, "Orrery-Request", put("A", "malformed", "1", id));
        assertProblem(400, "Orrery-Request", put("A", "malformed", "1", "a".repeat(65)));
        assertEquals(404, server.get("A", "/kv/malformed").statusCode());
    }

    @Test
    void aReadTakesNone() {
        assertProblem(
                400,
                "a read takes no Orrery-Request",
                server.send(server.request("A", "/kv/x").header("Orrery-Request", "r")));
    }

    static Stream<ProtocolType> protocolsWithout() {
        // The front is the same for all: two families are enough.
        return Stream.of(Protocols.named("lamport-lww"), Protocols.named("leader-quorum"));
    }

    @ParameterizedTest
    @MethodSource("protocolsWithout")
    void whereNobodyRemembersIdsTheyAreRefused(ProtocolType protocol) {
        try (TestServer other = TestServer.start(protocol, Deployment.Limits.DEFAULT, true)) {
            HttpResponse<String> answer = other.send(other.request("A", "/kv/x")
                    .header("Content-Type", "application/json")
                    .header("Orrery-Request", "r")
                    .PUT(BodyPublishers.ofString("1")));
            assertProblem(501, protocol + " remembers no request ids", answer);
            assertEquals(404, other.get("A", "/kv/x").statusCode());
            assertFalse(json(other.get("A", "/status")).get("requestIds").booleanValue());
        }
        assertTrue(json(server.get("A", "/status")).get("requestIds").booleanValue());
    }

    @Test
    void aClientUnderstandsTheAnswers() {
        Operation write = new Operation.Write(Key.of("k"), Value.of(1L));
        RestClient client = new RestClient(server.url("A")).withHeaders(Map.of(Headers.REQUEST, "known"));
        KeyCall call = KeyCall.of(write);
        client.send(call.method(), call.path(), call.body()).requireSuccess();
        Outcome.Done again = (Outcome.Done) call.outcome(client.send(call.method(), call.path(), call.body()));
        assertEquals(Outcome.Status.REPEATED, again.status());
        KeyCall other = KeyCall.of(new Operation.Delete(Key.of("k")));
        Outcome.Refused refused =
                (Outcome.Refused) other.outcome(client.send(other.method(), other.path(), other.body()));
        assertEquals(Outcome.Reason.REUSED, refused.reason());
    }

    /** The replicas cannot know that two requests are one operation: what a repeat says is no news in the history. */
    @Test
    void theRecordedHistoryClaimsNoSecondEffect() throws IOException {
        put("A", "h", "1", "h1");
        server.put("A", "/kv/h", "2");
        put("B", "h", "1", "h1");
        server.get("C", "/kv/h");
        History history = HistoryReader.read(recorded);
        assertEquals(
                Verdict.Holds.class,
                Checker.check(history, Model.LINEARIZABLE, CheckOptions.DEFAULT).getClass());
    }
}
