package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.clock.VersionVector;
import io.orrery.deployment.Deployment.Limits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Outcome.Reason;
import io.orrery.model.Outcome.Status;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How each outcome that a protocol can have looks over HTTP, whatever the protocol. */
class OutcomesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        ProtocolType type = new ProtocolType("actor", "does as the key says", Vocabulary.EMPTY, Actor::new);
        server = TestServer.start(type, Limits.DEFAULT, true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aWriteSaysHowFarItHasCome() {
        assertEquals(
                "applied",
                json(server.put("A", "/kv/applied", "1")).get("status").textValue());
        assertEquals(
                "buffered",
                json(server.put("A", "/kv/buffered", "1")).get("status").textValue());
        assertEquals(
                "accepted",
                json(server.put("A", "/kv/accepted", "1")).get("status").textValue());
    }

    @Test
    void theSessionGoesThereAndBack() {
        HttpResponse<String> answer = server.send(server.request("A", "/kv/applied")
                .header("Content-Type", "application/json")
                .header("Orrery-Session", "token-1")
                .PUT(BodyPublishers.ofString("1")));
        assertEquals("token-1+", answer.headers().firstValue("Orrery-Session").orElseThrow());
        // An answer that there is nothing has a context too.
        HttpResponse<String> absent = server.send(server.request("A", "/kv/applied")
                .header("orrery-session", "token-2")
                .GET());
        assertEquals(404, absent.statusCode());
        assertEquals("token-2+", absent.headers().firstValue("Orrery-Session").orElseThrow());
        assertTrue(server.get("A", "/kv/applied")
                .headers()
                .firstValue("Orrery-Session")
                .isEmpty());
    }

    @Test
    void aFollowerNamesTheLeaderAndItsAddress() {
        HttpResponse<String> answer = server.put("A", "/kv/NOT_LEADER", "1");
        assertEquals(403, answer.statusCode());
        assertEquals("B", json(answer).get("leader").textValue());
        assertTrue(json(answer).get("location").textValue().startsWith("http://127.0.0.1:"));
    }

    @Test
    void refusalsAndNotKnowing() {
        assertEquals(400, server.put("A", "/kv/INVALID", "1").statusCode());
        assertEquals(507, server.put("A", "/kv/FULL", "1").statusCode());
        for (String reason : List.of("OVERLOADED", "UNAVAILABLE")) {
            HttpResponse<String> answer = server.put("A", "/kv/" + reason, "1");
            assertEquals(503, answer.statusCode());
            assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
        }
        HttpResponse<String> unknown = server.put("A", "/kv/unknown", "1");
        assertEquals(504, unknown.statusCode());
        assertEquals("unknown", json(unknown).get("outcome").textValue());
    }

    @Test
    void whatGoesWrongInsideStaysThere() {
        HttpResponse<String> answer = server.get("A", "/kv");
        assertEquals(500, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,"
                        + "\"detail\":\"an internal error; the server's log says more\"}",
                answer.body());
        assertFalse(answer.headers().map().toString().contains("secret"));
    }

    @Test
    void theStatusShowsWhatHeldWritesWaitFor() {
        JsonNode status = json(server.get("A", "/status"));
        assertEquals(
                "[{\"key\":\"x\",\"value\":1,\"version\":\"2@C\",\"waitsFor\":\"1@B\"}]",
                status.get("held").toString());
        assertEquals("{\"C~1\":1}", status.get("vector").toString());
    }

    /** A protocol that takes its lines from the keys. */
    private static final class Actor implements Protocol {
        private final Effects effects;

        /** What nobody expects. */
        private record Broken(Key key, Optional<Value> value) implements Update {
            @Override
            public Version version() {
                throw new IllegalStateException("a secret of the inside");
            }
        }

        private record Held(Key key, Optional<Value> value, Version version) implements Update {}

        Actor(ReplicaSettings settings, Effects effects) {
            this.effects = effects;
        }

        @Override
        public void request(Request request) {
            effects.reply(request, outcome(request));
        }

        private static Outcome outcome(Request request) {
            String line = request.operation().key().name();
            for (Reason reason : Reason.values()) {
                if (reason.name().equals(line)) {
                    return new Outcome.Refused(reason, reason == Reason.NOT_LEADER ? "B" : "as you say");
                }
            }
            if (line.equals("unknown")) {
                return new Outcome.Unknown("who knows");
            }
            Optional<Value> value = request.operation() instanceof Operation.Write write
                    ? Optional.of(write.value())
                    : Optional.empty();
            String session = request.session().isEmpty() ? "" : request.session() + "+";
            Status status = Status.valueOf(line.toUpperCase(Locale.ROOT));
            return new Outcome.Done(value, Optional.of(Version.of(1, "A")), status, session);
        }

        @Override
        public ServiceStatus serviceStatus() {
            return new ServiceStatus(List.of(), List.of(), List.of());
        }

        @Override
        public ReplicaStatus status() {
            Update held = new Held(Key.of("x"), Optional.of(Value.of(1)), Version.of(2, "C"));
            return new ReplicaStatus(
                    "7",
                    VersionVector.of(Map.of(Origin.parse("C~1"), 1L)),
                    0,
                    0,
                    List.of(new ReplicaStatus.Buffered(held, "1@B")),
                    new TreeMap<>(),
                    new ReplicaStatus.Memory(1_234, 5_678, false));
        }

        @Override
        public void recover(JournalEntry entry) {}

        @Override
        public void start(Start start) {}

        @Override
        public void message(NodeId from, Message message) {}

        @Override
        public void timer(Timer timer) {}

        @Override
        public long counted() {
            return 7;
        }

        @Override
        public void reachable(NodeId peer) {}

        @Override
        public Optional<? extends Update> lookup(Key key) {
            return Optional.empty();
        }

        @Override
        public void forEach(Consumer<? super Update> action) {
            action.accept(new Broken(Key.of("x"), Optional.of(Value.of(1))));
        }

        @Override
        public Object clock() {
            return 7;
        }
    }
}
