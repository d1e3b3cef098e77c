package io.orrery.protocol.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Outcome.Done;
import io.orrery.model.Outcome.Mismatch;
import io.orrery.model.Outcome.Reason;
import io.orrery.model.Outcome.Refused;
import io.orrery.model.Outcome.Status;
import io.orrery.model.RequestId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.raft.RaftEntry.Answered;
import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dissertation, section 6.3: a command that a client sends again takes effect once, whichever replica it reaches. */
class RequestIdsTest {
    private static final List<NodeId> THREE =
            Stream.of("A", "B", "C").map(NodeId::of).toList();

    private static ProtocolNet net(int remembered, int snapshotThreshold) {
        ProtocolType type = RaftProtocol.TYPE.variant(
                "raft", "raft", (settings, effects) -> new Raft(settings, effects, remembered));
        ProtocolOptions options = ProtocolOptions.usual(THREE).with(RaftOptions.SNAPSHOT_THRESHOLD, snapshotThreshold);
        ProtocolNet net = new ProtocolNet(type, options, THREE);
        net.deliverAll();
        return net;
    }

    private static ProtocolNet net() {
        return net(Answers.MOST, 1_000);
    }

    private static Operation put(String key, String value) {
        return new Operation.Write(Key.of(key), Value.of(value));
    }

    private static Outcome ask(ProtocolNet net, String at, String id, Operation operation) {
        Asked asked = net.at(at).ask(RequestId.parse(id), operation);
        net.deliverAll();
        return asked.outcome();
    }

    private static void assertShown(ProtocolNet net, String key, String json) {
        for (NodeId replica : THREE) {
            assertEquals(json, net.at(replica.name()).shown(key), key + " at " + replica);
        }
    }

    private static Version assertRepeats(Outcome first, Outcome second) {
        Done again = assertInstanceOf(Done.class, second);
        assertEquals(Status.REPEATED, again.status());
        assertEquals(((Done) first).version(), again.version());
        assertEquals(((Done) first).value(), again.value());
        return again.version().orElseThrow();
    }

    private static void assertRefused(Reason reason, Outcome outcome) {
        assertEquals(reason, assertInstanceOf(Refused.class, outcome).reason(), outcome.toString());
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstAndHidesNoLaterWrite() {
        ProtocolNet net = net();
        Outcome first = ask(net, "A", "r1", put("x", "1"));
        assertEquals(Status.APPLIED, ((Done) first).status());
        ask(net, "B", "r2", put("x", "2"));
        for (NodeId replica : THREE) {
            assertRepeats(first, ask(net, replica.name(), "r1", put("x", "1")));
        }
        assertShown(net, "x", "\"2\"");
        assertEquals(List.of("x = \"1\"", "x = \"2\""), net.at("C").applied());
    }

    @Test
    void twoAtOnceOfOneIdAreOne() {
        ProtocolNet net = net();
        Asked here = net.at("B").ask(RequestId.of("r1"), put("x", "1"));
        Asked there = net.at("C").ask(RequestId.of("r1"), put("x", "1"));
        net.deliverAll();
        assertEquals(here.done().version(), there.done().version());
        assertEquals(List.of("x = \"1\""), net.at("A").applied());
    }

    @Test
    void aDeleteThatComesAgainDeletesNothingThatWasWrittenSince() {
        ProtocolNet net = net();
        Outcome first = ask(net, "A", "r1", new Operation.Delete(Key.of("x")));
        ask(net, "A", "r2", put("x", "2"));
        assertRepeats(first, ask(net, "B", "r1", new Operation.Delete(Key.of("x"))));
        assertShown(net, "x", "\"2\"");
    }

    @Test
    void theIdOfAnotherRequestIsRefusedAndNothingIsChanged() {
        ProtocolNet net = net();
        Done first = (Done) ask(net, "A", "r1", put("x", "1"));
        List<Operation> others = List.of(
                put("x", "2"),
                put("y", "1"),
                new Operation.Delete(Key.of("x")),
                new Operation.CompareAndSet(Key.of("x"), first.version(), Optional.of(Value.of("1"))));
        for (Operation other : others) {
            assertRefused(Reason.REUSED, ask(net, "B", "r1", other));
        }
        assertShown(net, "x", "\"1\"");
        assertShown(net, "y", "");
    }

    /** What a compare-and-set has found is its result, whatever is there when it is asked again. */
    @Test
    void aComparisonThatDidNotMatchDoesNotMatchLater() {
        ProtocolNet net = net();
        ask(net, "A", "r1", put("x", "1"));
        Operation ifAbsent = new Operation.CompareAndSet(Key.of("x"), Optional.empty(), Optional.of(Value.of("2")));
        Outcome first = ask(net, "A", "r2", ifAbsent);
        assertInstanceOf(Mismatch.class, first);
        ask(net, "A", "r3", new Operation.Delete(Key.of("x")));
        assertEquals(first, ask(net, "C", "r2", ifAbsent));
        assertShown(net, "x", "");
    }

    @Test
    void aRefusalLeavesTheIdFree() {
        ProtocolNet net = net();
        Asked lost = net.at("B").ask(RequestId.of("r1"), put("x", "1"));
        net.lose(net.first("forward", "B", "A").orElseThrow());
        assertFalse(lost.isAnswered());
        assertEquals(Status.APPLIED, ((Done) ask(net, "A", "r1", put("x", "1"))).status());
    }

    @Test
    void aCrashOfAllForgetsNothingWhetherItIsInTheLogOrInTheSnapshot() {
        for (int threshold : List.of(1_000, 2, 1)) {
            ProtocolNet net = net(Answers.MOST, threshold);
            Outcome first = ask(net, "A", "r1", put("x", "1"));
            ask(net, "A", "r2", put("x", "2"));
            THREE.forEach(replica -> net.crash(replica.name()));
            net.at("B").fire("ELECTION");
            net.deliverAll();
            assertRepeats(first, ask(net, "B", "r1", put("x", "1")));
            assertShown(net, "x", "\"2\"");
        }
    }

    /** Paper, section 7: who was sent a snapshot has the same state machine, and leads with it. */
    @Test
    void aFollowerThatWasSentASnapshotKnowsTheIdsToo() {
        ProtocolNet net = net(Answers.MOST, 1);
        NodeId slow = NodeId.of("C");
        Asked first = net.at("A").ask(RequestId.of("r1"), put("x", "1"));
        Asked waiting = net.at("C").ask(RequestId.of("r1"), put("x", "1"));
        Asked other = net.at("C").ask(RequestId.of("r9"), put("z", "9"));
        for (int i = 0; i < 10; i++) {
            net.at("A").put("", "x", "later");
            net.deliverAll(it -> !it.to().equals(slow));
        }
        assertFalse(waiting.isAnswered() || other.isAnswered(), "C has heard nothing");
        net.underWay().forEach(net::lose);
        for (int i = 0; i < 10 && waiting.isOpen(); i++) {
            net.at("A").fire("TICK");
            net.deliverAll();
        }
        assertTrue(
                net.at("C").journal().stream()
                        .anyMatch(it -> it instanceof RaftEntry.Kept kept && kept.alone() && kept.index() > 10),
                "it was sent a snapshot");
        assertRepeats(first.done(), waiting.outcome());
        assertEquals(Status.REPEATED, other.done().status());
        THREE.forEach(replica -> net.crash(replica.name()));
        net.at("C").fire("ELECTION");
        net.deliverAll();
        assertRepeats(first.done(), ask(net, "C", "r1", put("x", "1")));
        assertEquals("\"later\"", net.at("C").shown("x"));
    }

    /** The bound of the state machine, which is small here: who says when an id was made is told that it is forgotten. */
    @Test
    void anIdThatIsForgottenIsRefusedWhereTheClientSaysWhenItWasMade() {
        ProtocolNet net = net(2, 1_000);
        long before = (long) net.at("A").protocol().clock();
        String old = "r1;after=" + before;
        ask(net, "A", old, put("x", "1"));
        ask(net, "A", "r2", put("x", "2"));
        assertRepeats(ask(net, "A", old, put("x", "1")), ask(net, "B", old, put("x", "1")));
        ask(net, "A", "r3", put("x", "3"));
        assertRefused(Reason.FORGOTTEN, ask(net, "B", old, put("x", "1")));
        assertShown(net, "x", "\"3\"");
        long now = (long) net.at("A").protocol().clock();
        assertEquals(Status.APPLIED, ((Done) ask(net, "A", "r4;after=" + now, put("x", "4"))).status());
    }

    @Test
    void allReplicasForgetTheSameWithASnapshotOrWithoutAndAfterACrash() {
        ProtocolNet net = net(2, 2);
        for (int i = 1; i <= 7; i++) {
            ask(net, "A", "r" + i, put("x", "" + i));
            if (i % 3 == 0) {
                net.crash("C");
                net.at("A").fire("TICK");
                net.deliverAll();
            }
        }
        net.crash("B");
        net.at("A").fire("TICK");
        net.deliverAll();
        assertEquals(Status.REPEATED, ((Done) ask(net, "B", "r6", put("x", "6"))).status());
        assertRefused(Reason.FORGOTTEN, ask(net, "C", "r5;after=0", put("x", "5")));
        assertShown(net, "x", "\"7\"");
    }

    private static List<Long> places(Answers answers) {
        return answers.all().stream().map(Answered::place).toList();
    }

    /** A journal is replayed in any order of its slots, and a snapshot comes in parts. */
    @Test
    void whatIsRememberedDoesNotDependOnTheOrderInWhichItIsRead() {
        String large = "\"" + "a".repeat((int) Answers.MOST_BYTES / 3) + "\"";
        List<Answered> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Optional<Value> found = i % 2 == 0 ? Optional.of(new Value(large)) : Optional.empty();
            all.add(new Answered(i, i, "r" + i % 10, "digest", 5 + i, Optional.empty(), false, found));
        }
        Answers inOrder = new Answers(Answers.MOST);
        all.forEach(inOrder::add);
        assertTrue(inOrder.size() < 12, "the values take too much");
        List<Answered> reversed = new ArrayList<>(all);
        Collections.reverse(reversed);
        Answers backwards = new Answers(Answers.MOST);
        reversed.forEach(backwards::add);
        assertEquals(places(inOrder), places(backwards));
        for (int i = 0; i < 10; i++) {
            RequestId id = RequestId.of("r" + i);
            assertTrue(inOrder.find(id) == backwards.find(id), id.name());
        }
        Answers ofASnapshot = new Answers(Answers.MOST);
        ofASnapshot.replace(inOrder.all());
        for (Answers any : List.of(inOrder, backwards, ofASnapshot)) {
            assertTrue(any.mayHaveForgotten(RequestId.parse("r3;after=7")), "it was entry 8");
            assertFalse(any.mayHaveForgotten(RequestId.parse("r3;after=15")));
        }
    }
}
