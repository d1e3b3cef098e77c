package io.orrery.protocol.multimaster;

import io.orrery.clock.LamportClock;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.kit.Invariant;

/**
 * A protocol of the family whose versions are Lamport timestamps: its clock ticks for each write of this replica, and
 * receives the time of each write of another that it applies. Source: Lamport, CACM 1978.
 */
abstract class LamportVersioned extends MultiMaster {
    private final LamportClock clock = new LamportClock();

    LamportVersioned(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    protected Version nextVersion() {
        long before = clock.time();
        long time = clock.tick();
        Invariant.check(time > before, "a Lamport clock grows with each write", time, before);
        return new Version(time, replication.origin());
    }

    @Override
    public final void applying(StoredWrite write) {
        clock.receive(write.version().counter());
        Invariant.check(
                clock.time() >= write.version().counter(),
                "a Lamport clock is past what is applied",
                clock.time(),
                write.version().counter());
    }

    @Override
    public final long durableClock() {
        return clock.time();
    }

    @Override
    public final long counted() {
        return clock.time();
    }

    @Override
    protected final void recoverClock(long time) {
        clock.recover(time);
    }

    @Override
    public final Object clock() {
        return clock.time();
    }
}
