package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.dissemination.DisseminationMessage.Delta;
import io.orrery.testkit.protocol.TimedNet;
import io.orrery.testkit.protocol.TimedNet.Rule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Parts of a catch-up that come late, twice, or for an earlier life of the replica. */
class ChunkedFetchTest {
    private static final Tuning SMALL_PARTS = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 10, 100_000);

    /** C fetches from B what lies ahead of a gap for good, in two parts, and the second one is on its way to it. */
    private static ReplicaNet beforeTheSecondOfTwoParts() {
        ReplicaNet small = new ReplicaNet(1, SMALL_PARTS, "A", "B", "C");
        small.crash("C");
        small.link("A", "B", Rule.CUT);
        small.put("A", "lost", "v");
        small.link("A", "B", Rule.PERFECT);
        for (int i = 0; i < 20; i++) {
            small.put("A", "k" + i, "v");
        }
        small.pass(2);
        small.crash("A");
        small.pass(100);
        small.sent().clear();
        small.restart("C", false);
        while (small.count("delta") < 2) {
            small.pass(1);
        }
        return small;
    }

    private static Message part(ReplicaNet small, int number) {
        return small.sent().stream()
                .map(TimedNet.Sent::message)
                .filter(Delta.class::isInstance)
                .toList()
                .get(number);
    }

    private static void assertAllArrivesAtC(ReplicaNet small) {
        small.pass(10_000);
        assertEquals(20, small.replica("C").status().keys());
        small.restart("A", false);
        small.pass(10_000);
        small.assertConverged("when A is back");
    }

    @Test
    void aDoubledPartMakesNothingKnownThatHasNotCome() {
        ReplicaNet small = beforeTheSecondOfTwoParts();
        Message first = part(small, 0);
        small.input("C", protocol -> protocol.message(NodeId.of("B"), first));
        assertAllArrivesAtC(small);
    }

    @Test
    void aPartForAnEarlierLifeMakesNothingKnownThatHasNotCome() {
        ReplicaNet small = beforeTheSecondOfTwoParts();
        small.restart("C", false);
        assertAllArrivesAtC(small);
    }

    /** The same, when the new life has asked the same peer already. */
    @Test
    void aPartForAnEarlierLifeIsNoAnswerToALaterOne() {
        ReplicaNet small = beforeTheSecondOfTwoParts();
        Message second = part(small, 1);
        small.restart("C", false);
        small.link("B", "C", Rule.delay(20));
        small.sent().clear();
        while (small.count("fetch") == 0) {
            small.pass(1);
        }
        small.input("C", protocol -> protocol.message(NodeId.of("B"), second));
        assertAllArrivesAtC(small);
    }
}
