package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment.Connections;
import io.orrery.deployment.Deployment.Limits;
import io.orrery.protocol.Protocols;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ObservabilityRoutesTest {
    private static final int RING = 5;
    private TestServer server;

    @BeforeEach
    void start() {
        server =
                TestServer.start(new Limits(1_000, 100, 1_000, Duration.ofSeconds(5), RING, Connections.DEFAULT), true);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theStatusShowsRoleTermLeaderAndLogWhereAProtocolHasThem() {
        assertFalse(json(server.get("A", "/status")).has("role"), "lamport-lww has none");
        try (TestServer raft = TestServer.start(Protocols.named("raft"), Limits.DEFAULT, true)) {
            raft.put("B", "/kv/x", "1");
            JsonNode leader = json(raft.get("A", "/status"));
            assertEquals("leader", leader.get("role").textValue());
            assertEquals(1, leader.get("term").intValue());
            assertEquals("A", leader.get("leader").textValue());
            assertEquals(2, leader.get("committed").intValue(), "the first entry of the term, and the write");
            eventually("a follower has it too", () -> {
                JsonNode follower = json(raft.get("C", "/status"));
                return follower.get("role").textValue().equals("follower")
                        && follower.get("leader").textValue().equals("A")
                        && follower.get("applied").intValue() == 2;
            });
        }
    }

    @Test
    void theStatusShowsClockVectorStoreAndPeers() {
        server.put("A", "/kv/x", "1");
        server.put("A", "/kv/y", "1");
        server.delete("A", "/kv/y");
        JsonNode status = json(server.get("A", "/status"));
        assertEquals("A", status.get("node").textValue());
        assertEquals("lamport-lww", status.get("protocol").textValue());
        assertEquals("running", status.get("state").textValue());
        assertEquals("3", status.get("clock").textValue());
        assertEquals(3, status.get("vector").get("A").intValue());
        assertEquals(1, status.get("keys").intValue());
        assertEquals(1, status.get("tombstones").intValue());
        assertTrue(status.get("held").isArray());
        eventually("the peers have all, as far as A knows", () -> {
            JsonNode peers = json(server.get("A", "/status")).get("peers");
            return peers.toString().equals("[{\"node\":\"B\",\"lag\":0},{\"node\":\"C\",\"lag\":0}]");
        });
    }

    @Test
    void theLagIsWhatAPeerLacks() {
        server.post("A", "/lab/isolate", "{\"replica\":\"C\"}");
        server.put("A", "/kv/x", "1");
        server.put("A", "/kv/y", "1");
        assertEquals(
                2,
                json(server.get("A", "/status")).get("peers").get(1).get("lag").intValue());
    }

    @Test
    void healthAndReadiness() {
        assertEquals(
                "{\"status\":\"up\",\"node_id\":\"A\"}",
                server.get("A", "/health").body());
        assertEquals(
                "{\"status\":\"ready\",\"state\":\"ready\",\"serves\":[\"local reads\",\"writes\"],\"missing\":[],\"unheard\":[]}",
                server.get("A", "/ready").body());
    }

    @Test
    void theMetricsCountWhatIsDone() {
        server.put("A", "/kv/x", "1");
        server.get("A", "/kv/x");
        server.get("A", "/kv/x");
        String metrics = server.get("A", "/metrics").body();
        assertTrue(metrics.contains("orrery_replica_up{node=\"A\"} 1.0"), metrics);
        assertTrue(
                metrics.contains("orrery_requests_seconds_count{node=\"A\",operation=\"read\",outcome=\"done\"} 2"),
                metrics);
        assertTrue(
                metrics.contains("orrery_requests_seconds_count{node=\"A\",operation=\"write\",outcome=\"done\"} 1"),
                metrics);
        assertTrue(metrics.contains("orrery_updates_applied_total{node=\"A\"} 1.0"), metrics);
    }

    @Test
    void eventsComeAsTheReplicaAppliesThem() throws Exception {
        try (EventReader events = open(server.request("B", "/events"))) {
            server.put("A", "/kv/x", "\"one\\ntwo\"");
            assertEquals(
                    "{\"key\":\"x\",\"value\":\"one\\ntwo\",\"version\":\"1@A\",\"node\":\"B\"}",
                    events.next().data());
            server.delete("B", "/kv/x");
            assertEquals(
                    "{\"key\":\"x\",\"deleted\":true,\"version\":\"3@B\",\"node\":\"B\"}",
                    events.next().data());
        }
    }

    @Test
    void aReaderGoesOnWhereItLeftOff() throws Exception {
        String place;
        try (EventReader events = open(server.request("A", "/events"))) {
            server.put("A", "/kv/x", "1");
            place = events.next().id();
        }
        server.put("A", "/kv/x", "2");
        server.put("A", "/kv/x", "3");
        try (EventReader events = open(server.request("A", "/events").header("Last-Event-ID", place))) {
            assertTrue(events.next().data().contains("\"value\":2"));
            assertTrue(events.next().data().contains("\"value\":3"));
            server.put("A", "/kv/x", "4");
            assertTrue(events.next().data().contains("\"value\":4"));
        }
    }

    @Test
    void aReaderWhoComesTooLateIsToldWhatItMissed() throws Exception {
        String place;
        try (EventReader events = open(server.request("A", "/events"))) {
            server.put("A", "/kv/x", "0");
            place = events.next().id();
        }
        for (int i = 1; i <= RING + 2; i++) {
            server.put("A", "/kv/x", Integer.toString(i));
        }
        try (EventReader events = open(server.request("A", "/events").header("Last-Event-ID", place))) {
            EventReader.Event missed = events.next();
            assertEquals("missed", missed.type());
            assertEquals("{\"missed\":2}", missed.data());
            for (int i = 3; i <= RING + 2; i++) {
                assertTrue(events.next().data().contains("\"value\":" + i));
            }
        }
    }

    @Test
    void aPlaceOfAnEarlierRunMeansFromTheBeginning() throws Exception {
        server.put("A", "/kv/x", "1");
        try (EventReader events = open(server.request("A", "/events").header("Last-Event-ID", "earlier-77"))) {
            assertTrue(events.next().data().contains("\"value\":1"));
        }
    }

    @Test
    void theStreamEndsWhenTheServerStops() throws Exception {
        try (EventReader events = open(server.request("A", "/events"))) {
            server.close();
            assertTrue(events.isAtEnd());
        }
    }

    private EventReader open(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new EventReader(
                new BufferedReader(new InputStreamReader(server.stream(request), StandardCharsets.UTF_8)));
    }

    /** Reads server-sent events as browsers do. The first lines are read at once: the server knows the reader then. */
    private static final class EventReader implements AutoCloseable {
        private final BufferedReader lines;

        record Event(String id, String type, String data) {}

        EventReader(BufferedReader lines) throws IOException {
            this.lines = lines;
            List<String> greeting = new ArrayList<>(List.of(lines.readLine(), lines.readLine()));
            assertTrue(greeting.get(0).startsWith("id: ") && greeting.get(1).isEmpty(), greeting.toString());
        }

        Event next() throws IOException {
            String id = "";
            String type = "message";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !data.isEmpty()) {
                    return new Event(id, type, data);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            throw new AssertionError("the stream has ended");
        }

        /** Whether the server has ended the stream, and so or so closed the connection. */
        boolean isAtEnd() {
            try {
                return lines.readLine() == null;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
