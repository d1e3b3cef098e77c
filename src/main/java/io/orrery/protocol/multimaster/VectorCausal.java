package io.orrery.protocol.multimaster;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.CounterLimits;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.dissemination.Write;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.kit.SessionTokens;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Vector clocks and causal delivery. A write carries the vector of all that its replica had applied, and is shown by a
 * replica that has applied all of that; until then it is buffered. Concurrent writes to a key are decided by their
 * versions: the sum of the vector, then the node id, which agrees with causality.
 *
 * <p>A session is the vector of all that the client may have seen; a replica that has not applied that makes it wait.
 *
 * <p>Source: Birman, Schiper and Stephenson, TOCS 1991; the lab "Vector clocks and causal consistency".
 */
public final class VectorCausal extends MultiMaster {
    public static final ProtocolType TYPE = new ProtocolType(
                    "vector-causal",
                    "every replica takes writes; each is shown when all before it in its vector clock is",
                    Replication.VOCABULARY,
                    VectorCausal::new)
            .checked(MultiMaster.SELF_CHECKS)
            .promising(Promises.toMoving("causal-ccv", "converged"))
            .taking(HandMadeOrder.CLOCK);

    /** The vector clock of the last write taken by hand, for each origin: a later one may not be before it. */
    private final Map<Origin, VersionVector> lastSynced = new HashMap<>();

    /** The highest counter of a version that was applied here. */
    private long highest;

    private final SessionTokens tokens;

    public VectorCausal(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
        this.tokens = new SessionTokens(settings.replicas(), plausibilityCheck);
    }

    @Override
    protected Version nextVersion() {
        long before = highest;
        highest = CounterLimits.next(counted());
        Invariant.check(highest > before, "a version is above all that were applied", highest, before);
        return new Version(highest, replication.origin());
    }

    // The summary shrinks when an earlier start is removed from it; versions may not go back with it.
    @Override
    public long counted() {
        return Math.max(highest, replication.known().sum());
    }

    @Override
    public void applying(StoredWrite write) {
        recoverClock(write.version().counter());
    }

    @Override
    protected void recoverClock(long time) {
        highest = Math.max(highest, time);
    }

    @Override
    protected Dependencies dependencies(Dependencies demanded) {
        return new Dependencies.Past(replication.known());
    }

    @Override
    protected Dependencies demands(String session) {
        return session.isEmpty() ? Dependencies.NONE : new Dependencies.Past(tokens.read(session));
    }

    // The replica has applied all that this session had seen, otherwise it would have waited.
    @Override
    protected String afterReading(Dependencies demanded, StoredWrite seen) {
        return token();
    }

    @Override
    protected String afterWriting(Write made) {
        return token();
    }

    private String token() {
        return tokens.of(replication.known());
    }

    @Override
    protected void sync(Request request, Operation.HandMadeWrite handMadeWrite) {
        if (handMadeWrite.from().equals(settings.self()) || !settings.replicas().contains(handMadeWrite.from())) {
            refuse(
                    request,
                    "a sync comes from another replica of " + settings.replicas() + ", not from "
                            + handMadeWrite.from());
            return;
        }
        if (handMadeWrite.version() > 0) {
            refuse(request, "a write made by hand has a clock here, and its version follows from that");
            return;
        }
        for (NodeId node : handMadeWrite.clock().keySet()) {
            if (!settings.replicas().contains(node)) {
                refuse(request, "the clock counts writes of " + node + ", which is none of " + settings.replicas());
                return;
            }
        }
        Origin origin = latestOrigin(handMadeWrite.from());
        long sequence = handMadeWrite.clock().getOrDefault(handMadeWrite.from(), 0L);
        if (sequence < 1) {
            refuse(request, "the clock counts no write of " + handMadeWrite.from() + ", so it cannot come from there");
            return;
        }
        VersionVector clock;
        try {
            clock = VersionVector.of(asCounts(handMadeWrite.clock()));
            plausibilityCheck.counts(clock);
        } catch (IllegalArgumentException e) {
            refuse(request, "the clock is impossible: " + e.getMessage());
            return;
        }
        Write write = new Write(
                new Dot(origin, sequence),
                handMadeWrite.key(),
                Optional.of(handMadeWrite.value()),
                new Version(clock.sum(), origin),
                new Dependencies.Past(clock.with(origin, sequence - 1)));
        Optional<String> contradiction = contradiction(write, clock);
        if (contradiction.isPresent()) {
            refuse(request, contradiction.get());
            return;
        }
        if (!hasRoom(request, write.value(), write.dependencies())) {
            return;
        }
        replication.inject(write);
        boolean applied = replication.knows(write.dot());
        if (!applied && replication.held(write.dot()) == null) {
            refuse(request, Outcome.Reason.OVERLOADED, "too many writes are buffered here: this one was not taken");
            return;
        }
        lastSynced.merge(origin, clock, VersionVector::merge);
        reply(
                request,
                write.value(),
                Optional.of(write.version()),
                applied ? Outcome.Status.APPLIED : Outcome.Status.BUFFERED,
                token());
    }

    private Optional<String> contradiction(Write write, VersionVector clock) {
        StoredWrite shown = replication.get(write.key());
        Write held = replication.held(write.dot());
        boolean isShown = shown != null
                && shown.dot().equals(write.dot())
                && replication.whole(shown).equals(write);
        if (isShown || write.equals(held)) {
            return Optional.empty(); // The same once more.
        }
        Origin origin = write.dot().origin();
        if (held != null) {
            return Optional.of("another write " + write.dot() + " is buffered here already: " + held);
        }
        if (replication.knows(write.dot())) {
            return Optional.of(
                    "write " + write.dot() + " has been applied here already: the clock must count more than "
                            + replication.known().get(origin) + " writes of " + origin.node());
        }
        long own = replication.nextDot().sequence() - 1;
        if (clock.get(replication.origin()) > own) {
            return Optional.of("the clock counts " + clock.get(replication.origin()) + " writes of " + settings.self()
                    + ", which has made " + own);
        }
        VersionVector before = lastSynced.get(origin);
        if (before != null && before.get(origin) < clock.get(origin) && !clock.covers(before)) {
            return Optional.of("the clock " + clock + " is not after " + before + ", the clock of an earlier write of "
                    + origin.node());
        }
        return Optional.empty();
    }

    /** A clock made by hand names nodes; each stands for its start with the highest count, as far as is known. */
    private Origin latestOrigin(NodeId node) {
        if (node.equals(settings.self())) {
            return replication.origin();
        }
        Origin latest = new Origin(node, 0);
        VersionVector known = replication.known();
        for (int i = 0; i < known.size(); i++) {
            Origin origin = known.originAt(i);
            if (origin.node().equals(node) && known.countAt(i) >= known.get(latest)) {
                latest = origin;
            }
        }
        return latest;
    }

    private Map<Origin, Long> asCounts(Map<NodeId, Long> clock) {
        Map<Origin, Long> counts = new TreeMap<>();
        clock.forEach((node, count) -> counts.put(latestOrigin(node), count));
        return counts;
    }

    /** With an entry for each node, even without writes. */
    @Override
    public Object clock() {
        VersionVector clock = replication.known();
        for (NodeId node : settings.replicas()) {
            if (!names(clock, node)) {
                clock = clock.with(new Origin(node, 0), 0);
            }
        }
        return clock;
    }

    private static boolean names(VersionVector clock, NodeId node) {
        for (int i = 0; i < clock.size(); i++) {
            if (clock.originAt(i).node().equals(node)) {
                return true;
            }
        }
        return false;
    }
}
