package io.orrery.protocol.lastarrival;

import io.orrery.clock.VersionVector;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.multimaster.MultiMaster;
import java.util.Optional;

/**
 * No clock, and no order: a write is applied when it arrives, over whatever its key shows. Every replica gets every write, and
 * of two that are concurrent each replica goes on to show the one that came last to it. So replicas differ for ever: the
 * anomaly that lectures on replication begin with.
 *
 * <p>The number of a write is how many its replica has made. It tells nothing of which write is newer, so clients are not
 * told it. A replica that was
 * away catches up with what the others show, and is spared what they have overwritten.
 *
 * <p>Source: Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 5, "Detecting concurrent writes": if each
 * node simply overwrote the value for a key whenever it received a write, the nodes would become permanently inconsistent.
 */
public final class LastArrival extends MultiMaster {
    public static final ProtocolType TYPE = new ProtocolType(
                    "last-arrival",
                    "every replica takes writes and applies them as they arrive, without a clock; replicas may differ for ever",
                    Replication.VOCABULARY,
                    LastArrival::new)
            .checked(SELF_CHECKS);

    public LastArrival(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    public boolean replaces(StoredWrite comes, StoredWrite shown) {
        return true;
    }

    @Override
    protected Version nextVersion() {
        return new Version(replication.nextDot().sequence(), replication.origin());
    }

    /** Its numbers tell nothing of which write is the newer one. */
    @Override
    protected Optional<Version> told(Version version) {
        return Optional.empty();
    }

    @Override
    public long counted() {
        VersionVector known = replication.known();
        long highest = 0;
        for (int i = 0; i < known.size(); i++) {
            highest = Math.max(highest, known.countAt(i));
        }
        return highest;
    }

    /** There is none. */
    @Override
    public Object clock() {
        return "-";
    }
}
