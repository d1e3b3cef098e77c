package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.orrery.deployment.Deployment;
import io.orrery.live.MemberState;
import io.orrery.live.Readiness;
import io.orrery.live.ReplicaClient;
import io.orrery.live.ReplicaState;
import io.orrery.live.RunningDeployment;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.WallClock;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.replica.ReplicaActor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.CacheControl;
import org.apache.pekko.http.javadsl.model.headers.CacheDirectives;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The observability routes of a replica: {@code /status}, {@code /health}, {@code /ready}, {@code /metrics}, {@code
 * /events}.
 */
final class ObservabilityRoutes {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final ByteString COMMENT = ByteString.fromString(":\n\n");
    /** A status shows the store only up to this number of keys. */
    private static final int MOST_SHOWN = 1_000;

    private static final ContentType EVENTS = MediaTypes.TEXT_EVENT_STREAM.toContentType();
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

    private final RunningDeployment deployment;
    private final ReplicaClient replica;
    private final ReadinessRoutes readiness;
    private final Metrics metrics;
    private final EventLog events;
    private final InFlightBudget inFlightBudget;
    private final Executor blocking;
    private final Duration keepAlive;
    private final String run = Long.toString(WallClock.millis(), Character.MAX_RADIX);

    ObservabilityRoutes(
            RunningDeployment deployment,
            ReplicaClient replica,
            Metrics metrics,
            EventLog events,
            InFlightBudget inFlightBudget,
            Executor blocking) {
        this.inFlightBudget = inFlightBudget;
        this.blocking = blocking;
        this.replica = replica;
        this.deployment = deployment;
        this.readiness = new ReadinessRoutes(deployment, replica);
        this.metrics = metrics;
        this.events = events;
        this.keepAlive =
                keepAlive(deployment.deployment().limits().connections().idleTimeout());
    }

    /** Frequent enough to keep a reader's connection from idling out, and to detect that it is gone. */
    private static Duration keepAlive(Duration idleTimeout) {
        Duration often = idleTimeout.dividedBy(2);
        return often.compareTo(KEEP_ALIVE) < 0 ? often : KEEP_ALIVE;
    }

    /** Whether the first segment of a path belongs to these routes. */
    static boolean takes(String segment) {
        return switch (segment) {
            case "status", "health", "ready", "metrics", "events" -> true;
            default -> false;
        };
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        if (requestContext.path().size() != 1) {
            throw requestContext.noRoute();
        }
        requestContext.require("GET");
        return switch (requestContext.segment(0)) {
            case "status" -> status();
            case "health" -> done(readiness.health());
            case "ready" -> readiness.ready(requestContext);
            case "metrics" -> metrics();
            case "events" -> done(events(requestContext.header("Last-Event-ID", "")));
            default -> throw requestContext.noRoute();
        };
    }

    private static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    private CompletionStage<HttpResponse> status() {
        if (replica.isRecovering()) {
            byte[] document = document(ReplicaState.RECOVERING, Readiness.State.RECOVERING, Optional.empty());
            return done(withStore(document, Optional.empty()));
        }
        // Reads the clock after the store, so that it is not below the times in the store.
        return shownStore()
                .thenCompose(store -> deployment
                        .readiness(replica.id())
                        .thenCombineAsync(
                                replica.status(),
                                (readiness, status) -> withStore(
                                        document(ReplicaClient.stateOf(status), readiness.state(), status), store),
                                // Not on the replica's thread: it sorts, and values may be on disk.
                                blocking));
    }

    /** The store if it is to be shown: the lab is on, and the store is small enough to read. */
    private CompletionStage<Optional<ReplicaActor.Data>> shownStore() {
        if (!deployment.deployment().lab()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        // A paused replica does not report its store, since not all of it may be durable.
        return replica.status()
                .thenCompose(status ->
                        status.filter(it -> !it.paused() && it.details().keys() <= MOST_SHOWN)
                                        .isPresent()
                                ? replica.data()
                                        .thenApply(data -> data.filter(ObservabilityRoutes::isSmall))
                                        .exceptionally(failure -> Optional.empty())
                                : CompletableFuture.completedFuture(Optional.empty()));
    }

    private static boolean isSmall(ReplicaActor.Data data) {
        return data.updates().stream().filter(it -> !it.isTombstone()).count() <= MOST_SHOWN;
    }

    private HttpResponse withStore(byte[] document, Optional<ReplicaActor.Data> store) {
        if (!deployment.deployment().lab()) {
            return Json.ok(document);
        }
        return store.flatMap(data -> shown(document, data)).orElseGet(() -> Json.ok(DataParts.noStore(document)));
    }

    /** Empty if there is no room for it or a value cannot be read; the rest of the status is still sent. */
    private Optional<HttpResponse> shown(byte[] document, ReplicaActor.Data store) {
        long bytes = store.updates().stream().mapToLong(Update::bytes).sum();
        return inFlightBudget.answerIfRoom(bytes).flatMap(share -> {
            try {
                return Optional.of(
                        share.releasedAfter(DataParts.store(document, store).response()));
            } catch (RuntimeException e) {
                share.release();
                return Optional.empty();
            }
        });
    }

    private CompletionStage<HttpResponse> metrics() {
        return replica.status().handle((status, failure) -> {
            // If the replica is down or slow, its last figures stay.
            if (failure == null) {
                status.ifPresent(it -> metrics.status(it.details()));
            }
            return Json.response(StatusCodes.OK, PROMETHEUS, metrics.scrape().getBytes(StandardCharsets.UTF_8));
        });
    }

    private byte[] document(ReplicaState state, Readiness.State readiness, Optional<ReplicaActor.Status> status) {
        return Json.object(json -> {
            json.writeStringField("node", replica.id().name());
            json.writeStringField("protocol", deployment.deployment().protocol().name());
            json.writeBooleanField(
                    "requestIds", deployment.deployment().protocol().remembers());
            json.writeStringField("state", state.toString());
            json.writeStringField("readiness", readiness.toString());
            if (deployment.cluster().isPresent()) {
                json.writeStringField("cluster", deployment.cluster().get());
            }
            writeReplicas(json, deployment.deployment());
            if (deployment.deployment().lab()) {
                json.writeBooleanField("ok", state == ReplicaState.RUNNING);
                json.writeStringField("node_id", replica.id().name());
            }
            if (status.isPresent()) {
                // In the words of the vector clock lab, for its clients.
                json.writeStringField(
                        "message",
                        "Node " + replica.id() + " is " + state + " with clock: "
                                + status.get().details().clock());
                writeDetails(json, status.get().details());
            }
            if (deployment.members().isPresent()) {
                writeMembers(json, deployment.members().get());
            }
        });
    }

    /** The HTTP address of each replica; if a replica has an arbitrary port, only its own process knows it. */
    private static void writeReplicas(JsonGenerator json, Deployment deployment) throws IOException {
        json.writeObjectFieldStart("replicas");
        for (Deployment.Member member : deployment.replicas()) {
            String url = member.http().port() == 0 ? "" : deployment.url(member.http());
            json.writeStringField(member.id().name(), url);
        }
        json.writeEndObject();
    }

    private static void writeDetails(JsonGenerator json, ReplicaStatus details) throws IOException {
        json.writeStringField("clock", details.clock());
        if (details.lamport().isPresent()) {
            json.writeNumberField("lamport", details.lamport().getAsLong());
        }
        json.writeObjectFieldStart("vector");
        Map<String, Long> counts = new TreeMap<>();
        details.known().forPeople(counts::put);
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        if (!details.facts().isEmpty()) {
            json.writeObjectFieldStart("facts");
            for (Map.Entry<String, Object> fact : details.facts().entrySet()) {
                json.writeObjectField(fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
        }
        json.writeNumberField("keys", details.keys());
        json.writeNumberField("tombstones", details.tombstones());
        json.writeNumberField("storeBytes", details.memory().bytes());
        json.writeNumberField("storeLimit", details.memory().limit());
        json.writeBooleanField("lacksRoom", details.memory().lacksRoom());
        json.writeArrayFieldStart("held");
        // Only the first updates, because all together may be too large for an answer.
        long bytes = 0;
        for (ReplicaStatus.Buffered held : details.held()) {
            if (bytes > InFlightBudget.SMALL) {
                break;
            }
            bytes += held.update().bytes();
            json.writeStartObject();
            Json.writeUpdate(json, held.update());
            json.writeStringField("waitsFor", held.waitsFor());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("heldCount", details.held().size());
        json.writeArrayFieldStart("peers");
        for (Map.Entry<NodeId, Long> peer : details.lag().entrySet()) {
            json.writeStartObject();
            json.writeStringField("node", peer.getKey().name());
            json.writeNumberField("lag", peer.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        // The same for the clients of the lab on logical clocks.
        json.writeObjectFieldStart("pending");
        for (Map.Entry<NodeId, Long> peer : details.lag().entrySet()) {
            json.writeNumberField(peer.getKey().name(), peer.getValue());
        }
        json.writeEndObject();
    }

    private static void writeMembers(JsonGenerator json, List<MemberState> members) throws IOException {
        json.writeArrayFieldStart("members");
        for (MemberState member : members) {
            json.writeStartObject();
            json.writeStringField("node", member.node().name());
            json.writeStringField("address", member.address());
            json.writeStringField("status", member.status());
            json.writeBooleanField("reachable", member.reachable());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private HttpResponse events(String lastEventId) {
        int most = Math.max(1, deployment.deployment().limits().connections().count() / 2);
        if (events.readers() >= most) {
            throw Problem.unavailable("replica " + replica.id() + " has " + most + " readers of its events already");
        }
        long after = lastEventId.isEmpty() ? events.last() : place(lastEventId);
        Source<ByteString, ?> stream = Source.fromGraph(new EventStream(replica.id(), run, events, after))
                .keepAlive(keepAlive, () -> COMMENT);
        return HttpResponse.create()
                .withEntity(HttpEntities.createChunked(EVENTS, stream))
                .addHeader(CacheControl.create(CacheDirectives.NO_CACHE));
    }

    /** The number in an event id; 0, the beginning, for an id of an earlier run of the server. */
    private long place(String eventId) {
        int dash = eventId.indexOf('-');
        try {
            long number = Long.parseLong(eventId.substring(dash + 1));
            if (dash > 0 && number >= 0) {
                return eventId.substring(0, dash).equals(run) ? Math.min(number, events.last()) : 0;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw Problem.badRequest("Last-Event-ID is the id of an event as /events gave it, not \"" + eventId + "\"");
    }
}
