package io.orrery.protocol.raft;

import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.testkit.protocol.ProtocolContract;
import java.time.Duration;

/** The contract where elections are frequent, and a snapshot is made after every few entries: what is rare otherwise. */
class HurriedRaftContractTest extends ProtocolContract {
    private static final int ENTRIES = 3;

    static final ProtocolType HURRIED = RaftProtocol.TYPE.variant(
            RaftProtocol.TYPE.name(),
            RaftProtocol.TYPE.summary(),
            (settings, effects) -> RaftProtocol.TYPE.create(hurried(settings), effects));

    private static ReplicaSettings hurried(ReplicaSettings settings) {
        ProtocolOptions options = settings.options()
                .with(RaftOptions.SNAPSHOT_THRESHOLD, ENTRIES)
                .with(RaftOptions.HEARTBEAT, Duration.ofMillis(20))
                .with(RaftOptions.ELECTION_TIMEOUT, Duration.ofMillis(80));
        return new ReplicaSettings(settings.self(), settings.replicas(), options, settings.tuning());
    }

    @Override
    protected ProtocolType type() {
        return HURRIED;
    }

    @Override
    protected int worlds() {
        return 40;
    }
}
