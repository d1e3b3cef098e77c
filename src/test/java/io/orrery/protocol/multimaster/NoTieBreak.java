package io.orrery.protocol.multimaster;

import io.orrery.clock.LamportClock;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Write;

/** As {@link LamportLww}, but versions do not name who made them: of two with the same time the first to come stays. */
public final class NoTieBreak extends MultiMaster {
    public static final ProtocolType TYPE = new ProtocolType(
            "lamport-lww: no tie-break",
            "a planted bug",
            LamportLww.TYPE.promises(),
            LamportLww.TYPE.kinds(),
            NoTieBreak::new);

    private final LamportClock clock = new LamportClock();

    private NoTieBreak(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    protected Version nextVersion() {
        return new Version(clock.tick(), new Origin(settings.replicas().get(0), 0));
    }

    @Override
    public void applying(Write write) {
        clock.receive(write.version().counter());
    }

    @Override
    public long durableClock() {
        return clock.time();
    }

    @Override
    protected void recoverClock(long time) {
        clock.recover(time);
    }

    @Override
    public Object clock() {
        return clock.time();
    }
}
