package io.orrery.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens of all protocols with sessions. */
class SessionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops", "primary-sequential", "primary-causal"})
    void aTokenIsNotBuiltAgainForEachAnswer(String protocol) {
        ProtocolNet net = new ProtocolNet(Protocols.named(protocol), "A", "B");
        net.deliverAll();
        String written = put(net, "1");
        String first = get(net, written);
        assertEquals(written, first, "nothing has been seen but what was written");
        assertSame(get(net, written), get(net, written));
        String later = put(net, "2");
        assertNotEquals(written, later);
        assertNotEquals(written, get(net, written), "what is there now has been seen now");
        assertEquals(later, get(net, later));
    }

    private static String put(ProtocolNet net, String value) {
        Asked put = net.at("A").put("", "x", value);
        net.deliverAll();
        return put.done().session();
    }

    private static String get(ProtocolNet net, String session) {
        return net.at("A").get(session, "x").done().session();
    }
}
