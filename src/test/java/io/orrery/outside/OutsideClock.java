package io.orrery.outside;

import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.multimaster.MultiMaster;

/** A protocol of the multi-master family as a stranger would write it: its clock leaps by ten. */
class OutsideClock extends MultiMaster {
    static final ProtocolType TYPE = new ProtocolType(
                    "outside-clock",
                    "every replica takes writes; a clock that leaps decides",
                    Replication.VOCABULARY,
                    OutsideClock::new)
            .promising(Promises.toStaying("read-your-writes", "monotonic-reads", "converged"));

    private long time;

    OutsideClock(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    protected Version nextVersion() {
        time += 10;
        return new Version(time, replication.origin());
    }

    @Override
    public void applying(StoredWrite write) {
        time = Math.max(time, write.version().counter());
    }

    @Override
    public long durableClock() {
        return time;
    }

    @Override
    protected void recoverClock(long recovered) {
        time = Math.max(time, recovered);
    }

    @Override
    public long counted() {
        return time;
    }

    @Override
    public Object clock() {
        return time;
    }
}
