package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.dissemination.DisseminationMessage.Answer;
import io.orrery.protocol.dissemination.DisseminationMessage.Delta;
import io.orrery.protocol.dissemination.DisseminationMessage.Digest;
import io.orrery.protocol.dissemination.DisseminationMessage.Farewell;
import io.orrery.protocol.dissemination.DisseminationMessage.Fetch;
import io.orrery.protocol.dissemination.DisseminationMessage.Hello;
import io.orrery.protocol.dissemination.DisseminationMessage.Push;
import io.orrery.testkit.protocol.TimedNet.Rule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Demers et al., PODC 1987: direct mail and anti-entropy. What it promises, and what it costs. */
class DisseminationTest {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final ReplicaNet net = new ReplicaNet(1, ReplicaNet.TUNING, "A", "B", "C");

    private static ReplicaNet withBatchesOf(int batch) {
        return new ReplicaNet(1, new Tuning(PERIOD, PATIENCE, batch, 100_000), "A", "B", "C");
    }

    private static void putMany(ReplicaNet net, String at, int count) {
        for (int i = 0; i < count; i++) {
            net.put(at, "k" + i, "v");
        }
    }

    /** Re-synchronising sends one write and a message or two, not the store: counted. */
    @Test
    void oneWriteMissedOutOf100000CostsOneWriteAndAMessageOrTwo() {
        putMany(net, "A", 100_000);
        net.pass(10_000);
        net.link("A", "C", Rule.CUT);
        net.link("B", "C", Rule.CUT);
        net.put("A", "missed", "1");
        net.pass(1_000);
        net.sent().clear();
        net.healAll();
        net.pass(1_000);
        assertEquals(Optional.of("1"), net.value("C", "missed"));
        assertEquals(1, net.fetched(), "writes sent again");
        assertEquals(1, net.count("fetch"));
        assertEquals(1, net.count("delta"));
        assertTrue(net.sent().size() <= 2 + 6 * 2, "besides them, a hello and its answer on each link: " + net.sent());
        net.assertConverged("after the heal");
    }

    @Test
    void replicasThatHaveTheSameExchangeNothingButDigests() {
        putMany(net, "A", 1_000);
        net.pass(10_000);
        net.sent().clear();
        net.pass(60_000);
        assertEquals(12 * 6, net.count("digest"), "each to each, every five seconds");
        assertEquals(net.sent().size(), net.count("digest"));
    }

    @Test
    void aCatchUpInBatchesSendsEachWriteOnce() {
        ReplicaNet small = withBatchesOf(10);
        small.crash("C");
        putMany(small, "A", 500);
        small.pass(1_000);
        small.sent().clear();
        small.restart("C", false);
        small.pass(2_000);
        small.assertConverged("after the catch-up");
        assertEquals(500, small.fetched());
        assertTrue(small.count("delta") <= 51, "in " + small.count("delta") + " batches");
    }

    /** A message of any number of large values would be too much for whoever makes it, carries it or takes it in. */
    @Test
    void aCatchUpOfLargeValuesComesInManyParts() {
        net.crash("C");
        for (int i = 0; i < 20; i++) {
            net.put("A", "k" + i, "v".repeat(100 << 10));
        }
        net.put("A", "huge", "v".repeat(1 << 20));
        net.put("A", "small", "v");
        net.pass(100);
        net.sent().clear();
        net.restart("C", false);
        net.pass(2_000);
        net.assertConverged("after the catch-up");
        assertEquals(22, net.fetched());
        List<Delta> parts = net.sent().stream()
                .filter(sent -> sent.message() instanceof Delta)
                .map(sent -> (Delta) sent.message())
                .toList();
        assertEquals(10 + 1 + 1, parts.size(), "two to a part, the huge one by itself, and the rest");
        assertTrue(parts.stream()
                .allMatch(part ->
                        part.bytes() <= Batch.MOST_BYTES || part.writes().size() == 1));
    }

    @Test
    void aCatchUpSendsOnlyWhatIsStillCurrent() {
        net.crash("C");
        for (int round = 0; round < 100; round++) {
            putMany(net, "A", 10);
        }
        net.pass(1_000);
        net.sent().clear();
        net.restart("C", false);
        net.pass(1_000);
        net.assertConverged("after the catch-up");
        assertEquals(10, net.fetched(), "of 1,000 writes 990 are superseded");
    }

    /** Where every second write is superseded, each write that comes is an island: a fetch need not tell them all. */
    @Test
    void theFetchesOfACatchUpStaySmall() {
        ReplicaNet small = withBatchesOf(10);
        small.crash("C");
        for (int i = 0; i < 1_000; i++) {
            small.put("A", i % 2 == 0 ? "k" + i : "hot", "v");
        }
        small.pass(100);
        small.sent().clear();
        small.restart("C", false);
        small.pass(2_000);
        small.assertConverged("after the catch-up");
        assertEquals(501, small.fetched());
        long told = small.sent().stream()
                .filter(sent -> sent.message() instanceof Fetch)
                .mapToLong(sent -> ((Fetch) sent.message()).known().islands().size())
                .sum();
        assertTrue(told <= 501, "islands told in all fetches: " + told);
    }

    /** What lies ahead of a gap for good never comes within the prefix, and each fetch tells of it again: as a run. */
    @Test
    void theFetchesOfACatchUpStaySmallAheadOfAGapToo() {
        ReplicaNet small = withBatchesOf(10);
        small.crash("C");
        small.link("A", "B", Rule.CUT);
        small.put("A", "lost", "v");
        small.link("A", "B", Rule.PERFECT);
        putMany(small, "A", 1_000);
        small.pass(2);
        small.crash("A");
        small.pass(100);
        small.sent().clear();
        small.restart("C", false);
        small.pass(10_000);
        assertEquals(1_000, small.replica("C").status().keys());
        assertEquals(1_000, small.fetched());
        long told = small.sent().stream()
                .filter(sent -> sent.message() instanceof Fetch)
                .mapToLong(sent -> ((Fetch) sent.message()).known().islands().size())
                .sum();
        assertTrue(told <= 150, "islands told in all fetches: " + told);
    }

    @Test
    void aWriteThatWasLostOnTheWayIsFetchedWhenPatienceEnds() {
        net.link("A", "B", Rule.CUT);
        net.put("A", "lost", "1");
        net.link("A", "B", Rule.PERFECT);
        net.put("A", "next", "2");
        net.pass(10);
        assertEquals(Optional.of("2"), net.value("B", "next"), "what runs ahead of a gap is shown at once");
        assertEquals(Optional.empty(), net.value("B", "lost"));
        net.pass(90);
        assertEquals(Optional.of("1"), net.value("B", "lost"));
        assertEquals(1, net.fetched());
    }

    @Test
    void aWriteThatIsMerelyLateIsNotFetched() {
        net.link("A", "B", Rule.delay(30));
        net.put("A", "late", "1");
        net.link("A", "B", Rule.PERFECT);
        net.put("A", "next", "2");
        net.pass(1_000);
        assertEquals(0, net.count("fetch"));
        net.assertConverged("without a fetch");
    }

    /** C knows that A has more, and A is gone; but B has it too. */
    @Test
    void aPeerThatDoesNotAnswerKeepsNobodyFromThePeersThatDo() {
        net.link("A", "C", Rule.CUT);
        net.put("A", "x", "1");
        net.pass(100);
        net.link("A", "C", Rule.PERFECT);
        net.link("C", "A", Rule.CUT);
        net.link("B", "C", Rule.CUT);
        net.pass(5_100); // C hears what A has, and its fetches are lost.
        assertEquals(Optional.empty(), net.value("C", "x"));
        net.crash("A");
        net.link("B", "C", Rule.PERFECT);
        net.pass(20_000);
        assertEquals(Optional.of("1"), net.value("C", "x"), "fetched from B");
    }

    @Test
    void aReplicaThatIsGoneIsNotAskedForEverAndEver() {
        net.link("A", "C", Rule.CUT);
        net.link("A", "B", Rule.CUT);
        net.put("A", "lost", "1");
        net.link("A", "B", Rule.PERFECT);
        net.put("A", "next", "2");
        net.pass(2);
        net.crash("A");
        net.pass(1_000);
        net.sent().clear();
        net.pass(600_000);
        assertTrue(net.count("fetch") <= 130, "in ten minutes: " + net.count("fetch"));
    }

    /** The round trip takes longer than the patience with an answer. */
    @Test
    void aSlowLinkMakesACatchUpSlowAndNotDear() {
        ReplicaNet small = withBatchesOf(10);
        small.crash("B");
        small.crash("C");
        putMany(small, "A", 100);
        small.pass(100);
        small.link("A", "C", Rule.delay(3_000));
        small.link("C", "A", Rule.delay(3_000));
        small.restart("C", false);
        small.sent().clear();
        small.pass(90_000); // Ten round trips of 6 s, and half as much again.
        assertEquals(100, small.replica("C").status().keys());
        assertTrue(small.fetched() <= 300, "writes sent: " + small.fetched());
    }

    /** B hears what A has and cannot ask for it, for so long that it has all but lost its patience. */
    private static ReplicaNet askedInVain(int batch, int count) {
        ReplicaNet two = new ReplicaNet(1, new Tuning(PERIOD, PATIENCE, batch, 100_000), "A", "B");
        two.link("A", "B", Rule.CUT);
        putMany(two, "A", count);
        two.link("A", "B", Rule.PERFECT);
        two.link("B", "A", Rule.CUT);
        two.pass(70_000);
        assertEquals(0, two.replica("B").status().keys());
        return two;
    }

    @Test
    void whatWasAskedInVainIsAskedAgainAsSoonAsTheLinkHeals() {
        ReplicaNet two = askedInVain(10, 100);
        two.sent().clear();
        two.healAll();
        two.pass(100);
        two.assertConverged("soon after the heal");
        assertTrue(two.count("fetch") <= 12, "for ten parts: " + two.count("fetch"));
    }

    @Test
    void whatWasAskedInVainIsAskedAgainAsSoonAsThePeerIsBack() {
        ReplicaNet two = askedInVain(10, 100);
        two.crash("A");
        two.link("B", "A", Rule.PERFECT);
        two.pass(1_000);
        two.restart("A", false);
        two.pass(100);
        two.assertConverged("soon after the restart");
    }

    /** Ten parts that came in time, and the eleventh is missed as soon as if there never had been a long silence. */
    @Test
    void patienceIsShortAgainAfterSomeAnswers() {
        ReplicaNet two = askedInVain(10, 100);
        two.crash("A");
        two.link("B", "A", Rule.PERFECT);
        two.restart("A", false);
        two.pass(100);
        two.link("A", "B", Rule.CUT);
        two.put("A", "late", "v");
        two.link("A", "B", Rule.PERFECT);
        two.link("B", "A", Rule.CUT);
        two.sent().clear();
        while (two.count("fetch") == 0) {
            two.pass(1);
        }
        two.link("B", "A", Rule.PERFECT);
        two.pass(600);
        assertEquals(Optional.of("v"), two.value("B", "late"));
    }

    /** A leader says hello again and again to whom it waits for: that must not make a slow link dearer yet. */
    @Test
    void hellosDoNotMakeASlowCatchUpDear() {
        ReplicaNet small = new ReplicaNet(1, new Tuning(PERIOD, PATIENCE, 10, 100_000), "A", "C");
        small.crash("C");
        putMany(small, "A", 100);
        small.pass(100);
        small.links(Rule.delay(3_000));
        small.restart("C", false);
        small.sent().clear();
        for (int i = 0; i < 180; i++) {
            small.input("A", protocol -> protocol.reachable(NodeId.of("C")));
            small.pass(500);
        }
        assertEquals(100, small.replica("C").status().keys());
        assertTrue(small.fetched() <= 400, "writes sent: " + small.fetched());
    }

    @Test
    void aDoublingLinkDoesNotHoldUpACatchUp() {
        ReplicaNet small = withBatchesOf(10);
        small.crash("C");
        putMany(small, "A", 300);
        small.pass(100);
        small.links(new Rule(0, 1, 1, 20));
        small.restart("C", false);
        small.pass(4_000);
        small.assertConverged("before the next comparison");
    }

    /** While it catches up, pushes run ahead all the time and wake its patience. */
    @Test
    void aCatchUpUnderLoadDoesNotSendTheSameAgainAndAgain() {
        ReplicaNet small = withBatchesOf(10);
        small.crash("C");
        putMany(small, "A", 500);
        small.pass(100);
        small.links(Rule.delay(20));
        small.restart("C", false);
        small.sent().clear();
        for (int i = 0; i < 300; i++) {
            small.put("A", "load" + i % 50, "v" + i);
            small.pass(10);
        }
        small.pass(1_000);
        small.assertConverged("under load");
        assertTrue(small.fetched() <= 1_000, "writes sent: " + small.fetched());
    }

    @Test
    void whatRunsAheadBeyondTheBufferIsDroppedAndFetchedLater() {
        ReplicaNet tiny = new ReplicaNet(1, new Tuning(PERIOD, PATIENCE, 10, 5), "A", "B");
        tiny.link("A", "B", Rule.CUT);
        tiny.put("A", "first", "1");
        tiny.link("A", "B", Rule.PERFECT);
        putMany(tiny, "A", 100);
        tiny.pass(10);
        assertEquals(5, tiny.replica("B").status().keys(), "no more than the buffer holds");
        tiny.pass(10_000);
        tiny.assertConverged("in the end");
    }

    /** A sealed incarnation is silent: what it sent and is still under way, answers to fetches too, comes too late. */
    @Test
    void whatAReplicaSentBeforeItLostItsMemoryMakesNobodyDifferForEver() {
        net.link("A", "C", Rule.CUT);
        net.link("A", "B", Rule.CUT);
        net.put("A", "x", "1");
        net.put("A", "y", "1");
        net.pass(10);
        // B asks A, whose answer is some time under way.
        net.link("A", "B", Rule.delay(30));
        net.input(
                "A",
                protocol -> protocol.message(
                        NodeId.of("B"),
                        new Fetch(Origin.of("B"), Optional.empty(), 0, Summary.NOTHING, VersionVector.EMPTY)));
        net.link("A", "B", Rule.PERFECT);
        net.link("A", "C", Rule.PERFECT);
        net.put("A", "w", "1"); // This one is seen, ahead of the two.
        net.pass(5);
        net.wipe("A");
        net.put("A", "z", "1");
        net.pass(60_000);
        net.assertConverged("after the old answer has arrived");
    }

    /** More islands than a comparison tells: nothing may be declared lost that is on one of those that were not told. */
    @Test
    void nothingIsDeclaredLostThatAPeerHas() {
        net.link("B", "A", Rule.CUT);
        net.link("C", "A", Rule.CUT);
        for (int i = 1; i <= 400; i++) {
            net.link("A", "B", i % 2 == 0 && i != 350 ? Rule.PERFECT : Rule.CUT);
            net.link("A", "C", i % 2 == 0 ? Rule.PERFECT : Rule.CUT);
            net.put("A", "k" + i, "v");
        }
        net.pass(10);
        net.link("B", "A", Rule.PERFECT);
        net.link("C", "A", Rule.PERFECT);
        net.link("A", "B", Rule.PERFECT);
        net.link("A", "C", Rule.PERFECT);
        net.wipe("A");
        net.pass(60_000);
        assertEquals(Optional.of("v"), net.value("C", "k350"));
        net.assertConverged("although only C had it");
        assertEquals(200, net.replica("A").status().keys());
        assertEquals(400, net.replica("B").status().known().get(Origin.of("A")), "the gaps are closed");
    }

    /** What B and C have of A's writes differs on an island that a comparison does not tell, and A is gone for good. */
    @Test
    void replicasThatDifferOnAnyOfManyIslandsAgreeInTheEnd() {
        for (int i = 1; i <= 700; i++) {
            net.link("A", "B", i % 2 == 0 && i != 648 && i != 650 ? Rule.PERFECT : Rule.CUT);
            net.link("A", "C", i % 2 == 0 ? Rule.PERFECT : Rule.CUT);
            net.put("A", i % 4 == 0 ? "hot" : "k" + i, "v");
        }
        net.pass(2);
        net.crash("A");
        net.pass(60_000);
        assertEquals(Optional.of("v"), net.value("B", "k650"));
        assertEquals(net.contents("C"), net.contents("B"));
        long most = net.sent().stream()
                .filter(sent -> sent.message() instanceof Digest)
                .mapToLong(sent -> ((Digest) sent.message()).known().islands().size())
                .max()
                .orElseThrow();
        assertEquals(100, most, "islands told in one comparison");
        net.sent().clear();
        net.pass(60_000);
        assertEquals(0, net.count("delta"), "what was superseded on such an island is known too");
    }

    /** Java 17 has no pattern switch: a message that is added and forgotten in {@link Dissemination} fails here. */
    @Test
    void everyMessageIsHandled() {
        Origin b = Origin.of("B");
        Write write =
                new Write(new Dot(b, 1), Key.of("x"), Optional.of(Value.of(1)), Version.of(1, "B"), Dependencies.NONE);
        Map<Class<?>, Message> samples = Map.of(
                Push.class, new Push(write),
                Digest.class, new Digest(b, Summary.NOTHING),
                Hello.class, new Hello(new Started(b, 1), true, Summary.NOTHING),
                Answer.class, new Answer(Origin.of("A"), new Started(Origin.of("A"), 1), Summary.NOTHING),
                Farewell.class, new Farewell(b, Summary.NOTHING),
                Fetch.class, new Fetch(b, Optional.empty(), 0, Summary.NOTHING, VersionVector.EMPTY),
                Delta.class, new Delta(b, Origin.of("A"), 0, List.of(write), VersionVector.EMPTY, Optional.empty()));
        assertEquals(Set.copyOf(Arrays.asList(DisseminationMessage.class.getPermittedSubclasses())), samples.keySet());
        samples.forEach((type, message) -> {
            assertTrue(message.kind().matches("[a-z]+"), message.kind());
            net.input("A", protocol -> protocol.message(NodeId.of("B"), message));
        });
        Message stranger = new Message() {
            @Override
            public String kind() {
                return "stranger";
            }

            @Override
            public void check(NodeId by, PlausibilityCheck plausibilityCheck) {}
        };
        assertThrows(
                IllegalArgumentException.class,
                () -> net.input("A", protocol -> protocol.message(NodeId.of("B"), stranger)));
    }
}
