package io.orrery.protocol.multimaster;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
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
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lamport clocks and last writer wins. A write is shown when it arrives. Of two writes to a key the one with the higher
 * Lamport time wins; at the same time, the one of the alphabetically later node.
 *
 * <p>The events of the clock are writes and their arrivals; reads are none. Source: Lamport, CACM 1978; the lab "Logical
 * clocks and replication consistency".
 */
public final class LamportLww extends LamportVersioned {
    public static final ProtocolType TYPE = new ProtocolType(
                    "lamport-lww",
                    "every replica takes writes; the highest Lamport timestamp wins",
                    Replication.VOCABULARY,
                    LamportLww::new)
            .checked(MultiMaster.SELF_CHECKS)
            .promising(Promises.toStaying("read-your-writes", "monotonic-reads", "converged"))
            .taking(HandMadeOrder.TIME);

    public LamportLww(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    /**
     * With the time and node of an existing write it counts as that write, as in the lab. It has a separate origin, so
     * that it differs from the writes of the named node itself.
     */
    @Override
    protected void sync(Request request, Operation.HandMadeWrite handMadeWrite) {
        if (!settings.peers().contains(handMadeWrite.from())) {
            refuse(
                    request,
                    "a write made by hand comes from another replica, which is "
                            + settings.peers().stream().map(NodeId::name).collect(Collectors.joining(" or "))
                            + ", not from " + handMadeWrite.from());
            return;
        }
        if (!handMadeWrite.clock().isEmpty()) {
            refuse(request, "a write made by hand has a version here, and no vector clock");
            return;
        }
        if (handMadeWrite.version() < 1) {
            refuse(request, "a write made by hand needs its version, the Lamport time");
            return;
        }
        Dot dot = replication.nextDotFor(handMadeWrite.from());
        Version version = new Version(handMadeWrite.version(), dot.origin());
        try {
            plausibilityCheck.version(version);
        } catch (IllegalArgumentException e) {
            refuse(request, e.getMessage());
            return;
        }
        StoredWrite shown = replication.get(handMadeWrite.key());
        if (shown != null && !isNewer(version, shown.version())) {
            refuse(
                    request,
                    Outcome.Reason.OUTDATED,
                    "the key has the version " + shown.version() + " here, and " + version + " is not newer");
            return;
        }
        Write write =
                new Write(dot, handMadeWrite.key(), Optional.of(handMadeWrite.value()), version, Dependencies.NONE);
        if (!hasRoom(request, write.value(), write.dependencies())) {
            return;
        }
        replication.inject(write);
        reply(request, write.value(), Optional.of(version), Outcome.Status.APPLIED, "");
    }

    private static boolean isNewer(Version one, Version other) {
        int byTime = Long.compare(one.counter(), other.counter());
        return byTime > 0
                || byTime == 0 && one.origin().node().compareTo(other.origin().node()) > 0;
    }
}
