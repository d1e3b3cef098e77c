package io.orrery.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolOption;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.singleleader.Level;
import io.orrery.protocol.singleleader.SingleLeaderProtocols;
import io.orrery.testkit.protocol.ProtocolContract;
import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The single-leader family is extended from another package: by a level whose writes wait for a majority, and nobody can choose. */
class OutsideLevelTest extends ProtocolContract {
    private static final class Majority extends Level {
        Majority() {
            super(WriteReturns.WHEN_A_QUORUM_HAS_IT, Read.LOCAL, Takers.LEADER, Order.BY_KEY);
        }

        @Override
        public int followersNeeded(ReplicaSettings settings) {
            return settings.replicas().size() / 2;
        }

        @Override
        public List<ProtocolOption<?>> options() {
            return List.of(ProtocolOptions.LEADER);
        }
    }

    private static final ProtocolType TYPE = SingleLeaderProtocols.type(
            "outside-majority",
            "only the leader takes writes; a write returns when a majority has it",
            Promises.toStaying("read-your-writes", "monotonic-reads", "converged"),
            new Majority());

    @Override
    protected ProtocolType type() {
        return TYPE;
    }

    @Override
    protected int worlds() {
        return 40;
    }

    @Test
    void aWriteReturnsWhenAMajorityHasIt() {
        ProtocolNet net = new ProtocolNet(TYPE, "A", "B", "C", "D", "E");
        net.deliverAll();
        Asked put = net.at("A").put("", "x", "new");
        net.deliver(net.first("update", "A", "D").orElseThrow());
        net.deliver(net.first("ack", "D", "A").orElseThrow());
        assertFalse(put.isAnswered(), "two of five have it");
        net.deliver(net.first("update", "A", "B").orElseThrow());
        net.deliver(net.first("ack", "B", "A").orElseThrow());
        assertEquals("\"new\"", put.done().value().orElseThrow().json());
    }

    @Test
    void itHasNoWriteQuorumToChoose() {
        assertEquals(List.of(ProtocolOptions.LEADER), TYPE.options());
    }
}
