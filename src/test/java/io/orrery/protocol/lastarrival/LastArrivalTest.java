package io.orrery.protocol.lastarrival;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.dissemination.DotInvariants;
import io.orrery.testkit.protocol.Invariants;
import io.orrery.testkit.protocol.ProtocolContract;
import io.orrery.testkit.protocol.ProtocolNet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LastArrivalTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return LastArrival.TYPE;
    }

    @Override
    protected Invariants invariants() {
        return new DotInvariants(type());
    }

    /** The tests of all protocols in {@code scenario} play more, with the same invariants. */
    @Override
    protected int worlds() {
        return 20;
    }

    private static ProtocolNet greeted(String... replicas) {
        ProtocolNet net = new ProtocolNet(LastArrival.TYPE, replicas);
        net.deliverAll();
        return net;
    }

    /** Kleppmann, "Designing Data-Intensive Applications", figure 5-12: each shows what came to it last. */
    @Test
    void twoWritesInTwoOrdersLeaveTwoReplicasDifferentForEver() {
        ProtocolNet net = greeted("A", "B");
        net.at("A").put("", "x", "red");
        net.at("B").put("", "x", "blue");
        net.deliverAll();
        assertEquals("\"blue\"", net.at("A").shown("x"));
        assertEquals("\"red\"", net.at("B").shown("x"));
        assertEquals(
                net.at("A").protocol().status().known(),
                net.at("B").protocol().status().known(),
                "each has both");
        for (int i = 0; i < 3; i++) {
            net.at("A").fire("ANTI_ENTROPY");
            net.at("B").fire("ANTI_ENTROPY");
            net.deliverAll();
        }
        assertEquals("\"blue\"", net.at("A").shown("x"));
        assertEquals("\"red\"", net.at("B").shown("x"));
    }

    @Test
    void aDoubleThatComesLateSetsNothingBack() {
        ProtocolNet net = greeted("A", "B");
        net.at("A").put("", "x", "first");
        net.repeat(net.first("update", "A", "B").orElseThrow());
        net.at("B").put("", "x", "second");
        assertEquals("\"second\"", net.at("B").shown("x"));
        net.deliver(net.first("update", "A", "B").orElseThrow());
        assertEquals("\"second\"", net.at("B").shown("x"));
    }

    @Test
    void aReplicaThatComesBackShowsWhatCameLastToIt() {
        ProtocolNet net = greeted("A", "B");
        net.at("A").put("", "x", "red");
        net.at("B").put("", "x", "blue");
        net.deliverAll();
        net.crash("A");
        assertEquals("\"blue\"", net.at("A").shown("x"));
        net.deliverAll();
        assertEquals("\"blue\"", net.at("A").shown("x"));
    }

    /** They would be taken for an order. */
    @Test
    void clientsAreToldNoVersion() {
        ProtocolNet net = greeted("A", "B");
        assertEquals(Optional.empty(), net.at("A").put("", "x", "red").done().version());
        assertEquals(Optional.empty(), net.at("A").get("", "x").done().version());
    }

    @Test
    void itSaysThatItDoesNotConverge() {
        assertFalse(LastArrival.TYPE.converges());
        assertEquals(List.of(), LastArrival.TYPE.promises().models());
    }
}
