package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.http.StoreDigest.Range;
import io.orrery.live.ReplicaClient;
import io.orrery.model.Key;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * The digests by which replicas are compared. {@code GET /digest} reads the whole store once and returns its digest and
 * a number. {@code POST /digest} with that number asks for details: {@code from} and {@code to} delimit a range of
 * keys, {@code at} splits it into parts with a digest each, and {@code list} lists its keys. The snapshot is kept until
 * the next {@code GET} or a while without requests.
 */
final class DigestRoute {
    /** The number of parts of a range if the request names no boundaries, and the maximum in one answer. */
    private static final int PARTS = 16;
    /** The maximum number of listed keys. */
    private static final int MOST_LISTED = 256;
    /** Room for the keys between so many parts, each of the longest that there are. */
    private static final int MOST_LETTERS_OF_KEYS = 32 << 10;
    /** How long a snapshot is kept without requests. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ReplicaClient replica;
    private final Metrics metrics;
    private final InFlightBudget inFlightBudget;
    private final ActorSystem<?> system;
    private final Executor blocking;
    /** Guarded by this object. */
    private Kept kept;

    private long lastNumber;

    private record Kept(long number, StoreDigest digest, long usedNanos) {}

    /** @param blocking runs what takes long */
    DigestRoute(
            ReplicaClient replica,
            Metrics metrics,
            InFlightBudget inFlightBudget,
            ActorSystem<?> system,
            Executor blocking) {
        this.replica = replica;
        this.metrics = metrics;
        this.inFlightBudget = inFlightBudget;
        this.system = system;
        this.blocking = blocking;
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        if (requestContext.path().size() != 1) {
            throw requestContext.noRoute();
        }
        return switch (requestContext.method()) {
            case "GET" -> whole();
            case "POST" -> {
                LabRequest request = LabRequest.parse(requestContext.json());
                yield CompletableFuture.supplyAsync(() -> inFlightBudget.counted(Json.ok(part(request))), blocking);
            }
            default -> throw requestContext.notAllowed("GET, POST");
        };
    }

    private CompletionStage<HttpResponse> whole() {
        InFlightBudget.Share share = inFlightBudget.wholeStore();
        return replica.data()
                .thenApplyAsync(
                        data -> {
                            long began = System.nanoTime();
                            StoreDigest digest = new StoreDigest(data.orElseThrow(
                                    () -> Problem.unavailable("replica " + replica.id() + " is down")));
                            String text = digest.digest(digest.all());
                            metrics.digested(text, digest.all().keys(), System.nanoTime() - began);
                            return Json.ok(document(keep(digest), digest, text));
                        },
                        blocking)
                .whenComplete((answer, failure) -> share.release());
    }

    private synchronized long keep(StoreDigest digest) {
        kept = new Kept(++lastNumber, digest, System.nanoTime());
        forgetLater(PATIENCE);
        return lastNumber;
    }

    private void forgetLater(Duration after) {
        system.scheduler().scheduleOnce(after, this::forget, system.executionContext());
    }

    private synchronized void forget() {
        if (kept != null) {
            Duration unused = Duration.ofNanos(System.nanoTime() - kept.usedNanos());
            if (unused.compareTo(PATIENCE) >= 0) {
                kept = null;
            } else {
                forgetLater(PATIENCE.minus(unused));
            }
        }
    }

    private synchronized StoreDigest kept(String number) {
        if (kept == null || !number.equals(Long.toString(kept.number()))) {
            throw Problem.of(
                    StatusCodes.CONFLICT,
                    "the digest " + number + " is not kept any more: GET /digest makes another, with its number");
        }
        kept = new Kept(kept.number(), kept.digest(), System.nanoTime());
        return kept.digest();
    }

    private byte[] document(long number, StoreDigest digest, String text) {
        return Json.object(json -> {
            json.writeStringField("node", digest.node().name());
            json.writeStringField("number", Long.toString(number));
            json.writeNumberField("keys", digest.all().keys());
            json.writeStringField("digest", text);
        });
    }

    private byte[] part(LabRequest request) {
        request.expect("number", "from", "to", "at", "list");
        Key from = key(request.text("from"));
        Key to = key(request.text("to"));
        boolean list = request.flag("list").orElse(false);
        Optional<List<Key>> at = request.array("at", MOST_LETTERS_OF_KEYS).map(DigestRoute::keys);
        StoreDigest digest = kept(request.required("number"));
        Range range = digest.range(from, to);
        if (list && range.keys() > MOST_LISTED) {
            throw Problem.badRequest("a list has up to " + MOST_LISTED + " keys, and this range has " + range.keys());
        }
        return Json.object(json -> {
            json.writeStringField("node", digest.node().name());
            json.writeNumberField("keys", range.keys());
            json.writeStringField("digest", digest.digest(range));
            if (list) {
                writeEntries(json, digest, range);
            } else {
                writeParts(json, digest, from, at.orElseGet(() -> digest.cuts(range, PARTS)), to);
            }
        });
    }

    private static Key key(Optional<String> text) {
        try {
            return text.map(Key::of).orElse(null);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static List<Key> keys(Iterable<JsonNode> items) {
        List<Key> keys = new ArrayList<>();
        for (JsonNode item : items) {
            Key key = key(Optional.of(LabRequest.textOf("what \"at\" lists", item)));
            if (!keys.isEmpty() && keys.get(keys.size() - 1).compareTo(key) >= 0) {
                throw Problem.badRequest("\"at\" lists keys in their order, each once");
            }
            keys.add(key);
        }
        if (keys.size() >= PARTS) {
            throw Problem.badRequest("\"at\" lists up to " + (PARTS - 1) + " keys, not " + keys.size());
        }
        return keys;
    }

    private static void writeEntries(JsonGenerator json, StoreDigest digest, Range range) throws IOException {
        json.writeArrayFieldStart("entries");
        for (int i = range.first(); i < range.end(); i++) {
            StoreDigest.Entry entry = digest.entry(i);
            json.writeStartObject();
            json.writeStringField("key", entry.key().name());
            json.writeStringField("version", entry.version().toString());
            if (entry.isDeleted()) {
                json.writeBooleanField("deleted", true);
            }
            json.writeStringField("digest", entry.digest());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * Writes the parts; each begins where the one before ends. The first begins where the range does, and has no {@code
     * from} if that is the beginning.
     */
    private static void writeParts(JsonGenerator json, StoreDigest digest, Key from, List<Key> at, Key to)
            throws IOException {
        json.writeArrayFieldStart("parts");
        for (int i = 0; i <= at.size(); i++) {
            Key first = i == 0 ? from : at.get(i - 1);
            Key end = i == at.size() ? to : at.get(i);
            Range part = digest.range(first, end);
            json.writeStartObject();
            if (first != null) {
                json.writeStringField("from", first.name());
            }
            if (end != null) {
                json.writeStringField("to", end.name());
            }
            json.writeNumberField("keys", part.keys());
            json.writeStringField("digest", digest.digest(part));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
