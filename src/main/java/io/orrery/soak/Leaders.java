package io.orrery.soak;

import io.orrery.deployment.Deployment;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.singleleader.SingleLeaderProtocols;
import java.util.List;

/** Which protocols have a leader, and what it waits for. */
final class Leaders {
    private static final List<ProtocolType> LED = List.of(
            SingleLeaderProtocols.PRIMARY_LINEARIZABLE,
            SingleLeaderProtocols.PRIMARY_SEQUENTIAL,
            SingleLeaderProtocols.PRIMARY_CAUSAL,
            SingleLeaderProtocols.PRIMARY_EVENTUAL,
            SingleLeaderProtocols.LEADER_QUORUM);

    /** Of these a write that returns is at two replicas at least, where the quorum is not 0. */
    private static final List<ProtocolType> CONFIRMED = List.of(
            SingleLeaderProtocols.PRIMARY_LINEARIZABLE,
            SingleLeaderProtocols.PRIMARY_SEQUENTIAL,
            SingleLeaderProtocols.LEADER_QUORUM);

    private Leaders() {}

    static boolean has(ProtocolType protocol) {
        return LED.contains(protocol);
    }

    /** Whether a write may return that only one replica has. */
    static boolean acknowledgesAlone(Deployment deployment) {
        boolean quorumOfNone = deployment.protocol().equals(SingleLeaderProtocols.LEADER_QUORUM)
                && deployment.roles().writeQuorum() == 0;
        return quorumOfNone || !CONFIRMED.contains(deployment.protocol());
    }
}
