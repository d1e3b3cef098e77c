package io.orrery.protocol.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Start;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.raft.RaftMessage.Appended;
import io.orrery.protocol.raft.RaftMessage.Vote;
import io.orrery.protocol.raft.RaftMessage.Voted;
import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the paper and the dissertation tell, step by step. */
class RaftTest {
    private static final List<NodeId> SEVEN =
            Stream.of("L", "a", "b", "c", "d", "e", "f").map(NodeId::of).toList();

    private long starts;

    private SteppedReplica replica(NodeId id, List<NodeId> all, List<JournalEntry> found) {
        starts++;
        return new SteppedReplica(
                RaftProtocol.TYPE,
                new ReplicaSettings(id, all, Tuning.DEFAULT),
                new Start(starts, new UUID(1, starts)),
                found);
    }

    /** A journal of one that counts, with entries of these terms. */
    private static List<JournalEntry> journal(long term, int... terms) {
        List<JournalEntry> journal = new ArrayList<>();
        journal.add(new RaftEntry.Ballot(term, Optional.empty(), true));
        for (int i = 0; i < terms.length; i++) {
            journal.add(new LogEntry.Begun(i + 1, terms[i], NodeId.of("X"), false));
        }
        return journal;
    }

    private static LogEntry.Command command(long index, long term, String key) {
        return new LogEntry.Command(
                index,
                term,
                Origin.of("A"),
                Origin.of("A"),
                1,
                Optional.empty(),
                new Operation.Write(Key.of(key), Value.of("1")));
    }

    private static void deliverAll(Map<NodeId, SteppedReplica> replicas) {
        boolean isAny = true;
        while (isAny) {
            isAny = false;
            for (SteppedReplica from : replicas.values()) {
                for (SteppedReplica to : replicas.values()) {
                    while (!from.sentTo(to.id()).isEmpty()) {
                        isAny = true;
                        to.take(from.id(), from.sentTo(to.id()).remove(0));
                    }
                }
            }
        }
    }

    /**
     * Paper, section 5.3, figure 7: when the leader at the top comes to power, followers may miss entries (a, b), have some that it
     * lacks (c, d), or both (e, f). It has all their logs be its own.
     */
    @Test
    void figure7EveryFollowersLogBecomesThatOfTheLeader() {
        Map<NodeId, SteppedReplica> all = new TreeMap<>();
        Map<String, List<JournalEntry>> journals = new TreeMap<>();
        journals.put("L", journal(7, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6));
        journals.put("a", journal(7, 1, 1, 1, 4, 4, 5, 5, 6, 6));
        journals.put("b", journal(7, 1, 1, 1, 4));
        journals.put("c", journal(7, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6));
        journals.put("d", journal(7, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7));
        journals.put("e", journal(7, 1, 1, 1, 4, 4, 4, 4));
        journals.put("f", journal(7, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3));
        SEVEN.forEach(id -> all.put(id, replica(id, SEVEN, journals.get(id.name()))));
        SteppedReplica leader = all.get(NodeId.of("L"));
        leader.fire("ELECTION");
        deliverAll(all);
        // c and d have longer logs, and did not vote for it: a, b, e and f did.
        SEVEN.forEach(id -> {
            assertEquals(11L, all.get(id).protocol().clock(), "applied at " + id);
            assertEquals(11L, all.get(id).protocol().counted(), "the end of the log of " + id);
        });
    }

    /**
     * Paper, section 5.4.2, figure 8: an entry of an earlier term is on a majority, and may be replaced all the same; only with
     * one of the leader's own term is it committed.
     */
    @Test
    void figure8AnEntryOfAnEarlierTermIsNotCommittedByCounting() {
        List<NodeId> five = Stream.of("A", "B", "C", "D", "E").map(NodeId::of).toList();
        List<JournalEntry> journal = journal(2, 1);
        journal.add(command(2, 2, "x"));
        SteppedReplica leader = replica(five.get(0), five, journal);
        elect(leader, 3, five.get(1), five.get(2));
        for (NodeId follower : five.subList(1, 4)) {
            leader.take(follower, new Appended(3, 1, 0, true, 2, 0, 1, Optional.empty()));
        }
        assertEquals(List.of(), leader.applied(), "on four of five, and not committed");
        for (NodeId follower : five.subList(1, 3)) {
            leader.take(follower, new Appended(3, 1, 0, true, 3, 0, 2, Optional.empty()));
        }
        assertEquals(List.of("x = \"1\""), leader.applied());
    }

    private static void elect(SteppedReplica candidate, long term, NodeId... voters) {
        candidate.fire("ELECTION");
        for (NodeId voter : voters) {
            candidate.take(voter, new Voted(term - 1, term, true, true, Optional.empty()));
        }
        for (NodeId voter : voters) {
            candidate.take(voter, new Voted(term, term, false, true, Optional.empty()));
        }
    }

    private static ProtocolNet three() {
        ProtocolNet net = new ProtocolNet(RaftProtocol.TYPE, "A", "B", "C");
        net.deliverAll();
        net.at("A").put("", "x", "1");
        net.deliverAll();
        assertEquals("\"1\"", net.at("C").shown("x"));
        return net;
    }

    /** Dissertation, section 4.2.3: a server that was cut off, with a higher term, deposes no leader that others hear. */
    @Test
    void aDisruptiveServerIsNotHeard() {
        ProtocolNet net = three();
        Object before = net.at("B").journal();
        net.at("B").take(NodeId.of("C"), new Vote(9, false, false, 100, 9));
        net.at("B").take(NodeId.of("C"), new Vote(9, true, false, 100, 9));
        assertEquals(before, net.at("B").journal(), "B keeps its term");
        assertTrue(net.at("B").sentTo(NodeId.of("C")).isEmpty(), "and does not vote");
    }

    /** Dissertation, section 6.4: who led before a pause may not know of a new leader, and must not serve an old value. */
    @Test
    void aReadAfterAPauseWaitsUntilAMajorityHasConfirmedTheLeader() {
        ProtocolNet net = three();
        // A pauses: what it sends from now on stays under way.
        net.at("C").fire("ELECTION");
        net.lose(net.first("vote", "C", "B").orElseThrow());
        net.at("B").fire("ELECTION");
        net.deliverAll(it -> !it.from().equals(NodeId.of("A")) && !it.to().equals(NodeId.of("A")));
        Asked write = net.at("B").put("", "x", "2");
        net.deliverAll(it -> !it.from().equals(NodeId.of("A")) && !it.to().equals(NodeId.of("A")));
        assertTrue(write.isAnswered(), "B and C go on");
        Asked read = net.at("A").get("", "x");
        assertFalse(read.isAnswered(), "A cannot tell that it still leads");
        net.deliverAll();
        for (int i = 0; i < 3 && !read.isAnswered(); i++) {
            String leader = net.at("B").timers().contains("TICK") ? "B" : "C";
            net.at(leader).fire("TICK");
            net.deliverAll();
        }
        assertEquals(Optional.of(Value.of("2")), read.done().value());
    }

    /** Paper, section 5.2, figure 2: a vote is durable, so after a restart no other candidate gets it in that term. */
    @Test
    void whoHasVotedDoesNotVoteAgainAfterARestart() {
        List<NodeId> all = Stream.of("A", "B", "C").map(NodeId::of).toList();
        SteppedReplica voter = replica(all.get(2), all, journal(1, 1));
        voter.take(all.get(0), new Vote(2, false, false, 1, 1));
        SteppedReplica again = replica(all.get(2), all, voter.journal());
        again.take(all.get(1), new Vote(2, false, false, 1, 1));
        assertEquals(List.of(new Voted(2, 2, false, false, Optional.empty())), again.sentTo(all.get(1)));
    }

    /** A write is on A and C, and C loses its disk: B, which lacks the write, must not be elected with the vote of C. */
    @Test
    void aReplicaThatLostItsDiskMakesNoMajority() {
        List<NodeId> all = Stream.of("A", "B", "C").map(NodeId::of).toList();
        SteppedReplica candidate = replica(all.get(1), all, journal(1, 1));
        SteppedReplica wiped = replica(all.get(2), all, List.of());
        for (int attempt = 0; attempt < 3; attempt++) {
            candidate.fire("ELECTION");
            for (int i = 0; i < 4; i++) {
                candidate.deliver("vote", wiped);
                wiped.deliver("voted", candidate);
            }
        }
        assertEquals(1L, candidate.protocol().counted(), "it has begun no term");
        assertTrue(candidate.sentTo(all.get(0)).stream().allMatch(it -> it instanceof Vote vote && vote.trial()));
    }

    /** A forwarded write that comes twice, or once more after it was applied, is in the log once. */
    @Test
    void aForwardedWriteThatIsDoubledIsAppliedOnce() {
        ProtocolNet net = three();
        Asked write = net.at("B").put("", "y", "2");
        ProtocolNet.UnderWay forward = net.first("forward", "B", "A").orElseThrow();
        net.repeat(forward);
        net.repeat(forward);
        net.deliverAll();
        assertTrue(write.isAnswered());
        assertEquals(List.of("x = \"1\"", "y = \"2\""), net.at("A").applied());
    }

    /** Paper, section 7: a follower whose log ends before that of the leader begins is sent a snapshot, and not asked again and again. */
    @Test
    void aFollowerThatIsBehindTheBaseOfTheLogIsSentASnapshot() {
        List<NodeId> all = Stream.of("A", "B", "C").map(NodeId::of).toList();
        List<JournalEntry> journal = journal(2);
        journal.add(new RaftEntry.Kept(6, 2, true));
        SteppedReplica leader = replica(all.get(0), all, journal);
        elect(leader, 3, all.get(1));
        leader.take(all.get(2), new Appended(3, 1, 0, false, 0, 0, 6, Optional.empty()));
        assertTrue(leader.sentTo(all.get(2)).stream().anyMatch(RaftMessage.Snapshot.class::isInstance));
    }
}
