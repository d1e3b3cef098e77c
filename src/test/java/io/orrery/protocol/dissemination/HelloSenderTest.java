package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.ServiceStatus;
import io.orrery.testkit.protocol.TimedNet.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A replica that starts asks its peers what they have, and says how far it has come with that. */
class HelloSenderTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    /** Replicas that compare what they have once in half a minute, as nodes may. */
    private static final Tuning SELDOM = new Tuning(Duration.ofSeconds(30), Duration.ofMillis(50), 10, 100_000);

    private final ReplicaNet net = new ReplicaNet(1, SELDOM, "A", "B", "C");

    @Test
    void aHelloWhoseAnswerIsLostIsSaidAgainSoonAfterAnyStart() {
        net.put("A", "x", "1");
        for (boolean losesItsMemory : new boolean[] {false, true}) {
            net.crash("B");
            net.put("A", "missed", String.valueOf(losesItsMemory));
            net.pass(100);
            cutOffAnswersToB(Rule.CUT);
            if (losesItsMemory) {
                net.wipe("B");
            } else {
                net.restart("B", false);
            }
            net.pass(100);
            assertEquals(List.of(A, NodeId.of("C")), standing("B").unheard());
            cutOffAnswersToB(Rule.PERFECT);
            net.pass(1_000);
            assertEquals(Optional.of(String.valueOf(losesItsMemory)), net.value("B", "missed"));
            assertEquals(List.of(), standing("B").unheard());
        }
    }

    private void cutOffAnswersToB(Rule rule) {
        net.link("A", "B", rule);
        net.link("C", "B", rule);
    }

    /** Messages to a peer that is paused wait for it. */
    @Test
    void aPeerThatStaysSilentIsAskedLessAndLessOften() {
        net.crash("A");
        net.crash("B");
        net.sent().clear();
        net.restart("A", false);
        net.pass(10 * 60_000);
        long hellos = net.sent().stream()
                .filter(it -> it.from().equals(A) && it.to().equals(B))
                .filter(it -> it.message().kind().equals("hello"))
                .count();
        assertEquals(
                7 + 20,
                hellos,
                "after half a second, and then twice as long from one to the next, up to half a minute; and in the place of"
                        + " each comparison, once in half a minute");
        assertEquals(List.of(B), standing("A").unheard());
    }

    @Test
    void aReplicaIsBehindUntilItHasAllThatItsPeersHadWhenItHeardOfThem() {
        for (int i = 0; i < 200; i++) {
            net.put("A", "k" + i, "v");
        }
        net.pass(100);
        net.links(Rule.delay(20));
        net.wipe("B");
        net.sent().clear();
        boolean wasBehind = false;
        while (isMissing(standing("B"))) {
            wasBehind |= standing("B").unheard().isEmpty();
            // More comes all the time: that does not keep it.
            net.put("C", "late", "v");
            net.pass(1);
        }
        assertTrue(wasBehind);
        assertTrue(
                net.contents("B").size() >= 200,
                () -> "keys: " + net.contents("B").size());
    }

    private static boolean isMissing(ServiceStatus serviceStatus) {
        return Stream.concat(serviceStatus.unheard().stream(), serviceStatus.behind().stream())
                .findAny()
                .isPresent();
    }

    private ServiceStatus standing(String name) {
        return net.replica(name).serviceStatus();
    }
}
