package io.orrery.protocol.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.model.Value;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.ConfigurationChange.Answer;
import io.orrery.protocol.ConfigurationChange.Kind;
import io.orrery.protocol.ConfigurationChange.Result;
import io.orrery.protocol.ConfigurationStatus;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.raft.RaftMessage.Vote;
import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the replicas change, as chapter 4 of the dissertation tells, and how leadership is handed over (section 3.10). */
class RaftMembersTest {
    private ProtocolNet net = net(1_000, "A", "B", "C");

    /** A leads, and all have a write. */
    private static ProtocolNet net(int snapshotThreshold, String... replicas) {
        List<NodeId> ids = Stream.of(replicas).map(NodeId::of).toList();
        ProtocolNet net = new ProtocolNet(
                RaftProtocol.TYPE,
                ProtocolOptions.usual(ids).with(RaftOptions.SNAPSHOT_THRESHOLD, snapshotThreshold),
                ids);
        net.deliverAll();
        net.at("A").put("", "x", "1");
        net.deliverAll();
        return net;
    }

    /** Without those that are down. */
    private void deliver(String... down) {
        Set<String> silent = Set.of(down);
        net.deliverAll(it ->
                !silent.contains(it.from().name()) && !silent.contains(it.to().name()));
    }

    /** Heartbeats of a leader, which are answered. */
    private void tick(String leader, int times, String... down) {
        for (int i = 0; i < times && net.at(leader).timers().contains("TICK"); i++) {
            net.at(leader).fire("TICK");
            deliver(down);
        }
    }

    private ConfigurationStatus status(String replica) {
        return net.at(replica).protocol().configuration().orElseThrow();
    }

    private String members(String replica) {
        return status(replica).configuration().members().toString();
    }

    private Optional<String> leaderAt(String replica) {
        return status(replica).leader().map(NodeId::name);
    }

    private static void assertRefused(String part, Supplier<Answer> answer) {
        assertEquals(Result.REFUSED, answer.get().result(), answer.get()::detail);
        assertTrue(answer.get().detail().contains(part), answer.get()::detail);
    }

    private static void assertDone(Supplier<Answer> answer) {
        assertEquals(Result.DONE, answer.get().result(), answer.get()::detail);
    }

    private void add(String replica, String leader, String... down) {
        net.join(replica);
        Supplier<Answer> added = net.at(leader).change(Kind.ADD, replica);
        deliver(down);
        assertDone(added);
        tick(leader, 4, down);
        assertTrue(status(leader).configuration().hasVoter(NodeId.of(replica)), () -> members(leader));
    }

    /** Section 4.2.1: a new server receives the log without a vote, and votes when it has caught up. Any server takes the request. */
    @Test
    void aNewServerIsALearnerUntilItHasCaughtUp() {
        Supplier<Answer> added = net.at("B").change(Kind.ADD, "D");
        deliver("D");
        assertDone(added);
        tick("A", 10, "D");
        assertEquals("[A, B, C, D (learner)]", members("C"), "it has not started, and nobody waits for it");
        net.join("D");
        tick("A", 4);
        for (String replica : List.of("A", "B", "C", "D")) {
            assertEquals("[A, B, C, D]", members(replica));
            assertTrue(status(replica).isCommitted());
        }
        assertEquals("\"1\"", net.at("D").shown("x"));
        assertEquals(
                4L,
                net.at("A").protocol().serviceStatus().services().get(0).peers().size() + 1);
    }

    /** Section 4.2.1: a learner does not count, and is not elected. */
    @Test
    void aLearnerMakesNoMajorityAndDoesNotStand() {
        net.at("A").change(Kind.ADD, "D");
        net.join("D");
        deliver();
        assertEquals("[A, B, C, D (learner)]", members("D"));
        Asked write = net.at("A").put("", "x", "2");
        deliver("B", "C");
        assertFalse(write.isAnswered(), "A and the learner are no majority of A, B and C");
        net.at("D").fire("ELECTION");
        assertTrue(net.first("vote", "D", "B").isEmpty(), "it waits");
    }

    /** Section 4.2.1: rounds go on until one takes no longer than an election time-out. */
    @Test
    void aLearnerThatFallsBehindWaitsForAQuickRound() {
        net.at("A").change(Kind.ADD, "D");
        tick("A", 20, "D");
        net.join("D");
        tick("A", 2);
        assertEquals("[A, B, C, D (learner)]", members("D"), "it has all, and the round that ends took too long");
        tick("A", 1);
        assertEquals("[A, B, C, D]", members("A"));
    }

    /** Section 4.1: a configuration is used as soon as it is in the log, and the next one waits until it is committed. */
    @Test
    void aConfigurationIsUsedAtOnceAndOneAtATime() {
        net = net(1_000, "A", "B", "C", "D", "E");
        tick("A", 1);
        Supplier<Answer> removed = net.at("A").change(Kind.REMOVE, "E");
        assertEquals("[A, B, C, D]", members("A"), "used at once");
        assertNull(removed.get());
        assertRefused("one at a time", net.at("A").change(Kind.REMOVE, "D"));
        deliver("C", "D", "E");
        assertNull(removed.get(), "A and B are no majority of four");
        deliver();
        assertDone(removed);
        assertDone(net.at("A").change(Kind.LEAD, "A"));
    }

    /** Section 4.1: after a new leader has dropped an entry that was not committed, the configuration before it is used again. */
    @Test
    void aConfigurationThatIsDroppedIsUsedNoMore() {
        tick("A", 1);
        net.at("A").change(Kind.REMOVE, "C");
        assertEquals("[A, B]", members("A"));
        net.crash("A");
        assertEquals("[A, B]", members("A"), "and is on disk");
        net.at("C").fire("ELECTION");
        net.lose(net.first("vote", "C", "B").orElseThrow());
        net.at("B").fire("ELECTION");
        deliver("A");
        assertEquals(Optional.of("B"), leaderAt("C"));
        Asked write = net.at("C").put("", "x", "2");
        deliver("A");
        assertTrue(write.isAnswered());
        tick("B", 2);
        assertEquals("[A, B, C]", members("A"));
        assertEquals("\"2\"", net.at("A").shown("x"));
    }

    /** Ongaro's correction of section 4.1, 2015: a leader changes nothing before it has committed an entry of its term. */
    @Test
    void aNewLeaderChangesNothingBeforeAnEntryOfItsTermIsCommitted() {
        net.at("B").fire("ELECTION");
        deliver("A");
        net.crash("C");
        net.at("B").fire("ELECTION");
        net.deliverAll(it -> Set.of("vote", "voted").contains(it.message().kind())
                && !it.from().name().equals("A")
                && !it.to().name().equals("A"));
        assertEquals(Optional.of("B"), leaderAt("B"));
        Supplier<Answer> removed = net.at("B").change(Kind.REMOVE, "A");
        assertEquals(Result.UNAVAILABLE, removed.get().result());
        assertEquals("[A, B, C]", members("B"));
    }

    /** A change that would leave a majority that does not answer is refused, and nothing is changed. */
    @Test
    void aChangeThatWouldLoseTheMajorityIsRefused() {
        tick("A", 8, "C");
        assertRefused(
                "of [A, C] then 2 must answer, and these do now: [A]",
                net.at("A").change(Kind.REMOVE, "B"));
        assertEquals("[A, B, C]", members("A"));
        Supplier<Answer> dead = net.at("A").change(Kind.REMOVE, "C");
        deliver("C");
        assertDone(dead);
        assertEquals("[A, B]", members("B"));
    }

    @Test
    void whatCannotBeDoneIsRefusedByName() {
        tick("A", 1);
        assertRefused("B is a member already", net.at("A").change(Kind.ADD, "B"));
        assertRefused("Z is no member", net.at("A").change(Kind.REMOVE, "Z"));
        assertRefused("Z is no member", net.at("A").change(Kind.LEAD, "Z"));
        net.at("A").change(Kind.ADD, "D");
        deliver("D");
        assertRefused("D is being added", net.at("A").change(Kind.ADD, "E"));
        assertRefused("D is being added", net.at("A").change(Kind.REMOVE, "B"));
        Supplier<Answer> givenUp = net.at("A").change(Kind.REMOVE, "D");
        deliver("D");
        assertDone(givenUp);
        assertEquals("[A, B, C]", members("B"));
    }

    @Test
    void theLastOneThatVotesStays() {
        net = net(1_000, "A");
        assertRefused("the only one that votes", net.at("A").change(Kind.REMOVE, "A"));
    }

    @Test
    void withoutALeaderNobodyDecides() {
        net = new ProtocolNet(RaftProtocol.TYPE, "A", "B", "C");
        assertEquals(
                Result.UNAVAILABLE, net.at("B").change(Kind.REMOVE, "C").get().result());
    }

    /** Section 4.2.2: a leader manages a cluster of which it is no member, does not count itself, and hands over at the commit. */
    @Test
    void aLeaderThatIsRemovedHandsOverWhenThatIsCommitted() {
        tick("A", 1);
        Supplier<Answer> removed = net.at("A").change(Kind.REMOVE, "A");
        deliver("C");
        assertNull(removed.get(), "A does not count itself, and B alone is no majority of B and C");
        assertEquals(Optional.of("A"), leaderAt("A"));
        deliver();
        assertDone(removed);
        assertTrue(Set.of("B", "C").contains(leaderAt("B").orElse("none")), "nobody waited for a time-out");
        assertEquals(leaderAt("B"), leaderAt("C"));
        Asked write = net.at("C").put("", "x", "2");
        deliver("A");
        assertTrue(write.isAnswered());
    }

    /** Section 4.2.2: who is removed by an entry that may not be committed may be the only one that can lead, and stands. */
    @Test
    void whoIsRemovedStandsAsLongAsItDoesNotKnowThatThisIsCommitted() {
        net = net(1_000, "A", "B", "C", "D");
        tick("A", 1);
        net.at("A").change(Kind.REMOVE, "B");
        net.deliverAll(it -> it.to().name().equals("B") && it.message().kind().equals("append"));
        assertEquals("[A, C, D]", members("B"));
        net.at("B").fire("ELECTION");
        assertTrue(net.first("vote", "B", "C").isPresent());
    }

    /** Section 4.2.3: a server that was removed and does not know it disturbs nobody; and who knows it does not stand. */
    @Test
    void whoWasRemovedDisturbsNobody() {
        tick("A", 1);
        Supplier<Answer> removed = net.at("A").change(Kind.REMOVE, "C");
        deliver("C");
        assertDone(removed);
        Object before = net.at("B").journal();
        net.at("C").fire("ELECTION");
        net.deliverAll(it -> it.message() instanceof Vote);
        assertEquals(before, net.at("B").journal());
        assertEquals(Optional.of("A"), leaderAt("B"));
        net.at("B").take(NodeId.of("C"), new Vote(9, false, false, 100, 9));
        assertEquals(before, net.at("B").journal());
    }

    @Test
    void whoKnowsThatItWasRemovedDoesNotStand() {
        tick("A", 1);
        net.at("A").change(Kind.REMOVE, "C");
        deliver();
        assertEquals("[A, B]", members("C"));
        assertTrue(status("C").isCommitted());
        net.at("C").fire("ELECTION");
        assertTrue(net.first("vote", "C", "A").isEmpty());
    }

    /** A dead server is replaced for good: two of three fail one after the other, and each is replaced in between. */
    @Test
    void deadServersAreReplacedOneAfterTheOther() {
        tick("A", 1);
        tick("A", 8, "C");
        Supplier<Answer> removed = net.at("A").change(Kind.REMOVE, "C");
        deliver("C");
        assertDone(removed);
        add("D", "A", "C");
        tick("A", 8, "C", "B");
        Supplier<Answer> second = net.at("D").change(Kind.REMOVE, "B");
        deliver("C", "B");
        assertDone(second);
        add("E", "A", "B", "C");
        Asked write = net.at("E").put("", "x", "2");
        deliver("A", "B", "C");
        assertFalse(write.isAnswered());
        deliver("B", "C");
        assertTrue(write.isAnswered());
        assertEquals("[A, D, E]", members("E"));
    }

    /** Section 5.1: a snapshot holds the configuration, for a slow follower and after a restart. */
    @Test
    void aSnapshotHoldsTheConfiguration() {
        net = net(3, "A", "B", "C", "D");
        tick("A", 8, "C");
        Supplier<Answer> removed = net.at("A").change(Kind.REMOVE, "D");
        deliver("C");
        assertDone(removed);
        for (int i = 0; i < 20; i++) {
            net.at("A").put("", "k" + i, "1");
            deliver("C");
        }
        assertEquals("[A, B, C, D]", members("C"));
        tick("A", 80);
        assertEquals("[A, B, C]", members("C"));
        assertEquals("\"1\"", net.at("C").shown("k19"));
        for (String replica : List.of("A", "B", "C")) {
            net.crash(replica);
            assertEquals("[A, B, C]", members(replica), "after a restart of " + replica);
            assertTrue(status(replica).isCommitted());
        }
    }

    /** From the first change on the disk says who the replicas are, and no longer the deployment's file. */
    @Test
    void theDiskCountsAndNotTheFile() {
        tick("A", 1);
        net.at("A").change(Kind.REMOVE, "C");
        deliver();
        List<JournalEntry> journal = net.at("A").journal();
        SteppedReplica again = new SteppedReplica(
                RaftProtocol.TYPE,
                new ReplicaSettings(
                        NodeId.of("A"), Stream.of("A", "X", "Y").map(NodeId::of).toList(), Tuning.DEFAULT),
                new Start(9, new UUID(9, 9)),
                journal);
        Configuration found = again.protocol().configuration().orElseThrow().configuration();
        assertEquals("[A, B]", found.members().toString());
    }

    /** Section 3.10: the leader takes no more writes, has the other catch up, and tells it to stand at once. */
    @Test
    void leadershipIsHandedOverWithoutATimeOut() {
        tick("A", 1);
        Supplier<Answer> handedOver = net.at("C").change(Kind.LEAD, "B");
        deliver();
        assertDone(handedOver);
        assertEquals(Optional.of("B"), leaderAt("A"));
        assertEquals(Optional.of("B"), leaderAt("C"));
        Asked write = net.at("A").put("", "x", "2");
        deliver();
        assertTrue(write.isAnswered());
    }

    /** Section 3.10: where the other does not take over within an election time-out, the leader goes on, with what waited. */
    @Test
    void anHeirThatDoesNotTakeOverIsGivenUp() {
        tick("A", 1);
        net.at("A").put("", "y", "1");
        Supplier<Answer> handedOver = net.at("A").change(Kind.LEAD, "B");
        Asked write = net.at("A").put("", "z", "1");
        tick("A", 4, "B");
        assertFalse(write.isAnswered(), "no writes are taken meanwhile");
        assertRefused("about to lead", net.at("A").change(Kind.REMOVE, "C"));
        tick("A", 4, "B");
        assertRefused("has not taken over", handedOver);
        net.at("A").fire("RESEND");
        net.at("A").fire("RESEND");
        deliver("B");
        assertTrue(write.isAnswered());
        assertEquals(Optional.of(Value.of("1")), write.done().value());
    }

    /** Messages may come twice: the second of a request is none. */
    @Test
    void aRequestThatComesTwiceIsCarriedOutOnce() {
        tick("A", 1);
        Supplier<Answer> removed = net.at("B").change(Kind.REMOVE, "C");
        net.repeat(net.first("change", "B", "A").orElseThrow());
        deliver();
        assertDone(removed);
    }
}
