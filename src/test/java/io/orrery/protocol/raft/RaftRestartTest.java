package io.orrery.protocol.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.ReplicaStatus.Standing;
import io.orrery.protocol.Role.Duty;
import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paper, section 5.5: whoever crashes, in whatever state, restarts as a follower of its term, and the others go on with it. */
class RaftRestartTest {
    private static final List<String> ALL = List.of("A", "B", "C");
    private static final int ROUNDS = 12;

    private final ProtocolNet net = new ProtocolNet(HurriedRaftContractTest.HURRIED, "A", "B", "C");

    private Standing standing(String replica) {
        return net.at(replica).protocol().status().standing().orElseThrow();
    }

    private String role(String replica) {
        return standing(replica).role().name();
    }

    private List<String> leaders() {
        return ALL.stream()
                .filter(it -> standing(it).role().duty() == Duty.LEADS)
                .toList();
    }

    private void begin() {
        net.deliverAll();
        net.at("A").put("", "x", "1");
        net.deliverAll();
        assertEquals(List.of("A"), leaders());
    }

    private void crash(String replica) {
        long term = standing(replica).role().term();
        net.crash(replica);
        assertEquals("follower", role(replica));
        assertEquals(term, standing(replica).role().term(), "the term is durable");
    }

    /** Time passes: leaders send heartbeats, and where nobody leads, somebody stands. */
    private void passTime() {
        for (int round = 0; round < ROUNDS; round++) {
            net.deliverAll();
            if (leaders().isEmpty()) {
                ALL.forEach(it -> net.at(it).fire("ELECTION"));
            }
            ALL.stream()
                    .filter(it -> net.at(it).timers().contains("TICK"))
                    .forEach(it -> net.at(it).fire("TICK"));
        }
        net.deliverAll();
    }

    private void goesOn() {
        passTime();
        Asked write = net.at("B").put("", "y", "2");
        passTime();
        assertTrue(write.isAnswered());
        assertEquals(1, leaders().size());
        for (String replica : ALL) {
            assertEquals("\"1\"", net.at(replica).shown("x"), "at " + replica);
            assertEquals("\"2\"", net.at(replica).shown("y"), "at " + replica);
        }
    }

    @Test
    void aFollower() {
        begin();
        assertEquals("follower", role("C"));
        crash("C");
        goesOn();
    }

    @Test
    void aPreCandidate() {
        begin();
        net.at("C").fire("ELECTION");
        assertEquals("pre-candidate", role("C"));
        crash("C");
        goesOn();
        assertEquals(1, standing("C").role().term(), "it has disturbed nobody");
    }

    private void standC() {
        net.at("B").fire("ELECTION"); // Nor has B heard of the leader.
        net.at("C").fire("ELECTION");
        net.deliver(net.first("vote", "C", "B").orElseThrow());
        net.deliver(net.first("voted", "B", "C").orElseThrow());
        assertEquals("candidate", role("C"));
    }

    @Test
    void aCandidate() {
        begin();
        standC();
        crash("C");
        assertEquals(2, standing("C").role().term());
        goesOn();
    }

    /** Its vote for itself is durable: in the same term it votes for nobody else, and is not elected with what it had asked before. */
    @Test
    void aCandidateThatRestartsIsNotElectedByVotesForItsEarlierLife() {
        begin();
        standC();
        ProtocolNet.UnderWay vote = net.first("vote", "C", "B").orElseThrow();
        net.deliver(vote);
        ProtocolNet.UnderWay voted = net.first("voted", "B", "C").orElseThrow();
        crash("C");
        net.deliver(voted);
        assertEquals("follower", role("C"));
        goesOn();
    }

    @Test
    void aLeader() {
        begin();
        Asked open = net.at("A").put("", "z", "3");
        crash("A");
        goesOn();
        assertTrue(!open.isAnswered() || net.at("C").shown("z").equals("\"3\""));
    }

    /** C misses so much that it needs a snapshot, of which the first of two parts has arrived. */
    private void sendHalfASnapshot() {
        begin();
        for (int i = 0; i <= Tuning.DEFAULT.batch(); i++) {
            net.at("A").put("", "k" + i, "1");
            net.deliverAll(it -> !it.to().equals(net.at("C").id()));
            net.underWay().stream()
                    .filter(it -> it.to().equals(net.at("C").id()))
                    .forEach(net::lose);
        }
        for (int round = 0; round < ROUNDS && net.first("snapshot", "A", "C").isEmpty(); round++) {
            net.at("A").fire("TICK");
            net.deliverAll(it -> !it.message().kind().equals("snapshot"));
        }
        net.deliver(net.first("snapshot", "A", "C").orElseThrow());
        net.deliver(net.first("taken", "C", "A").orElseThrow());
        assertTrue(net.first("snapshot", "A", "C").isPresent(), "there is a second part");
    }

    @Test
    void aFollowerThatReceivesASnapshot() {
        sendHalfASnapshot();
        crash("C");
        goesOn();
        assertEquals("\"1\"", net.at("C").shown("k0"));
    }

    @Test
    void aLeaderThatSendsASnapshot() {
        sendHalfASnapshot();
        crash("A");
        goesOn();
        assertEquals("\"1\"", net.at("C").shown("k0"));
    }
}
