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
}
