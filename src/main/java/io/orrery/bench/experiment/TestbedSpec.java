package io.orrery.bench.experiment;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The replicas of an experiment, named 1, 2, 3 and so on; the first leads if the protocol has a leader.
 *
 * @param replicas how many there are
 * @param writeQuorum how many followers must have a write, if the protocol has a write quorum
 * @param links the delay of each message between replicas
 * @param clientDelay the delay between a client and a replica, in each direction
 * @param seed decides all random choices in virtual time
 */
public record TestbedSpec(
        ProtocolType protocol, int replicas, int writeQuorum, Delay links, Duration clientDelay, long seed) {
    /** @throws IllegalArgumentException if there are too few replicas, in general or for the quorum */
    public TestbedSpec {
        if (replicas < 2) {
            throw new IllegalArgumentException("an experiment needs 2 replicas or more, not " + replicas);
        }
        if (writeQuorum < 0 || writeQuorum >= replicas) {
            throw new IllegalArgumentException("the write quorum is from 0 to " + (replicas - 1)
                    + ", the number of followers, not " + writeQuorum);
        }
    }

    public List<NodeId> ids() {
        return IntStream.rangeClosed(1, replicas)
                .mapToObj(number -> NodeId.of(String.valueOf(number)))
                .toList();
    }

    public NodeId leader() {
        return ids().get(0);
    }

    ProtocolOptions options() {
        return ProtocolOptions.usual(ids())
                .with(ProtocolOptions.LEADER, leader())
                .with(ProtocolOptions.WRITE_QUORUM, writeQuorum);
    }
}
