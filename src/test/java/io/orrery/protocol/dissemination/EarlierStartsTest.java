package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.multimaster.LamportLww;
import io.orrery.testkit.protocol.SteppedReplica;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What earlier starts of a replica have left behind, under way or at its peers, when its memory is lost. */
class EarlierStartsTest {
    private static final String[] NODES = {"A", "B"};

    private static SteppedReplica start(ProtocolType type, String name, long incarnation, int id) {
        Origin self = new Origin(NodeId.of(name), incarnation, 0, new UUID(0, id));
        return new SteppedReplica(type, Tuning.DEFAULT, self, NODES);
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
        assertEquals(List.of("A"), lower.replacedBy().stream().map(Origin::toString).toList());
    }
}
