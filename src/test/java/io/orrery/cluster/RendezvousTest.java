package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.cluster.Rendezvous.Found;
import io.orrery.cluster.Rendezvous.Join;
import io.orrery.cluster.Rendezvous.Leave;
import io.orrery.cluster.Rendezvous.Wait;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom a node joins, by what it hears. */
class RendezvousTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LATER = Rendezvous.LOOK_AROUND.toNanos();

    private final Rendezvous ofB = new Rendezvous(B, Set.of(A, C), PATIENCE, 0);

    /** What a node tells that is in a cluster of these, and reaches them all; in none, when there are none. */
    private static Wire.Presence presence(NodeId from, String... members) {
        return new Wire.Presence(from, "at-" + from, from + "1", "same", List.of(members), members.length, false);
    }

    private static Wire.Presence answer(NodeId from) {
        return new Wire.Presence(from, "at-" + from, from + "1", "same", List.of(), 0, true);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void aNodeThatIsTheOnlyOneFoundsItsClusterAtOnce() {
        assertEquals(new Found(), new Rendezvous(A, Set.of(), PATIENCE, 0).outside(0));
    }

    @Test
    void aNodeLooksAroundBeforeItFoundsACluster() {
        ofB.tried(A, false, 0);
        ofB.tried(C, false, 0);
        assertEquals(new Wait(), ofB.outside(LATER - 1));
        assertEquals(new Found(), ofB.outside(LATER));
    }

    @Test
    void aNodeThatHearsOfAClusterJoinsIt() {
        ofB.heard(presence(C, "C1"), 5);
        assertEquals(new Join("at-C"), ofB.outside(5));
        assertEquals(new Wait(), ofB.outside(6), "it has asked, and waits");
        ofB.heard(presence(C, "C1"), Rendezvous.JOINING.toNanos());
        assertEquals(
                new Join("at-C"), ofB.outside(Rendezvous.JOINING.toNanos() + 5), "it was not taken in, and asks again");
    }

    @Test
    void ofTwoClustersANodeJoinsTheLarger() {
        ofB.heard(presence(A, "A1"), 5);
        ofB.heard(presence(C, "C1", "D1"), 5);
        assertEquals(new Join("at-C"), ofB.outside(5));
    }

    @Test
    void theLowestOfThoseThatAreThereFounds() {
        ofB.tried(A, false, 0);
        ofB.heard(answer(C), LATER);
        assertEquals(new Found(), ofB.outside(LATER));

        Rendezvous ofC = new Rendezvous(C, Set.of(A, B), PATIENCE, 0);
        ofC.tried(A, false, 0);
        ofC.heard(answer(B), LATER);
        assertEquals(new Wait(), ofC.outside(LATER));
    }

    @Test
    void aNodeThatHasNotAnsweredMayBeFoundingAClusterItself() {
        ofB.tried(A, false, 0);
        ofB.heard(presence(C), LATER);
        assertEquals(new Wait(), ofB.outside(LATER), "C has called before it could hear of B");
        ofB.heard(answer(C), LATER + 1);
        assertEquals(new Found(), ofB.outside(LATER + 1));
    }

    @Test
    void anAnswerOfLongAgoIsNone() {
        ofB.tried(A, false, 0);
        ofB.heard(answer(C), 0);
        ofB.heard(presence(C), millis(6_900));
        assertEquals(new Wait(), ofB.outside(millis(7_000)));
    }

    @Test
    void aLowerNodeThatHasGoneAgainIsNotWaitedFor() {
        ofB.tried(C, false, 0);
        ofB.heard(presence(A), 5);
        ofB.tried(A, false, 4);
        assertEquals(new Wait(), ofB.outside(LATER), "it was not there yet when it was tried, and is now");
        ofB.tried(A, false, 6);
        assertEquals(new Found(), ofB.outside(LATER));
    }

    @Test
    void whereSomebodyListensANodeWaitsToHearWhoForAWhile() {
        ofB.tried(A, true, 0);
        ofB.tried(C, false, 0);
        assertEquals(new Wait(), ofB.outside(LATER));
        assertEquals(new Wait(), ofB.outside(PATIENCE.toNanos() - 1));
        assertEquals(new Found(), ofB.outside(PATIENCE.toNanos()));
    }

    private Set<NodeId> unheard(long millis) {
        return ofB.unheard(Duration.ofSeconds(15), millis(millis));
    }

    @Test
    void whoListensAndIsNotHeardOfForLongIsNoted() {
        ofB.tried(A, true, millis(1_000));
        ofB.tried(A, true, millis(2_000));
        ofB.tried(C, false, millis(1_000));
        assertEquals(Set.of(), unheard(15_999));
        assertEquals(Set.of(A), unheard(16_000));
        ofB.heard(presence(A), millis(16_001));
        assertEquals(Set.of(), unheard(16_001));
        ofB.tried(A, true, millis(17_000));
        assertEquals(Set.of(), unheard(31_999), "it begins again");
        assertEquals(Set.of(A), unheard(32_000));
    }

    @Test
    void whoWasHeardJustBeforeIsNotMissedWhenAClusterIsFounded() {
        ofB.heard(presence(A), 0);
        ofB.tried(A, true, millis(1));
        ofB.tried(C, true, millis(1));
        assertEquals(Set.of(C), ofB.unheard(Duration.ZERO, millis(2)));
        assertEquals(Set.of(A, C), ofB.unheard(Duration.ZERO, millis(10_000)));
    }

    @Test
    void whoHasGoneOrIsAStrangerOrAMemberIsNotMissed() {
        for (Runnable known : List.<Runnable>of(() -> ofB.tried(A, false, 5), () -> ofB.strange(A), () -> ofB.met(A))) {
            ofB.tried(A, true, 0);
            assertEquals(Set.of(A), unheard(15_000));
            known.run();
            assertEquals(Set.of(), unheard(15_000));
        }
    }

    @Test
    void whoIsNotOfTheDeploymentIsNotWaitedFor() {
        ofB.tried(C, false, 0);
        ofB.tried(A, true, 0);
        ofB.strange(A);
        assertEquals(new Found(), ofB.outside(LATER));
        Rendezvous again = new Rendezvous(B, Set.of(A), PATIENCE, 0);
        again.strange(A);
        again.heard(presence(A), LATER);
        assertEquals(new Wait(), again.outside(LATER), "it is of the deployment now");
    }

    @Test
    void aNodeThatHasNotTriedAllAddressesWaits() {
        ofB.tried(A, false, 0);
        assertEquals(new Wait(), ofB.outside(LATER));
    }

    @Test
    void theSmallerOfTwoClustersEndsWhenThereIsNoDoubt() {
        Wire.Presence larger = presence(A, "A1", "C1");
        assertEquals(new Wait(), ofB.inside(larger, "B1", List.of("B1"), 1, 0));
        long doubt = Rendezvous.DOUBT.toNanos();
        assertEquals(new Wait(), ofB.inside(larger, "B1", List.of("B1"), 1, doubt - 1));
        assertEquals(new Leave("at-A"), ofB.inside(larger, "B1", List.of("B1"), 1, doubt));
    }

    @Test
    void theLargerOfTwoClustersStays() {
        Wire.Presence smaller = presence(C, "C1");
        ofB.inside(smaller, "B1", List.of("A1", "B1"), 2, 0);
        assertEquals(new Wait(), ofB.inside(smaller, "B1", List.of("A1", "B1"), 2, Rendezvous.DOUBT.toNanos()));
    }

    @Test
    void ofTwoThatAreEquallyLargeExactlyOneEnds() {
        Rendezvous ofA = new Rendezvous(A, Set.of(B), PATIENCE, 0);
        Rendezvous ofItsPeer = new Rendezvous(B, Set.of(A), PATIENCE, 0);
        ofA.inside(presence(B, "B1"), "A1", List.of("A1"), 1, 0);
        ofItsPeer.inside(presence(A, "A1"), "B1", List.of("B1"), 1, 0);
        long doubt = Rendezvous.DOUBT.toNanos();
        assertEquals(new Wait(), ofA.inside(presence(B, "B1"), "A1", List.of("A1"), 1, doubt));
        assertEquals(new Leave("at-A"), ofItsPeer.inside(presence(A, "A1"), "B1", List.of("B1"), 1, doubt));
    }

    @Test
    void whoIsTakenForAMemberElsewhereAndDoesNotKnowItLeavesToo() {
        Wire.Presence others = presence(A, "A1", "B1", "C1");
        ofB.inside(others, "B1", List.of("B1"), 1, 0);
        long gossip = Rendezvous.GOSSIP.toNanos();
        assertEquals(new Wait(), ofB.inside(others, "B1", List.of("B1"), 1, gossip - 1), "it may not have heard yet");
        assertEquals(new Leave("at-A"), ofB.inside(others, "B1", List.of("B1"), 1, gossip));
    }

    @Test
    void whoHasAskedToBeTakenInFoundsNothingForAWhile() {
        ofB.tried(A, false, 0);
        ofB.tried(C, false, 0);
        ofB.heard(presence(C, "C1"), 5);
        assertEquals(new Join("at-C"), ofB.outside(5));
        assertEquals(new Wait(), ofB.outside(millis(11_000)), "C is not heard any more, and may have taken it in");
        assertEquals(new Found(), ofB.outside(millis(31_000)));
    }

    @Test
    void whoHasTakenANodeInIsNoStranger() {
        Wire.Presence unaware = presence(A, "A1", "C1");
        Wire.Presence aware = presence(A, "A1", "B1", "C1");
        ofB.inside(unaware, "B1", List.of("B1"), 1, 0);
        assertEquals(new Wait(), ofB.inside(aware, "B1", List.of("A1", "B1"), 2, millis(10)));
        assertEquals(
                new Wait(),
                ofB.inside(unaware, "B1", List.of("B1"), 1, Rendezvous.DOUBT.toNanos()),
                "the doubt begins again");
    }
}
