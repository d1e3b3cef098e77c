package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment.Connections;
import io.orrery.deployment.Deployment.Limits;
import io.orrery.deployment.DeploymentLoader;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Faults over HTTP, each with its effect. */
@Execution(ExecutionMode.CONCURRENT)
class LabRoutesTest {
    private static final Duration PATIENCE = Duration.ofMillis(1_500);
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(new Limits(1_000, 1, 1_000, PATIENCE, 100, Connections.DEFAULT), true);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aLinkThatIsCutPassesNothingUntilItIsHealed() {
        JsonNode links = json(server.put("A", "/lab/links", "{\"from\":\"A\",\"to\":\"C\",\"cut\":true}"));
        assertEquals(true, link(links, "A", "C").get("cut").booleanValue());
        assertEquals(false, link(links, "C", "A").get("cut").booleanValue());
        server.put("A", "/kv/x", "1");
        // C hears of it from B, which is why the way from there is cut too.
        eventually("B has x", () -> server.value("B", "x").equals("1"));
        server.put("A", "/lab/links", "{\"to\":\"C\",\"cut\":true}");
        server.put("A", "/kv/y", "2");
        eventually("B has y", () -> server.value("B", "y").equals("2"));
        assertEquals("", server.value("C", "y"));
        assertEquals(200, server.post("A", "/lab/heal", "{\"to\":\"C\"}").statusCode());
        eventually("C has y", () -> server.value("C", "y").equals("2"));
    }

    @Test
    void aRuleChangesOnlyWhatItNames() {
        server.put("A", "/lab/links", "{\"delay\":\"1ms..5ms\",\"loss\":0.5}");
        server.put("B", "/lab/links", "{\"from\":\"*\",\"to\":\"B\",\"duplicate\":0.25,\"lossRun\":\"3..20\"}");
        JsonNode links = json(server.get("C", "/lab/links"));
        assertEquals(6, links.get("links").size());
        assertEquals("1ms..5ms", link(links, "A", "B").get("delay").textValue());
        assertEquals(0.5, link(links, "A", "B").get("loss").doubleValue());
        assertEquals(0.25, link(links, "A", "B").get("duplicate").doubleValue());
        assertEquals(0, link(links, "B", "A").get("duplicate").doubleValue());
        assertEquals(0.5, link(links, "B", "A").get("loss").doubleValue());
        assertEquals("3..20", link(links, "A", "B").get("lossRun").textValue());
        assertFalse(link(links, "B", "A").has("lossRun"), "losses are single ones");
    }

    @Test
    void aDelayHoldsMessagesUp() {
        server.put("A", "/lab/links", "{\"from\":\"A\",\"delay\":\"1h\"}");
        server.put("A", "/kv/x", "1");
        assertTrue(link(json(server.get("A", "/lab/links")), "A", "B")
                        .get("underWay")
                        .intValue()
                > 0);
        assertEquals("", server.value("B", "x"));
        server.put("A", "/lab/links", "{\"from\":\"A\",\"delay\":\"0s\"}");
        eventually("B has x", () -> server.value("B", "x").equals("1"));
    }

    @Test
    void oneKeyIsHeldUpAndTheOthersPass() {
        JsonNode links =
                json(server.put("A", "/lab/links", "{\"from\":\"A\",\"key\":\"y\",\"kind\":\"update\",\"cut\":true}"));
        assertEquals(
                "[{\"key\":\"y\",\"kind\":\"update\",\"cut\":true}]",
                link(links, "A", "B").get("special").toString());
        assertEquals("[]", link(links, "B", "A").get("special").toString());
        server.put("A", "/lab/links", "{\"kind\":\"fetch\",\"cut\":true}");
        server.put("A", "/kv/y", "1");
        server.put("A", "/kv/x", "2");
        eventually("B has x", () -> server.value("B", "x").equals("2"));
        assertEquals("", server.value("B", "y"));
        server.post("A", "/lab/heal", "");
        eventually("B has y", () -> server.value("B", "y").equals("1"));
        assertEquals(
                "[]",
                link(json(server.get("A", "/lab/links")), "A", "B")
                        .get("special")
                        .toString());
    }

    @Test
    void aPartitionSplitsUntilItIsHealedAndBothSidesConverge() {
        JsonNode links = json(server.post("B", "/lab/partition", "{\"groups\":[[\"A\"],[\"B\",\"C\"]]}"));
        assertEquals(true, link(links, "A", "B").get("partitioned").booleanValue());
        assertEquals(false, link(links, "B", "C").get("partitioned").booleanValue());
        server.put("A", "/kv/x", "1");
        server.put("B", "/kv/x", "2");
        eventually("C has what B wrote", () -> server.value("C", "x").equals("2"));
        assertEquals("1", server.value("A", "x"));
        server.post("C", "/lab/heal", "");
        // Both have the counter 1: the alphabetically later node wins.
        eventually("A has what B wrote", () -> server.value("A", "x").equals("2"));
        assertEquals("2", server.value("B", "x"));
    }

    @Test
    void anIsolatedReplicaIsAlone() {
        server.post("A", "/lab/isolate", "{\"replica\":\"C\"}");
        server.put("C", "/kv/x", "1");
        server.put("A", "/kv/y", "2");
        eventually("B has y", () -> server.value("B", "y").equals("2"));
        assertEquals("", server.value("B", "x"));
        assertEquals("", server.value("C", "y"));
        server.post("A", "/lab/heal", "{}");
        eventually("B has x", () -> server.value("B", "x").equals("1"));
        eventually("C has y", () -> server.value("C", "y").equals("2"));
    }

    @Test
    void aCrashedReplicaIsUnavailableAndComesBackWithWhatItHad() {
        server.put("A", "/kv/x", "1");
        eventually("B has x", () -> server.value("B", "x").equals("1"));
        assertEquals("down", state(server.post("A", "/lab/replicas/B/crash", "")));
        HttpResponse<String> refused = server.get("B", "/kv/x");
        assertEquals(503, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("replica B is down", json(refused).get("detail").textValue());
        assertEquals(503, server.put("B", "/kv/x", "5").statusCode());
        assertEquals(503, server.get("B", "/kv").statusCode());
        assertEquals(503, server.get("B", "/ready").statusCode());
        assertEquals(200, server.get("B", "/health").statusCode());
        assertEquals("down", state(server.get("B", "/status")));
        server.put("A", "/kv/y", "2");

        assertEquals("running", state(server.post("B", "/lab/replicas/B/restart", "")));
        assertEquals("1", server.value("B", "x"));
        eventually("B has y", () -> server.value("B", "y").equals("2"));
    }

    @Test
    void aWipedReplicaHasNothingAndGetsAllFromItsPeers() {
        server.put("B", "/kv/x", "1");
        eventually("A has x", () -> server.value("A", "x").equals("1"));
        server.post("A", "/lab/isolate", "{\"replica\":\"B\"}");
        assertEquals("down", state(server.post("A", "/lab/replicas/B/wipe", "")));
        assertEquals("running", state(server.post("A", "/lab/replicas/B/restart", "")));
        assertEquals("", server.value("B", "x"));
        server.post("A", "/lab/heal", "");
        eventually("B has x again", () -> server.value("B", "x").equals("1"));
    }

    @Test
    void aPausedReplicaAnswersNobodyInTimeAndNobodyKnowsWhatBecameOfTheWrite() {
        assertEquals("paused", state(server.post("A", "/lab/replicas/A/pause", "")));
        assertEquals("paused", state(server.get("A", "/status")));
        assertEquals(503, server.get("A", "/ready").statusCode());
        CompletableFuture<HttpResponse<String>> write = server.sendAsync(server.request("A", "/kv/x")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("1")));
        eventually(
                "a request is open",
                () -> server.get("A", "/metrics").body().contains("orrery_requests_open{node=\"A\"} 1.0"));
        // No more than one may be open here: the next is turned away, and nothing has become of it.
        HttpResponse<String> overloaded = server.get("A", "/kv/x");
        assertEquals(503, overloaded.statusCode());
        assertEquals("1", overloaded.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(json(overloaded).get("detail").textValue().contains("1 requests open already"));

        HttpResponse<String> unknown = write.join();
        assertEquals(504, unknown.statusCode());
        assertEquals("unknown", json(unknown).get("outcome").textValue());
        assertTrue(json(unknown).get("detail").textValue().contains("may have happened"));
        assertEquals(504, server.get("A", "/kv").statusCode());

        // It was not lost: it happens later.
        assertEquals("running", state(server.post("A", "/lab/replicas/A/resume", "")));
        assertEquals("1", server.value("A", "x"));
    }

    @Test
    void aSlowDiskAnswersLater(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = rocksdb
                data = "%s"
                lab = on
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                """.formatted(directory.resolve("data")));
        try (TestServer durable = TestServer.startOnFreePorts(DeploymentLoader.load(file))) {
            eventually("A is ready", () -> durable.get("A", "/ready").statusCode() == 200);
            assertEquals("running", state(durable.post("A", "/lab/replicas/A/slow-disk", "{\"by\":\"300ms\"}")));
            long began = System.nanoTime();
            assertEquals(200, durable.put("A", "/kv/x", "1").statusCode());
            assertTrue(System.nanoTime() - began >= Duration.ofMillis(300).toNanos());
            assertEquals("running", state(durable.post("A", "/lab/replicas/A/repair-disk", "")));
            for (String wrong : List.of("", "{\"by\":\"61s\"}", "{\"by\":\"soon\"}", "{\"for\":\"1s\"}")) {
                assertEquals(
                        400,
                        durable.post("A", "/lab/replicas/A/slow-disk", wrong).statusCode(),
                        wrong);
            }
        }
        HttpResponse<String> inMemory = server.post("A", "/lab/replicas/B/slow-disk", "{\"by\":\"1s\"}");
        assertEquals(400, inMemory.statusCode());
        assertEquals(
                "replica B has no disk: its journal is in memory",
                json(inMemory).get("detail").textValue());
    }

    @Test
    void aRestartOfAReplicaThatRunsCrashesItFirst() {
        server.put("A", "/kv/x", "1");
        assertEquals("running", state(server.post("A", "/lab/replicas/A/restart", "")));
        assertEquals("1", server.value("A", "x"));
        String version = json(server.put("A", "/kv/x", "2")).get("version").textValue();
        assertEquals("2@A", version);
    }

    private static String state(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer).get("state").textValue();
    }

    private static JsonNode link(JsonNode links, String from, String to) {
        for (JsonNode link : links.get("links")) {
            if (link.get("from").textValue().equals(from)
                    && link.get("to").textValue().equals(to)) {
                return link;
            }
        }
        throw new AssertionError("no link " + from + " -> " + to + " in " + links);
    }
}
