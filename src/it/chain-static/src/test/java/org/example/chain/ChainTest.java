package org.example.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import org.junit.jupiter.api.Test;

/** The chain, stepped by hand. Section 3 of the paper. */
class ChainTest {
    private final ProtocolNet net = new ProtocolNet(ChainProvider.TYPE, "A", "B", "C");

    @Test
    void aWriteReturnsWhenTheTailHasIt() {
        Asked put = net.at("A").put("", "x", "new");
        net.deliver(net.first("pass", "A", "B").orElseThrow());
        assertEquals("\"new\"", net.at("B").shown("x"));
        assertFalse(put.isAnswered());
        net.deliver(net.first("pass", "B", "C").orElseThrow());
        assertFalse(put.isAnswered());
        net.deliverAll();
        assertTrue(put.isAnswered());
    }

    @Test
    void aReadIsTheTailsAndSeesNothingThatHasNotReturned() {
        net.at("A").put("", "x", "new");
        net.deliver(net.first("pass", "A", "B").orElseThrow());
        Asked get = net.at("B").get("", "x");
        net.deliver(net.first("ask", "B", "C").orElseThrow());
        net.deliver(net.first("told", "C", "B").orElseThrow());
        assertTrue(get.done().value().isEmpty());
    }

    @Test
    void aMiddleThatCrashesKeepsWhatItHasAndGetsWhatItMissed() {
        net.at("A").put("", "x", "old");
        net.deliverAll();
        Asked put = net.at("A").put("", "x", "new");
        net.lose(net.first("pass", "A", "B").orElseThrow());
        net.crash("B");
        assertEquals("\"old\"", net.at("B").shown("x"));
        net.at("A").fire("RESEND");
        net.deliverAll();
        assertEquals("\"new\"", net.at("C").shown("x"));
        assertTrue(put.isAnswered());
    }

    @Test
    void aWriteThatIsSentAgainIsOrderedOnce() {
        net.at("B").put("", "x", "first");
        net.repeat(net.first("ask", "B", "A").orElseThrow());
        net.deliverAll(it -> !it.message().kind().equals("ask"));
        net.at("A").put("", "x", "second");
        net.deliverAll();
        assertEquals("\"second\"", net.at("C").shown("x"));
    }
}
