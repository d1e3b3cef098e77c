package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Values;
import io.orrery.protocol.dissemination.DisseminationMessage.Delta;
import io.orrery.protocol.dissemination.DisseminationMessage.Fetch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The store and its logs against a dumb twin that keeps every write for ever. */
class WriteStoreTest {
    private static final Origin SELF = Origin.of("S");
    private static final List<Origin> ORIGINS =
            List.of(Origin.of("A"), new Origin(NodeId.of("A"), 1), Origin.of("B"), Origin.of("C"));
    private static final int ALL = Integer.MAX_VALUE;

    /** Everything that was ever taken in, and what the journal was given. */
    private static final class Twin {
        private final Map<Dot, Write> known = new LinkedHashMap<>();
        private final Map<Key, Write> winners = new HashMap<>();
        private final List<JournalEntry> journal = new ArrayList<>();
        private final WriteStore store =
                new WriteStore((comes, shown) -> comes.version().compareTo(shown.version()) > 0);

        void take(Write write) {
            assertEquals(known.containsKey(write.dot()), store.logs().knows(write.dot()));
            if (known.putIfAbsent(write.dot(), write) != null) {
                return;
            }
            Write before = winners.get(write.key());
            StoredWrite newer = store.take(write, store.get(write.key()));
            if (before == null || before.version().compareTo(write.version()) < 0) {
                winners.put(write.key(), write);
                assertNull(newer);
                journal.add(write);
            } else {
                assertEquals(before, newer);
            }
            Origin origin = write.dot().origin();
            journal.add(new AppliedProgress(origin, store.logs().prefix(origin), 1));
        }

        long prefix(Origin origin) {
            long prefix = 0;
            while (known.containsKey(new Dot(origin, prefix + 1))) {
                prefix++;
            }
            return prefix;
        }

        void check() {
            Map<Key, StoredWrite> shown = new HashMap<>();
            store.forEach(write -> shown.put(write.key(), write));
            assertEquals(winners, shown);
            long tombstones = winners.values().stream()
                    .filter(write -> write.value().isEmpty())
                    .count();
            assertEquals(tombstones, store.tombstones());
            assertEquals(winners.size() - tombstones, store.keys());
            for (Origin origin : ORIGINS) {
                assertEquals(prefix(origin), store.logs().prefix(origin));
                assertEquals(prefix(origin), store.logs().known().get(origin));
                long highest = known.keySet().stream()
                        .filter(dot -> dot.origin().equals(origin))
                        .mapToLong(Dot::sequence)
                        .max()
                        .orElse(0);
                assertEquals(highest + 1, store.logs().nextSequence(origin));
                long ahead = known.keySet().stream()
                        .filter(dot -> dot.origin().equals(origin) && dot.sequence() > prefix(origin))
                        .count();
                assertEquals(ahead, store.logs().aheadOf(origin));
            }
            Set<Dot> gaps = new HashSet<>();
            for (NodeId node : List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"))) {
                store.logs().gapsOf(node).forEach(gap -> gaps.addAll(dots(gap)));
            }
            Set<Dot> told = new HashSet<>();
            Summary knownHere = store.logs().allKnown(ALL);
            knownHere.islands().forEach(island -> told.addAll(dots(island)));
            for (Origin origin : ORIGINS) {
                for (long sequence = 1; sequence < store.logs().nextSequence(origin); sequence++) {
                    Dot dot = new Dot(origin, sequence);
                    assertEquals(!known.containsKey(dot), gaps.contains(dot), dot + " is a gap");
                    assertEquals(
                            known.containsKey(dot),
                            knownHere.prefix().includes(dot) || told.contains(dot),
                            dot + " is told");
                }
            }
            assertEquals(gaps.isEmpty(), store.logs().firstGap(NodeId.of("nobody")) == null);
        }
    }

    private static Set<Dot> dots(Range range) {
        Set<Dot> dots = new HashSet<>();
        for (long sequence = range.first(); sequence <= range.last(); sequence++) {
            dots.add(new Dot(range.origin(), sequence));
        }
        return dots;
    }

    /** A history: what each origin wrote, to few keys, tombstones among them; no two writes have the same version. */
    private static List<Write> history(SeededRandom random, int size) {
        List<Write> writes = new ArrayList<>();
        Map<Origin, Long> sequences = new HashMap<>();
        Map<Origin, Long> clocks = new HashMap<>();
        int keys = 1 + random.nextInt(8);
        for (int i = 0; i < size; i++) {
            Origin origin = ORIGINS.get(random.nextInt(ORIGINS.size()));
            long clock = clocks.merge(origin, 1L + random.nextInt(3), Long::sum);
            Optional<Value> value = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(Value.of(i));
            writes.add(new Write(
                    new Dot(origin, sequences.merge(origin, 1L, Long::sum)),
                    Key.of("k" + random.nextInt(keys)),
                    value,
                    new Version(clock, origin),
                    Dependencies.NONE));
        }
        return writes;
    }

    /** Some of a history in any order, some of it twice. */
    private static Twin someOf(List<Write> history, SeededRandom random, int percent) {
        Twin twin = new Twin();
        List<Write> rest = new ArrayList<>(history);
        // Nearly in order at times, and wild at others.
        int window = 1 + random.nextInt(2) * random.nextInt(history.size());
        while (!rest.isEmpty()) {
            int at = random.nextInt(Math.min(window, rest.size()));
            Write write = random.nextInt(8) == 0 ? rest.get(at) : rest.remove(at);
            if (random.nextInt(100) < percent) {
                twin.take(write);
            }
        }
        return twin;
    }

    @Test
    void whateverTheOrderOfArrivalItKnowsAndShowsWhatTheTwinDoes() {
        for (int seed = 0; seed < 2_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            someOf(history(random, 1 + random.nextInt(60)), random, 40 + random.nextInt(61))
                    .check();
        }
    }

    @Test
    void aCatchUpSendsExactlyWhatIsCurrentThereAndNotKnownHereEachWriteOnce() {
        for (int seed = 0; seed < 3_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            List<Write> history = history(random, 1 + random.nextInt(60));
            Twin there = someOf(history, random, 30 + random.nextInt(71));
            Twin here = someOf(history, random, random.nextInt(101));
            Set<Write> expected = new HashSet<>(there.winners.values());
            expected.removeIf(write -> here.known.containsKey(write.dot()));
            Map<Key, Write> winners = new HashMap<>(here.winners);
            there.winners.forEach((key, write) ->
                    winners.merge(key, write, (a, b) -> a.version().compareTo(b.version()) > 0 ? a : b));

            List<Write> sent = new ArrayList<>();
            Delta delta = null;
            int batch = 1 + random.nextInt(6);
            while (delta == null || delta.complete().isEmpty()) {
                VersionVector scanned = delta == null ? VersionVector.EMPTY : delta.scanned();
                delta = there.store
                        .logs()
                        .collect(
                                new Fetch(
                                        SELF,
                                        Optional.empty(),
                                        0,
                                        here.store.logs().allKnown(ALL),
                                        scanned),
                                SELF,
                                batch,
                                ALL,
                                Values.NONE::get);
                assertTrue(delta.writes().size() <= batch);
                assertTrue(sent.size() <= expected.size(), "seed " + seed + " comes to no end");
                sent.addAll(delta.writes());
                delta.writes().forEach(here::take);
            }
            assertEquals(expected, new HashSet<>(sent), "seed " + seed);
            assertEquals(expected.size(), sent.size(), "seed " + seed + ": each once");

            Summary complete = delta.complete().orElseThrow();
            complete.prefix().forEach((origin, count) -> here.store.logs().cover(new Range(origin, 1, count)));
            complete.islands().forEach(here.store.logs()::cover);
            assertTrue(here.store.logs().knows(there.store.logs().allKnown(ALL)), "seed " + seed);
            assertTrue(there.known.keySet().stream().allMatch(here.store.logs()::knows));
            Map<Key, StoredWrite> shown = new HashMap<>();
            here.store.forEach(write -> shown.put(write.key(), write));
            assertEquals(winners, shown, "seed " + seed);
        }
    }

    /** A crash at any point of the journal: it forgets writes at the worst, and never invents that it knows one. */
    @Test
    void whatTheJournalKeptIsRecovered() {
        for (int seed = 0; seed < 2_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            Twin twin = someOf(history(random, 1 + random.nextInt(60)), random, 80);
            boolean whole = random.nextInt(2) == 0;
            int kept = whole ? twin.journal.size() : random.nextInt(twin.journal.size() + 1);
            WriteStore recovered =
                    new WriteStore((comes, shown) -> comes.version().compareTo(shown.version()) > 0);
            for (JournalEntry entry : twin.journal.subList(0, kept)) {
                if (entry instanceof Write write) {
                    recovered.recover(write);
                } else {
                    recovered.logs().recover((AppliedProgress) entry);
                }
            }
            recovered.recovered();
            for (Origin origin : ORIGINS) {
                for (long sequence = 1; sequence <= 60; sequence++) {
                    Dot dot = new Dot(origin, sequence);
                    assertTrue(
                            !recovered.logs().knows(dot) || twin.known.containsKey(dot), "seed " + seed + ": " + dot);
                }
            }
            if (whole) {
                Map<Key, StoredWrite> shown = new HashMap<>();
                recovered.forEach(write -> shown.put(write.key(), write));
                assertEquals(twin.winners, shown, "seed " + seed);
                assertEquals(twin.store.logs().known(), recovered.logs().known(), "seed " + seed);
                assertEquals(twin.store.tombstones(), recovered.tombstones());
            }
            // It goes on: what is missing comes again, and it is as if nothing had happened.
            twin.known.values().stream()
                    .filter(write -> !recovered.logs().knows(write.dot()))
                    .forEach(write -> recovered.take(write, recovered.get(write.key())));
            assertEquals(twin.store.logs().known(), recovered.logs().known(), "seed " + seed);
            twin.winners.forEach((key, write) -> assertEquals(write, recovered.get(key)));
        }
    }

    /** A wiped replica may meet a range of a billion writes of which one is left: that must cost as much as one write. */
    @Test
    void aHugeRangeThatIsMostlySupersededCostsNothing() {
        OriginLog log = new OriginLog(SELF);
        Write last = new Write(
                new Dot(SELF, 4_000_000_002L), Key.of("x"), Optional.empty(), new Version(1, SELF), Dependencies.NONE);
        log.add(last.dot().sequence(), last);
        assertTrue(log.cover(1, 4_000_000_000L));
        assertEquals(4_000_000_000L, log.prefix());
        List<Range> gaps = new ArrayList<>();
        log.gaps(gaps);
        assertEquals(List.of(new Range(SELF, 4_000_000_001L, 4_000_000_001L)), gaps);
        assertTrue(log.cover(4_000_000_001L, 4_000_000_001L));
        assertEquals(4_000_000_002L, log.prefix());
    }

    /** A key may be written any number of times ahead of a gap: only one value is kept of it. */
    @Test
    void aValueThatIsSupersededAheadOfAGapIsLetGo() {
        OriginLog log = new OriginLog(SELF);
        for (long sequence = 2; sequence <= 10; sequence++) {
            log.add(
                    sequence,
                    new Write(
                            new Dot(SELF, sequence),
                            Key.of("x"),
                            Optional.of(Value.of(sequence)),
                            new Version(sequence, SELF),
                            Dependencies.NONE));
            log.supersede(sequence - 1);
        }
        Batch kept = new Batch(100);
        assertEquals(Long.MAX_VALUE, log.collect(0, sequence -> true, kept));
        assertEquals(
                List.of(10L),
                kept.writes(Values.NONE::get).stream()
                        .map(it -> it.dot().sequence())
                        .toList());
        assertTrue(log.knowsAll(2, 10));
    }

    /** Clients' session tokens may name any. */
    @Test
    void nothingIsKeptOfOriginsThatAreMerelyAskedFor() {
        Twin twin = new Twin();
        for (long i = 1; i <= 1_000; i++) {
            Origin asked = new Origin(SELF.node(), i);
            assertFalse(twin.store.logs().knows(new Dot(asked, 1)));
            assertEquals(0, twin.store.logs().prefix(asked));
        }
        Delta delta = twin.store
                .logs()
                .collect(
                        new Fetch(SELF, Optional.empty(), 0, Summary.NOTHING, VersionVector.EMPTY),
                        SELF,
                        100,
                        ALL,
                        Values.NONE::get);
        assertEquals(0, delta.scanned().size());
    }

    @Test
    void aStoreWhoseKeysAreWrittenForEverDoesNotGrow() {
        Twin twin = new Twin();
        for (long i = 1; i <= 200_000; i++) {
            Key key = Key.of("k" + i % 10);
            Write write =
                    new Write(new Dot(SELF, i), key, Optional.of(Value.of(i)), new Version(i, SELF), Dependencies.NONE);
            twin.store.take(write, twin.store.get(key));
        }
        assertEquals(10, twin.store.keys());
        Delta delta = twin.store
                .logs()
                .collect(
                        new Fetch(SELF, Optional.empty(), 0, Summary.NOTHING, VersionVector.EMPTY),
                        SELF,
                        100,
                        ALL,
                        Values.NONE::get);
        assertEquals(10, delta.writes().size());
        assertNotNull(delta.complete().orElse(null));
    }
}
