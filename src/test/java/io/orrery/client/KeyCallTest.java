package io.orrery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Outcome.Done;
import io.orrery.model.Outcome.Reason;
import io.orrery.model.Outcome.Refused;
import io.orrery.model.Outcome.Status;
import io.orrery.model.Outcome.Unknown;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCallTest {
    private static final KeyCall READ = KeyCall.of(new Operation.Read(Key.of("x")));

    @Test
    void eachOperationHasItsRequest() {
        Key key = Key.of("a/b c");
        Value value = Value.parse("{\"n\":1.10}");
        assertEquals(request("GET", "/kv/a%2Fb%20c", ""), request(new Operation.Read(key)));
        assertEquals(request("PUT", "/kv/a%2Fb%20c", "{\"n\":1.10}"), request(new Operation.Write(key, value)));
        assertEquals(request("DELETE", "/kv/a%2Fb%20c", ""), request(new Operation.Delete(key)));
        assertEquals(
                request("POST", "/sync", """
                        {"key":"a/b c","from":"B","value":{"n":1.10},"clock":{"B":2}}"""),
                request(new Operation.HandMadeWrite(key, value, NodeId.of("B"), Map.of(NodeId.of("B"), 2L))));
    }

    private static String request(Operation operation) {
        KeyCall call = KeyCall.of(operation);
        return request(call.method(), call.path(), call.body());
    }

    private static String request(String method, String path, String body) {
        return method + " " + path + " " + body;
    }

    private static Outcome outcome(int status, String body, String session) {
        return READ.outcome(new RestClient.Answer(status, body, session));
    }

    @ParameterizedTest
    @CsvSource({"applied, APPLIED", "buffered, BUFFERED", "accepted, ACCEPTED"})
    void whatWasDoneKeepsItsValueVersionStatusAndSession(String word, Status status) {
        assertEquals(
                new Done(Optional.of(Value.of(1)), Optional.of(Version.of(7, "A")), status, "token"),
                outcome(200, """
                        {"key":"x","value":1,"version":"7@A","node":"B","status":"%s"}""".formatted(word), "token"));
        assertEquals(new Done(Optional.empty(), Optional.empty(), status, ""), outcome(200, """
                        {"key":"x","node":"B","status":"%s"}""".formatted(word), ""));
    }

    @Test
    void anAbsentKeyIsWhatWasReadAndMayHaveTheVersionOfItsDelete() {
        assertEquals(
                new Done(Optional.empty(), Optional.of(Version.of(2, "A")), Status.APPLIED, "token"),
                outcome(404, """
                        {"detail":"there is no key","key":"x","node":"B","version":"2@A"}""", "token"));
    }

    @ParameterizedTest
    @CsvSource({"403, NOT_LEADER", "503, UNAVAILABLE", "507, FULL", "400, INVALID", "413, INVALID", "404, INVALID"})
    void whatWasRefusedDidNotHappen(int status, Reason reason) {
        assertEquals(new Refused(reason, "why"), outcome(status, "{\"detail\":\"why\"}", ""));
    }

    @Test
    void aFollowerNamesItsLeader() {
        assertEquals(new Refused(Reason.NOT_LEADER, "A"), outcome(403, "{\"detail\":\"why\",\"leader\":\"A\"}", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 504})
    void ofWhatFailedInsideOrTookTooLongNobodyKnows(int status) {
        assertEquals(new Unknown("why"), outcome(status, "{\"detail\":\"why\"}", ""));
    }

    @ParameterizedTest
    @CsvSource({"503, busy", "503, '{\"error\":\"busy\"}'", "400, <html>", "200, ok"})
    void theAnswerOfSomethingElseSaysNothing(int status, String text) {
        Outcome outcome = outcome(status, text, "");
        assertInstanceOf(Unknown.class, outcome);
    }
}
