package io.orrery.protocol.multimaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Outcome;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.testkit.protocol.SteppedReplica;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that comes to a replica with a session of another one, which is not reached from there. */
class RoamingTest {
    private SteppedReplica one;
    private SteppedReplica two;
    private SteppedReplica three;
    private String session;

    /** The client has made a write at one, of which two has not heard. */
    private void start(String protocol) {
        ProtocolType type = Protocols.named(protocol);
        one = new SteppedReplica(type, "1", "1", "2", "3");
        two = new SteppedReplica(type, "2", "1", "2", "3");
        three = new SteppedReplica(type, "3", "1", "2", "3");
        session = one.put("", "x", "1").done().session();
    }

    private static void assertRefused(Asked asked) {
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, asked.outcome());
        assertEquals(Outcome.Reason.UNAVAILABLE, refused.reason());
        assertTrue(
                refused.detail()
                        .contains("replica 1, which made it, is not reached, and no replica that is reached has it"),
                refused.detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void whereNobodyIsReachedItIsRefusedAtOnce(String protocol) {
        start(protocol);
        two.protocol().unreachable(one.id());
        two.protocol().unreachable(three.id());
        assertRefused(two.put(session, "y", "2"));
        assertRefused(two.get(session, "x"));
        assertEquals("\"2\"", two.put("", "y", "2").done().value().orElseThrow().json(), "a new session is served");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void whoIsReachedIsAskedFirst(String protocol) {
        start(protocol);
        two.protocol().unreachable(one.id());
        Asked asked = two.put(session, "y", "2");
        assertFalse(asked.isAnswered());
        two.deliver("hello", three);
        three.deliver("answer", two);
        assertRefused(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void itWaitsForWhatSomebodyHasWhoIsReached(String protocol) {
        start(protocol);
        one.deliver("update", three);
        two.protocol().unreachable(one.id());
        Asked asked = two.put(session, "y", "2");
        two.deliver("hello", three);
        three.deliver("answer", two);
        assertFalse(asked.isAnswered());
        two.fire("PATIENCE");
        two.deliver("fetch", three);
        three.deliver("delta", two);
        assertInstanceOf(Outcome.Done.class, asked.outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void itIsRefusedWhenTheLastWhoCouldHaveItIsReachedNoMore(String protocol) {
        start(protocol);
        two.protocol().unreachable(one.id());
        Asked asked = two.put(session, "y", "2");
        two.protocol().unreachable(three.id());
        assertRefused(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void itWaitsWhileTheMakerIsReached(String protocol) {
        start(protocol);
        two.protocol().unreachable(three.id());
        Asked asked = two.put(session, "y", "2");
        assertFalse(asked.isAnswered());
        one.deliver("update", two);
        assertInstanceOf(Outcome.Done.class, asked.outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void whenTheMakerIsReachedAgainItWaits(String protocol) {
        start(protocol);
        two.protocol().unreachable(one.id());
        two.protocol().unreachable(three.id());
        assertRefused(two.put(session, "y", "2"));
        two.protocol().reachable(one.id());
        Asked asked = two.put(session, "y", "2");
        assertFalse(asked.isAnswered());
        one.deliver("update", two);
        assertInstanceOf(Outcome.Done.class, asked.outcome());
    }
}
