package io.orrery.protocol.singleleader;

import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Replication;
import java.util.Optional;

/** Writes made by hand at a follower, which accepts each as its own write, with the given version or the next one. */
final class HandMadeWrites {
    private final boolean takesThem;
    private final PlausibilityCheck plausibilityCheck;
    private final Replication replication;
    private final Ordering ordering;

    HandMadeWrites(
            ReplicaSettings settings,
            Level level,
            PlausibilityCheck plausibilityCheck,
            Replication replication,
            Ordering ordering) {
        boolean leads = settings.options().get(ProtocolOptions.LEADER).equals(settings.self());
        this.takesThem = level.takers() == Level.Takers.LEADER && !leads;
        this.plausibilityCheck = plausibilityCheck;
        this.replication = replication;
        this.ordering = ordering;
    }

    /** Makes the write, or says why not. The session of the answer is for the caller to add. */
    Outcome make(Operation.HandMadeWrite handMadeWrite) {
        if (!takesThem) {
            return invalid("writes made by hand are for followers of a write-quorum leader");
        }
        if (!handMadeWrite.clock().isEmpty()) {
            return invalid("a write made by hand has a version here, and no vector clock");
        }
        Version next = ordering.nextVersion(handMadeWrite.key());
        if (handMadeWrite.version() > 0 && handMadeWrite.version() < next.counter()) {
            return new Outcome.Refused(
                    Outcome.Reason.OUTDATED,
                    "the key has the version " + (next.counter() - 1) + " here, and " + handMadeWrite.version()
                            + " is not newer");
        }
        Version version = handMadeWrite.version() == 0 ? next : new Version(handMadeWrite.version(), next.origin());
        try {
            plausibilityCheck.version(version);
        } catch (IllegalArgumentException e) {
            return invalid(e.getMessage());
        }
        Optional<String> lack =
                replication.lackOfRoom(handMadeWrite.key(), Optional.of(handMadeWrite.value()), Dependencies.NONE);
        if (lack.isPresent()) {
            return new Outcome.Refused(Outcome.Reason.FULL, lack.get());
        }
        replication.write(handMadeWrite.key(), Optional.of(handMadeWrite.value()), version, Dependencies.NONE);
        return new Outcome.Done(Optional.of(handMadeWrite.value()), Optional.of(version), Outcome.Status.APPLIED, "");
    }

    private static Outcome invalid(String why) {
        return new Outcome.Refused(Outcome.Reason.INVALID, why);
    }
}
