package io.orrery.protocol.raft;

import io.orrery.model.Operation;
import io.orrery.model.RequestId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.raft.RaftEntry.Answered;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What has become of the requests with an id (dissertation, section 6.3). This is a part of the state machine, so all replicas
 * remember the same, and forget the same: those that the log has had for longest. The bounds are no options: replicas that differed
 * in them would carry out different requests.
 */
final class Answers {
    /** So many requests are remembered: each takes about 300 bytes. */
    static final int MOST = 10_000;

    /** The values that compare-and-sets have found, in characters of JSON. */
    static final long MOST_BYTES = 16 << 20;

    /** Enough of a hash to make an accidental collision negligible. */
    private static final int DIGEST_BYTES = 16;

    private final int most;
    private final TreeMap<Long, Answered> inOrder = new TreeMap<>();
    private final Map<String, Answered> byName = new HashMap<>();
    private long next;
    /** All places below have been forgotten here. */
    private long oldest;

    private long kept;
    private long bytes;

    /** @param most how many requests to remember: {@value #MOST}, or fewer to see what a bound does */
    Answers(int most) {
        this.most = most;
    }

    int size() {
        return inOrder.size();
    }

    /** Null if there is none of this name. */
    Answered find(RequestId id) {
        return byName.get(id.name());
    }

    /** Whether a request that is not remembered may have been carried out all the same, and been forgotten. */
    boolean mayHaveForgotten(RequestId id) {
        boolean hasForgotten = !inOrder.isEmpty() && inOrder.firstKey() > 0;
        return hasForgotten
                && id.after().isPresent()
                && id.after().getAsLong() < inOrder.firstEntry().getValue().index() - 1;
    }

    /**
     * A request has been carried out.
     *
     * @param index that of its entry
     * @param version the version that it made, or that it found in the place of the expected one
     * @param found what it found there; empty if it did what it was to do
     */
    void add(RequestId id, Operation operation, long index, Optional<Version> version, Optional<Found> found) {
        add(new Answered(
                next,
                next % most,
                id.name(),
                digest(operation),
                index,
                version,
                found.isEmpty(),
                found.flatMap(Found::value)));
    }

    /** What a compare-and-set has found in the place of what it expected: nothing, perhaps. */
    record Found(Optional<Value> value) {}

    /** In any order: while a replica recovers, and from a snapshot. */
    void add(Answered answered) {
        if (answered.place() < oldest) {
            return;
        }
        Answered before = inOrder.put(answered.place(), answered);
        bytes += answered.bytes() - (before == null ? 0 : before.bytes());
        byName.merge(answered.name(), answered, (old, now) -> old.place() > now.place() ? old : now);
        next = Math.max(next, answered.place() + 1);
        while (inOrder.size() > most || bytes > MOST_BYTES && inOrder.size() > 1) {
            Answered first = inOrder.pollFirstEntry().getValue();
            bytes -= first.bytes();
            byName.remove(first.name(), first);
            oldest = first.place() + 1;
        }
    }

    /** All of them take the place of those that are here. */
    void replace(Collection<Answered> all) {
        inOrder.clear();
        byName.clear();
        bytes = 0;
        next = 0;
        oldest = 0;
        all.forEach(this::add);
        kept = next;
    }

    Collection<Answered> all() {
        return inOrder.values();
    }

    /** The journal is complete. */
    void start() {
        kept = next;
    }

    /** Has those on disk be all that there are. */
    void keep(Effects effects) {
        inOrder.tailMap(kept, true).values().forEach(effects::persist);
        kept = next;
    }

    /** Equal for equal operations: two that share an id are compared by it. */
    static String digest(Operation operation) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        String expected = operation instanceof Operation.CompareAndSet cas
                ? cas.expected().map(Version::text).orElse("absent")
                : "";
        for (String part : new String[] {
            operation.name(),
            operation.key().name(),
            expected,
            operation.newValue().map(Value::json).orElse("")
        }) {
            byte[] text = part.getBytes(StandardCharsets.UTF_8);
            sha.update((text.length + ":").getBytes(StandardCharsets.US_ASCII));
            sha.update(text);
        }
        return HexFormat.of().formatHex(sha.digest(), 0, DIGEST_BYTES);
    }
}
