package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.multimaster.Cops;
import io.orrery.protocol.multimaster.LamportLww;
import io.orrery.testkit.protocol.SteppedReplica;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import io.orrery.testkit.protocol.TimedNet.Rule;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What earlier starts of a replica have left behind, under way or at its peers, when its memory is lost. */
class EarlierStartsTest {
    private static final String[] NODES = {"A", "B"};

    private static SteppedReplica start(ProtocolType type, String name, long incarnation, int id, String... replicas) {
        Origin self = new Origin(NodeId.of(name), incarnation, 0, new UUID(0, id));
        return new SteppedReplica(type, Tuning.DEFAULT, self, replicas.length > 0 ? replicas : NODES);
    }

    /** All memories are lost, so the numbers of the starts begin again, and an answer to the start that is gone is late. */
    @Test
    void aLateAnswerToAStartThatIsGoneReplacesNobody() {
        SteppedReplica gone = start(LamportLww.TYPE, "A", 0, 2);
        SteppedReplica peer = start(LamportLww.TYPE, "B", 0, 1);
        gone.deliver("hello", peer);

        SteppedReplica again = start(LamportLww.TYPE, "A", 1, 1);
        SteppedReplica newPeer = start(LamportLww.TYPE, "B", 1, 2);
        SteppedReplica.greet(again, newPeer);
        peer.deliver("answer", again);

        again.write("x", "1");
        again.deliver("hello", newPeer);
        newPeer.deliver("answer", again);
        assertEquals(List.of(), again.replacedBy());
        again.fire("ANTI_ENTROPY");
        again.deliver("digest", newPeer);
        newPeer.fire("PATIENCE");
        newPeer.deliver("fetch", again);
        again.deliver("delta", newPeer);
        assertEquals("\"1\"", newPeer.shown("x"));
    }

    /** The same with a hello, which is as late. */
    @Test
    void aLateHelloOfAStartThatIsGoneReplacesNobody() {
        SteppedReplica gone = start(LamportLww.TYPE, "A", 0, 2);
        SteppedReplica peer = start(LamportLww.TYPE, "B", 0, 1);
        SteppedReplica.greet(gone, peer);
        gone.protocol().reachable(peer.id());

        SteppedReplica again = start(LamportLww.TYPE, "A", 1, 1);
        SteppedReplica newPeer = start(LamportLww.TYPE, "B", 1, 2);
        SteppedReplica.greet(again, newPeer);
        gone.deliver("hello", newPeer);
        newPeer.deliver("answer", again);
        again.deliver("hello", newPeer);
        newPeer.deliver("answer", again);
        assertEquals(List.of(), again.replacedBy());
    }

    /** The peer has lost its memory, and hears of the two in an order in which neither could take a number above the other's. */
    @Test
    void ofTwoProcessesWithOneNumberTheOneWithTheHigherIdStays() {
        SteppedReplica higher = start(LamportLww.TYPE, "A", 0, 2);
        SteppedReplica.greet(higher, start(LamportLww.TYPE, "B", 0, 1));
        SteppedReplica lower = start(LamportLww.TYPE, "A", 1, 1);
        SteppedReplica peer = start(LamportLww.TYPE, "B", 1, 2);
        SteppedReplica.greet(lower, peer);

        higher.protocol().reachable(peer.id());
        for (int i = 0; i < 3; i++) {
            for (SteppedReplica process : List.of(higher, lower)) {
                process.deliver("hello", peer);
                peer.sentTo(process.id()).forEach(answer -> {
                    higher.take(peer.id(), answer);
                    lower.take(peer.id(), answer);
                });
                peer.sentTo(process.id()).clear();
            }
        }
        assertEquals(List.of(), higher.replacedBy());
        assertEquals(
                List.of("A"), lower.replacedBy().stream().map(Origin::toString).toList());
    }

    /** B holds it back, C has one before it and one after it, and A, which made them, has lost its memory. */
    @Test
    void aWriteThatAPeerHoldsBackIsNotDeclaredLost() {
        SteppedReplica gone = start(Cops.TYPE, "A", 0, 1, "A", "B", "C");
        SteppedReplica b = start(Cops.TYPE, "B", 0, 1, "A", "B", "C");
        SteppedReplica c = start(Cops.TYPE, "C", 0, 1, "A", "B", "C");
        SteppedReplica.greet(gone, b, c);
        Asked first = gone.put("", "x", "1");
        c.take(gone.id(), gone.lastUpdate());
        gone.put(first.done().session(), "y", "2");
        b.take(gone.id(), gone.lastUpdate());
        c.take(gone.id(), gone.write("z", "3"));
        assertEquals(1, b.protocol().status().held().size());

        SteppedReplica again = start(Cops.TYPE, "A", 1, 1, "A", "B", "C");
        exchangeAll(again, b, c);
        exchangeAll(again, c);
        exchangeAll(b, c);
        for (int i = 0; i < 4; i++) {
            exchangeAll(again, b, c);
        }
        for (SteppedReplica replica : List.of(again, b, c)) {
            assertEquals("\"2\"", replica.shown("y"), "at " + replica.id());
            assertEquals("\"3\"", replica.shown("z"), "at " + replica.id());
            assertEquals(List.of(), replica.protocol().status().held());
        }
    }

    /** There is no other peer, with whom a catch-up would begin anew. */
    @Test
    void aCatchUpGoesOnWithAPeerThatStartsAgainInItsMidst() {
        ReplicaNet net = new ReplicaNet(1, new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 2, 1_000), NODES);
        net.link("B", "A", Rule.CUT);
        for (int i = 0; i < 20; i++) {
            net.put("B", "k" + i, "v");
        }
        net.pass(1_000);
        net.link("B", "A", Rule.delay(20));
        for (int i = 0; i < 20_000 && net.fetched() < 6; i++) {
            net.pass(1);
        }
        assertEquals(6, net.fetched());
        net.crash("B");
        net.restart("B", false);
        net.pass(60_000);
        net.assertConverged("although the answer had begun before");
    }

    /** Each of them tells the others what it has, and fetches what it lacks. */
    private static void exchangeAll(SteppedReplica... replicas) {
        for (SteppedReplica replica : replicas) {
            replica.fire("ANTI_ENTROPY");
        }
        for (int i = 0; i < 2; i++) {
            for (String kind : List.of("hello", "answer", "digest")) {
                deliver(kind, replicas);
            }
        }
        for (SteppedReplica replica : replicas) {
            if (replica.timers().contains("PATIENCE")) {
                replica.fire("PATIENCE");
            }
        }
        deliver("fetch", replicas);
        deliver("delta", replicas);
    }

    private static void deliver(String kind, SteppedReplica... replicas) {
        for (SteppedReplica from : replicas) {
            for (SteppedReplica to : replicas) {
                from.deliver(kind, to);
            }
        }
    }
}
