package io.orrery.protocol.singleleader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.ServiceStatus.Service;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a replica of each level does, and whom it needs for it: the table of minorities in cluster.md, by the protocols. */
class LevelTest {
    private static final List<NodeId> ALL = List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"), NodeId.of("D"));

    @ParameterizedTest
    @CsvSource({
        "primary-linearizable, A, 'reads with 1 of B C D, writes with 3 of B C D'",
        "primary-linearizable, B, 'reads with 1 of A, writes with 3 of A C D'",
        "primary-sequential,   A, 'local reads by itself, writes with 3 of B C D'",
        "primary-sequential,   B, 'local reads by itself, writes with 3 of A C D'",
        "primary-causal,       A, 'local reads by itself, writes by itself'",
        "primary-causal,       B, 'local reads by itself, writes with 1 of A'",
        "primary-eventual,     A, 'local reads by itself, writes by itself'",
        "primary-eventual,     B, 'local reads by itself, writes by itself, the leader''s writes with 1 of A'",
        "leader-quorum,        A, 'local reads by itself, writes with 2 of B C D'",
        "leader-quorum,        B, 'local reads by itself, the leader''s writes with 1 of A'",
        "lamport-lww,          A, 'local reads by itself, writes by itself'",
        "cops,                 B, 'local reads by itself, writes by itself'"
    })
    void whatAReplicaNeeds(String protocol, String replica, String expected) {
        ProtocolType type = Protocols.named(protocol);
        ReplicaSettings settings = new ReplicaSettings(
                NodeId.of(replica),
                ALL,
                ProtocolOptions.usual(ALL)
                        .with(ProtocolOptions.LEADER, NodeId.of("A"))
                        .with(ProtocolOptions.WRITE_QUORUM, 2),
                Tuning.DEFAULT);
        String services = type.create(settings, null).serviceStatus().services().stream()
                .map(LevelTest::text)
                .collect(Collectors.joining(", "));
        assertEquals(expected, services);
    }

    private static String text(Service service) {
        return service.name()
                + (service.needed() == 0
                        ? " by itself"
                        : " with " + service.needed() + " of "
                                + service.peers().stream().map(NodeId::name).collect(Collectors.joining(" ")));
    }
}
