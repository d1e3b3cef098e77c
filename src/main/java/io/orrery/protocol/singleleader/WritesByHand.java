package io.orrery.protocol.singleleader;

import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.protocol.Credible;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Replication;
import java.util.Optional;

/** Writes made by hand at a follower, which accepts each as its own write, with the given version or the next one. */
final class WritesByHand {
    private final boolean takesThem;
    private final Credible credible;
    private final Replication replication;
    private final Ordering ordering;

    WritesByHand(ReplicaSettings settings, Level level, Credible credible, Replication replication, Ordering ordering) {
        boolean leads = settings.options().get(ProtocolOptions.LEADER).equals(settings.self());
        this.takesThem = level.takers() == Level.Takers.LEADER && !leads;
        this.credible = credible;
        this.replication = replication;
        this.ordering = ordering;
    }

    /** Makes the write, or says why not. The session of the answer is for the caller to add. */
    Outcome make(Operation.Sync sync) {
        if (!takesThem) {
            return invalid("writes made by hand are for followers of a write-quorum leader");
        }
        if (!sync.clock().isEmpty()) {
            return invalid("a write that is made by hand has a version here, and no vector clock");
        }
        Version next = ordering.nextVersion(sync.key());
        if (sync.version() > 0 && sync.version() < next.counter()) {
            return new Outcome.Refused(
                    Outcome.Reason.OUTDATED,
                    "the key has the version " + (next.counter() - 1) + " here, and " + sync.version()
                            + " is no newer one");
        }
        Version version = sync.version() == 0 ? next : new Version(sync.version(), next.origin());
        try {
            credible.version(version);
        } catch (IllegalArgumentException e) {
            return invalid(e.getMessage());
        }
        Optional<String> lack = replication.lackOfRoom(sync.key(), Optional.of(sync.value()), Dependencies.NONE);
        if (lack.isPresent()) {
            return new Outcome.Refused(Outcome.Reason.FULL, lack.get());
        }
        replication.write(sync.key(), Optional.of(sync.value()), version, Dependencies.NONE);
        return new Outcome.Done(Optional.of(sync.value()), Optional.of(version), Outcome.Status.APPLIED, "");
    }

    private static Outcome invalid(String why) {
        return new Outcome.Refused(Outcome.Reason.INVALID, why);
    }
}
