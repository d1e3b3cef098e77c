package io.orrery.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProtocolsTest {
    @Test
    void everyProtocolIsFoundByItsName() {
        for (ProtocolType type : Protocols.all()) {
            assertSame(type, Protocols.named(type.name()));
            assertEquals(type.name(), type.toString());
            assertTrue(!type.summary().isBlank());
        }
        assertEquals("lamport-lww", Protocols.named("lamport-lww").name());
    }

    @Test
    void aNameThatThereIsNotIsAnsweredWithThoseThatThereAre() {
        String known = Protocols.all().stream().map(ProtocolType::name).collect(Collectors.joining(", "));
        for (String name : List.of("lamport", "", "LAMPORT-LWW", "paxos")) {
            assertEquals(
                    "there is no protocol \"" + name + "\"; there are: " + known
                            + " (those of a jar come with --plugins JAR)",
                    assertThrows(IllegalArgumentException.class, () -> Protocols.named(name))
                            .getMessage());
        }
    }

    @Test
    void aReplicaIsOneOfItsDeploymentAndHasTheOthersAsPeers() {
        List<NodeId> nodes = List.of(NodeId.of("B"), NodeId.of("A"), NodeId.of("C"));
        ReplicaSettings settings = new ReplicaSettings(NodeId.of("A"), nodes, Tuning.DEFAULT);
        assertEquals(List.of(NodeId.of("B"), NodeId.of("C")), settings.peers());
        assertThrows(IllegalArgumentException.class, () -> new ReplicaSettings(NodeId.of("X"), nodes, Tuning.DEFAULT));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ReplicaSettings(NodeId.of("A"), List.of(NodeId.of("A"), NodeId.of("A")), Tuning.DEFAULT));
    }

    @Test
    void aTimeOrLimitThatCannotWorkIsRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new Tuning(Duration.ZERO, second, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Tuning(second, second.negated(), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Tuning(second, second, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Tuning(second, second, 1, 0));
    }
}
