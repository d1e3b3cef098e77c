package io.orrery.protocol.multimaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.testkit.protocol.SteppedReplica;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Birman, Schiper and Stephenson, TOCS 1991, section 5.1: a message is delivered when all that happened before it has been;
 * and the lab "Vector clocks and causal consistency".
 */
class VectorCausalTest {
    private static final String[] NODES = {"node1", "node2", "node3"};

    private final SteppedReplica node1 = new SteppedReplica(VectorCausal.TYPE, "node1", NODES);
    private final SteppedReplica node2 = new SteppedReplica(VectorCausal.TYPE, "node2", NODES);
    private final SteppedReplica node3 = new SteppedReplica(VectorCausal.TYPE, "node3", NODES);

    {
        SteppedReplica.greet(node1, node2, node3);
    }

    private record Sent(NodeId from, Message update) {}

    @Test
    void aWriteIncrementsTheOwnEntryAndAnArrivalMerges() {
        assertEquals("{node1: 0, node2: 0, node3: 0}", node1.protocol().clock().toString());
        Message first = node1.write("x", "A");
        assertEquals("{node1: 1, node2: 0, node3: 0}", node1.protocol().clock().toString());
        node2.take(node1.id(), first);
        node2.write("x", "B");
        assertEquals("{node1: 1, node2: 1, node3: 0}", node2.protocol().clock().toString());
        assertEquals("{node1: 1, node2: 1, node3: 0}", node2.protocol().status().clock());
    }

    @Test
    void aWriteThatComesBeforeWhatItDependsOnIsBufferedAndFollowsItAtOnce() {
        Message a = node1.write("x", "A");
        node2.take(node1.id(), a);
        Message b = node2.write("x", "B");

        node3.take(node2.id(), b);
        assertEquals("", node3.shown("x"));
        assertEquals(List.of("x waits for write node1:1"), node3.buffered());
        ReplicaStatus.Buffered held = node3.protocol().status().held().get(0);
        assertEquals("write node1:1", held.waitsFor());
        assertEquals("\"B\"", held.update().value().orElseThrow().json());

        node3.take(node1.id(), a);
        assertEquals(List.of("x = \"A\"", "x = \"B\""), node3.applied());
        assertEquals(List.of(), node3.protocol().status().held());
    }

    /** Six writes of three nodes, in each of the 720 orders of arrival. */
    @Test
    void inWhateverOrderWritesArriveTheyAreAppliedInACausalOneAndTheEndIsTheSame() {
        List<Sent> writes = storyOfSixWrites();
        int[] orders = {0};
        permute(writes, 0, order -> {
            orders[0]++;
            SteppedReplica node4 = new SteppedReplica(VectorCausal.TYPE, "node4", "node1", "node2", "node3", "node4");
            order.forEach(sent -> node4.take(sent.from(), sent.update()));
            assertEquals(6, node4.applied().size());
            assertEquals(List.of(), node4.protocol().status().held());
            assertEquals("\"x4\"", node4.shown("x"));
            assertEquals("\"y3\"", node4.shown("y"));
            assertEquals("\"z3\"", node4.shown("z"));
            List<String> shown = new ArrayList<>(node4.applied());
            // z3 and x4 are concurrent; all else is ordered.
            shown.remove("z = \"z3\"");
            assertEquals(List.of("x = \"x1\"", "x = \"x2\"", "y = \"y1\"", "y = \"y3\"", "x = \"x4\""), shown);
            assertTrue(
                    node4.applied().indexOf("z = \"z3\"") > node4.applied().indexOf("y = \"y3\""),
                    node4.applied().toString());
        });
        assertEquals(720, orders[0]);
    }

    private static List<Sent> storyOfSixWrites() {
        String[] nodes = {"node1", "node2", "node3", "node4"};
        SteppedReplica one = new SteppedReplica(VectorCausal.TYPE, "node1", nodes);
        SteppedReplica two = new SteppedReplica(VectorCausal.TYPE, "node2", nodes);
        SteppedReplica three = new SteppedReplica(VectorCausal.TYPE, "node3", nodes);
        List<Sent> writes = new ArrayList<>();
        writes.add(new Sent(one.id(), one.write("x", "x1")));
        writes.add(new Sent(one.id(), one.write("x", "x2")));
        writes.add(new Sent(one.id(), one.write("y", "y1")));
        writes.forEach(sent -> three.take(sent.from(), sent.update()));
        writes.add(new Sent(three.id(), three.write("y", "y3")));
        writes.forEach(sent -> two.take(sent.from(), sent.update()));
        writes.add(new Sent(two.id(), two.write("x", "x4")));
        writes.add(new Sent(three.id(), three.write("z", "z3")));
        return writes;
    }

    private interface Order {
        void play(List<Sent> order);
    }

    private static void permute(List<Sent> items, int from, Order order) {
        if (from == items.size()) {
            order.play(items);
            return;
        }
        for (int i = from; i < items.size(); i++) {
            List<Sent> swapped = new ArrayList<>(items);
            swapped.set(from, items.get(i));
            swapped.set(i, items.get(from));
            permute(swapped, from + 1, order);
        }
    }

    @Test
    void concurrentWritesAreAppliedAsTheyComeAndTheSameOneWinsEverywhere() {
        Message one = node1.write("x", "1");
        Message two = node2.write("x", "2");
        node1.take(node2.id(), two);
        node2.take(node1.id(), one);
        node3.take(node2.id(), two);
        node3.take(node1.id(), one);
        for (SteppedReplica node : List.of(node1, node2, node3)) {
            assertEquals("\"2\"", node.shown("x"), "the same sum: the later node id");
            assertEquals(List.of(), node.buffered());
        }
    }

    @Test
    void whatComesTwiceIsAppliedOnce() {
        Message a = node1.write("x", "A");
        Message b = node1.write("x", "B");
        node3.take(node1.id(), b);
        node3.take(node1.id(), b);
        assertEquals(1, node3.buffered().size());
        node3.take(node1.id(), a);
        node3.take(node1.id(), a);
        node3.take(node1.id(), b);
        assertEquals(List.of("x = \"A\"", "x = \"B\""), node3.applied());
    }

    @Test
    void aFullBufferDropsWhatComesAndItIsFetchedLater() {
        Tuning small = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 100, 2);
        SteppedReplica narrow = new SteppedReplica(VectorCausal.TYPE, small, Origin.of("node3"), NODES);
        SteppedReplica.greet(node1, narrow);
        List<Message> writes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            writes.add(node1.write("x", "v" + i));
        }
        writes.subList(1, 5).forEach(update -> narrow.take(node1.id(), update));
        assertEquals(2, narrow.protocol().status().held().size());
        narrow.take(node1.id(), writes.get(0));
        assertEquals("\"v2\"", narrow.shown("x"), "the two that were held");
        node1.fire("ANTI_ENTROPY");
        node1.deliver("digest", narrow);
        narrow.fire("PATIENCE");
        narrow.deliver("fetch", node1);
        node1.deliver("delta", narrow);
        assertEquals("\"v4\"", narrow.shown("x"));
    }

    @Test
    void theBufferIsBoundedByBytesToo() {
        String large = "v".repeat(1 << 20);
        Message first = node1.write("x", "A");
        for (int i = 0; i < 40; i++) {
            node3.take(node1.id(), node1.write("x", large + i));
        }
        int held = node3.protocol().status().held().size();
        assertTrue(held >= 30 && held <= 33, "held: " + held);
        node3.take(node1.id(), first);
        assertEquals(0, node3.protocol().status().held().size());
        node1.fire("ANTI_ENTROPY");
        node1.deliver("digest", node3);
        node3.fire("PATIENCE");
        node3.deliver("fetch", node1);
        node1.deliver("delta", node3);
        assertEquals("\"" + large + "39\"", node3.shown("x"));
    }

    /** Sessions carry what their client may have seen: a node that lacks it lets the client wait. */
    @Test
    void aClientThatMovesWaitsForWhatItHasSeen() {
        Asked put = node1.put("", "x", "A");
        Message a = node1.lastUpdate();
        Asked get = node2.get(put.done().session(), "x");
        assertFalse(get.isAnswered());
        assertTrue(node2.get("", "x").isAnswered(), "a stranger does not wait");
        node2.take(node1.id(), a);
        assertEquals("\"A\"", get.done().value().orElseThrow().json());
    }

    @Test
    void whoHasGivenUpIsNotAnsweredAndItsWriteIsNotMade() {
        Asked put = node1.put("", "x", "A");
        Message a = node1.lastUpdate();
        Asked waiting = node2.put(put.done().session(), "x", "B");
        waiting.giveUp();
        node2.take(node1.id(), a);
        assertFalse(waiting.isAnswered());
        assertEquals("\"A\"", node2.shown("x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            garbage
            node1:
            node1:x
            node1:-1
            :1
            node1:1,
            stranger:1
            """)
    void aSessionTokenThatIsNoneIsRefused(String token) {
        Outcome.Refused refused =
                assertInstanceOf(Outcome.Refused.class, node1.get(token, "x").outcome());
        assertEquals(Outcome.Reason.INVALID, refused.reason());
        assertEquals("not a session token of this store: \"" + token + "\"", refused.detail());
    }

    private static Asked sync(SteppedReplica at, String value, String from, Object... clock) {
        Map<NodeId, Long> counts = new TreeMap<>();
        for (int i = 0; i < clock.length; i += 2) {
            counts.put(NodeId.of((String) clock[i]), ((Integer) clock[i + 1]).longValue());
        }
        return at.ask("", new Operation.HandMadeWrite(Key.of("x"), Value.of(value), NodeId.of(from), counts));
    }

    private static String refusal(Asked asked) {
        return assertInstanceOf(Outcome.Refused.class, asked.outcome(), () -> "" + asked.outcome())
                .detail();
    }

    @Test
    void aSyncMadeByHandIsBufferedOrAppliedAsItsClockSays() {
        Asked early = sync(node3, "B", "node2", "node1", 1, "node2", 1);
        assertEquals(Outcome.Status.BUFFERED, early.done().status());
        assertEquals("", node3.shown("x"));
        Asked first = sync(node3, "A", "node1", "node1", 1);
        assertEquals(Outcome.Status.APPLIED, first.done().status());
        assertEquals("\"B\"", node3.shown("x"));
        assertEquals(
                Outcome.Status.APPLIED,
                sync(node3, "B", "node2", "node1", 1, "node2", 1).done().status(),
                "the same once more");
        assertEquals(List.of("x = \"A\"", "x = \"B\""), node3.applied());
    }

    @Test
    void aSyncThatFindsNoRoomInTheBufferIsRefusedAndLeavesNoTrace() {
        Tuning roomForOne = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 1_000, 1);
        SteppedReplica full = new SteppedReplica(VectorCausal.TYPE, roomForOne, Origin.of("node3"), NODES);
        sync(full, "B", "node2", "node1", 1, "node2", 1);
        Asked dropped = sync(full, "C", "node1", "node1", 3, "node2", 2);
        assertEquals(
                Outcome.Reason.OVERLOADED,
                assertInstanceOf(Outcome.Refused.class, dropped.outcome()).reason());
        assertEquals(1, full.protocol().status().held().size());
        sync(full, "A", "node1", "node1", 1);
        assertEquals(
                Outcome.Status.BUFFERED,
                sync(full, "D", "node1", "node1", 4).done().status(),
                "its clock need not be after that of a write which was not taken");
    }

    @Test
    void aSyncThatContradictsWhatTheNodeKnowsIsRefusedAndNotStored() {
        sync(node3, "A", "node1", "node1", 1);
        sync(node3, "C", "node1", "node1", 3, "node2", 1);
        List<String> before = Arrays.asList(
                node3.shown("x"),
                node3.protocol().clock().toString(),
                node3.applied().toString());
        assertEquals(
                "write node1:1 has been applied here already: the clock must count more than 1 writes of node1",
                refusal(sync(node3, "Z", "node1", "node1", 1)));
        assertTrue(
                refusal(sync(node3, "Z", "node1", "node1", 3))
                        .startsWith("another write node1:3 is buffered here already: "),
                "another write of the same number");
        assertEquals(
                "the clock counts 1 writes of node3, which has made 0",
                refusal(sync(node3, "Z", "node1", "node1", 2, "node3", 1)));
        assertEquals(
                "the clock {node1: 4} is not after {node1: 3, node2: 1}, the clock of an earlier write of node1",
                refusal(sync(node3, "Z", "node1", "node1", 4)));
        assertEquals(
                "the clock counts no write of node2, so it cannot come from there",
                refusal(sync(node3, "Z", "node2", "node1", 1)));
        assertEquals(
                "the clock counts writes of node9, which is none of [node1, node2, node3]",
                refusal(sync(node3, "Z", "node1", "node1", 2, "node9", 1)));
        assertEquals(
                "a sync comes from another replica of [node1, node2, node3], not from node3",
                refusal(sync(node3, "Z", "node3", "node3", 1)));
        assertEquals(
                before,
                Arrays.asList(
                        node3.shown("x"),
                        node3.protocol().clock().toString(),
                        node3.applied().toString()));
    }

    @Test
    void aNodeGoesOnAfterTheWritesThatWereMadeForItByHand() {
        sync(node3, "A", "node1", "node1", 1);
        node3.fire("ANTI_ENTROPY");
        node3.deliver("digest", node1);
        node1.fire("PATIENCE");
        node1.deliver("fetch", node3);
        node3.deliver("delta", node1);
        assertEquals("\"A\"", node1.shown("x"));
        node3.take(node1.id(), node1.write("x", "B"));
        assertEquals("\"B\"", node3.shown("x"));
        assertEquals("{node1: 2, node2: 0, node3: 0}", node3.protocol().clock().toString());
    }

    /** node1 loses its memory, and with it its first write, which nobody has: what follows that write waits in vain. */
    @Test
    void whatFollowsAWriteThatIsLostForGoodIsLetGo() {
        node1.write("x", "lost");
        node2.take(node1.id(), node1.write("x", "after the lost one"));
        assertEquals(1, node2.protocol().status().held().size());

        node2.fire("ANTI_ENTROPY");
        SteppedReplica again = new SteppedReplica(VectorCausal.TYPE, Tuning.DEFAULT, new Origin(node1.id(), 1), NODES);
        for (int round = 0; round < 2; round++) { // The second time with a number above that of the start before.
            for (SteppedReplica peer : List.of(node2, node3)) {
                again.deliver("hello", peer);
                peer.deliver("answer", again);
            }
        }
        node2.fire("ANTI_ENTROPY");
        assertEquals(1, node2.protocol().status().held().size(), "node3 may have more: it has not been heard of");
        again.fire("ANTI_ENTROPY");
        again.deliver("digest", node2);
        node3.fire("ANTI_ENTROPY");
        node3.deliver("digest", node2);
        node2.fire("ANTI_ENTROPY");
        assertEquals(List.of(), node2.protocol().status().held());
        assertEquals("", node2.shown("x"), "it was never shown");
    }
}
