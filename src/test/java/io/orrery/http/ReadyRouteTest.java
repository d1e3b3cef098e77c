package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment;
import io.orrery.protocol.Protocols;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code /ready} says what a replica waits for, and what it does all the same. */
@Execution(ExecutionMode.CONCURRENT)
class ReadyRouteTest {
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    private void start(String protocol) {
        server = TestServer.start(Protocols.named(protocol), Deployment.Limits.DEFAULT, true);
        for (String id : List.of("A", "B", "C")) {
            eventually(id + " is ready", () -> isReady(id));
        }
    }

    private boolean isReady(String id) {
        return server.get(id, "/ready").statusCode() == 200;
    }

    private JsonNode ready(String id) {
        return json(server.get(id, "/ready"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(it -> texts.add(it.textValue()));
        return texts;
    }

    private String whyMissing(String id, String what) {
        for (JsonNode missing : ready(id).get("missing")) {
            if (missing.get("what").textValue().equals(what)) {
                return missing.get("why").textValue();
            }
        }
        return "";
    }

    @Test
    void aFollowerOfADeadLeaderServesLocalReadsAndIsNotReady() {
        start("leader-quorum");
        Instant before = Instant.now();
        server.post("A", "/lab/replicas/A/crash", "");
        HttpResponse<String> answer = server.get("B", "/ready");
        assertEquals(503, answer.statusCode());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(List.of("local reads"), texts(json(answer).get("serves")));
        assertEquals("waiting", json(answer).get("state").textValue());
        assertEquals("not reached: A", whyMissing("B", "the leader's writes"));
        String since = json(answer).get("missing").get(0).get("since").textValue();
        assertTrue(Instant.parse(since).isAfter(before.minusMillis(1)), since);
        assertEquals(since, ready("B").get("missing").get(0).get("since").textValue(), "and stays so");
        assertEquals(200, server.get("B", "/ready?for=reads").statusCode());
        assertEquals(503, server.get("B", "/ready?for=writes").statusCode());

        server.post("A", "/lab/replicas/A/restart", "");
        eventually("B reaches its leader again", () -> isReady("B"));
        assertEquals(503, server.get("B", "/ready?for=writes").statusCode(), "a follower takes none");
        eventually("the leader does", () -> server.get("A", "/ready?for=writes").statusCode() == 200);
        assertEquals(400, server.get("A", "/ready?for=fun").statusCode());
    }

    @Test
    void aLeaderThatLacksFollowersOrLostItsDiskSaysWhomItWaitsFor() {
        start("leader-quorum");
        server.put("A", "/kv/x", "1");
        server.post("A", "/lab/replicas/C/crash", "");
        assertEquals(503, server.get("A", "/ready").statusCode());
        assertEquals("not reached: C", whyMissing("A", "writes"), "both followers are to have a write");
        assertEquals(200, server.get("A", "/ready?for=reads").statusCode());

        server.post("A", "/lab/replicas/A/wipe", "");
        server.post("A", "/lab/replicas/A/restart", "");
        eventually(
                "it has asked B",
                () -> texts(ready("A").get("unheard")).equals(List.of("C"))
                        && ready("A").get("state").textValue().equals("waiting"));
        assertEquals(503, server.get("A", "/ready").statusCode());
        assertTrue(whyMissing("A", "writes").contains("C"), () -> whyMissing("A", "writes"));

        server.post("A", "/lab/replicas/C/restart", "");
        eventually("all is well", () -> isReady("A"));
        assertEquals("1", server.value("A", "x"));
    }

    @Test
    void whereAWriteWaitsForAllNobodyTakesOneWithoutAll() {
        start("primary-sequential");
        server.post("A", "/lab/isolate", "{\"replica\":\"C\"}");
        for (String id : List.of("A", "B", "C")) {
            assertEquals(503, server.get(id, "/ready").statusCode());
            assertEquals(List.of("local reads"), texts(ready(id).get("serves")));
        }
        assertEquals("not reached: A, B", whyMissing("C", "writes"));
        server.post("A", "/lab/heal", "");
        eventually("all is well", () -> isReady("C"));
    }

    @Test
    void aMultiMasterReplicaThatIsCutOffTakesWritesAndSaysThatItHasHeardOfNobody() {
        start("lamport-lww");
        server.put("A", "/kv/x", "1");
        eventually("B has x", () -> server.value("B", "x").equals("1"));
        server.post("A", "/lab/isolate", "{\"replica\":\"B\"}");
        assertTrue(isReady("B"));
        assertEquals(List.of(), texts(ready("B").get("unheard")));

        server.post("A", "/lab/replicas/B/wipe", "");
        server.post("A", "/lab/replicas/B/restart", "");
        eventually("B takes writes", () -> isReady("B"));
        assertEquals(List.of("A", "C"), texts(ready("B").get("unheard")));
        assertEquals(200, server.put("B", "/kv/y", "1").statusCode());

        server.post("A", "/lab/heal", "");
        eventually("B has heard of all", () -> texts(ready("B").get("unheard")).isEmpty() && isReady("B"));
        assertEquals("1", server.value("B", "x"), "what is there is found once it is ready");
    }

    /** Not even for a moment has it had what they had. */
    @Test
    void aReplicaThatIsCutOffWhileItCatchesUpIsNotDoneWithIt() {
        start("lamport-lww");
        server.put("A", "/kv/x", "1");
        eventually("C has x", () -> server.value("C", "x").equals("1"));
        server.put("A", "/lab/links", "{\"from\":\"*\",\"to\":\"B\",\"kind\":\"delta\",\"loss\":1}");
        server.post("A", "/lab/replicas/B/wipe", "");
        server.post("A", "/lab/replicas/B/restart", "");
        eventually(
                "B has heard of both, and what they have does not come",
                () -> ready("B").get("state").textValue().equals("catching-up")
                        && texts(ready("B").get("unheard")).isEmpty());
        server.post("A", "/lab/isolate", "{\"replica\":\"B\"}");
        eventually("alone it takes writes", () -> isReady("B"));
        server.post("A", "/lab/heal", "");
        eventually(
                "it catches up again", () -> ready("B").get("state").textValue().equals("catching-up"));
        server.put("A", "/lab/links", "{\"from\":\"*\",\"to\":\"B\",\"kind\":\"delta\",\"loss\":0}");
        eventually("B is ready", () -> isReady("B"));
        assertEquals("1", server.value("B", "x"));
    }

    /** What exists elsewhere must not look absent here once it is ready. */
    @Test
    void aReplicaThatLostItsDiskIsReadyWhenItHasAllThatTheOthersHad() {
        start("lamport-lww");
        int keys = 50;
        for (int i = 0; i < keys; i++) {
            server.put("A", "/kv/k" + i, "1");
        }
        server.put("A", "/lab/links", "{\"from\":\"*\",\"to\":\"*\",\"delay\":\"50ms\"}");
        server.post("A", "/lab/replicas/B/wipe", "");
        server.post("A", "/lab/replicas/B/restart", "");
        boolean hasWaited = false;
        while (!isReady("B")) {
            hasWaited = true;
        }
        assertTrue(hasWaited);
        assertEquals(keys, json(server.get("B", "/status")).get("keys").intValue());
    }
}
