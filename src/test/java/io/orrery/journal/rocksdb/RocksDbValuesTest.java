package io.orrery.journal.rocksdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.codec.Codec;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.Note;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Values;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Write;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/** Values that are on disk and not in memory. */
class RocksDbValuesTest {
    private static final NodeId A = NodeId.of("A");
    private static final long CACHE = 5_000;

    @TempDir
    private Path directory;

    private final ManualExecutor writer = new ManualExecutor();
    private final Statistics statistics = new Statistics();

    private RocksDbJournal open() {
        return new RocksDbJournal(
                new RocksDbStore.Setup(
                        directory,
                        A,
                        "lamport-lww",
                        SyncPolicy.NEVER,
                        Codec.ofEntries(Protocols.named("lamport-lww")),
                        options -> options.setStatistics(statistics)),
                writer,
                CACHE);
    }

    private void sync(Journal journal) {
        journal.sync();
        writer.runAll();
        assertTrue(journal.isDurable());
    }

    private static Dot dot(long sequence) {
        return dot(1, sequence);
    }

    private static Dot dot(int start, long sequence) {
        return new Dot(new Origin(A, 0, 0, id(start)), sequence);
    }

    private static UUID id(int start) {
        return new UUID(0, start);
    }

    private static Value value(int number) {
        return Value.of(number + "v".repeat(1_000));
    }

    private long readFromDisk() {
        return statistics.getTickerCount(TickerType.NUMBER_KEYS_READ);
    }

    @Test
    void aValueIsFoundAtEachMomentOfItsLife() {
        try (RocksDbJournal journal = open()) {
            Values values = journal.values();
            assertFalse(values.takes(Value.of("small")));
            assertTrue(values.takes(value(1)));
            for (int i = 1; i <= 20; i++) {
                values.put(dot(i), value(i));
            }
            assertFalse(journal.isDurable());
            assertEquals(value(1), values.get(dot(1)), "before it is on disk");
            assertTrue(values.pendingBytes() > 20_000);
            sync(journal);
            assertEquals(0, values.pendingBytes());
            assertEquals(value(2), values.get(dot(2)), "from disk");
            long reads = readFromDisk();
            assertEquals(value(2), values.get(dot(2)), "from the cache");
            assertEquals(value(20), values.get(dot(20)), "which has what was put last");
            assertEquals(reads, readFromDisk());
        }
        try (RocksDbJournal journal = open()) {
            assertEquals(List.of(), Note.replayed(journal), "values are no entries");
            journal.values().dropAllBut(dot -> dot.sequence() != 3, 19);
            for (int i = 4; i <= 20; i++) {
                assertEquals(value(i), journal.values().get(dot(i)), "after a restart");
            }
            assertThrows(JournalException.class, () -> journal.values().get(dot(3)));
        }
    }

    /** People read the same of both. */
    @Test
    void twoStartsHaveValuesOfTheirOwn() {
        try (RocksDbJournal journal = open()) {
            journal.values().put(dot(1, 1), value(1));
            journal.values().put(dot(2, 1), value(2));
            sync(journal);
        }
        try (RocksDbJournal journal = open()) {
            journal.values().dropAllBut(List.of(dot(1, 1), dot(2, 1))::contains, 2);
            assertEquals(value(1), journal.values().get(dot(1, 1)));
            assertEquals(value(2), journal.values().get(dot(2, 1)));
        }
    }

    @Test
    void aCrashForgetsValuesThatWereNotOnDisk() {
        try (RocksDbJournal journal = open()) {
            journal.values().put(dot(1), value(1));
            sync(journal);
            journal.values().put(dot(2), value(2));
            journal.values().drop(dot(1));
            journal.crash();
            assertEquals(value(1), journal.values().get(dot(1)), "that it is not needed was not on disk either");
            JournalException gone =
                    assertThrows(JournalException.class, () -> journal.values().get(dot(2)));
            assertTrue(gone.getMessage().contains("has no value of " + dot(2)), gone.getMessage());
        }
    }

    @Test
    void aValueThatIsMissingIsDamage() {
        try (RocksDbJournal journal = open()) {
            journal.values().put(dot(1), value(1));
            sync(journal);
            JournalException damage =
                    assertThrows(JournalException.class, () -> journal.values().dropAllBut(dot -> true, 2));
            assertEquals("the journal is damaged: of 2 values that it must have, 1 are missing", damage.getMessage());
        }
    }

    @Test
    void whatIsDroppedStaysForWhoHasASnapshot() {
        try (RocksDbJournal journal = open()) {
            Values values = journal.values();
            values.put(dot(1), value(1));
            values.put(dot(2), value(2));
            sync(journal);
            Function<Dot, Value> snapshot = values.snapshot();
            values.drop(dot(1));
            values.put(dot(3), value(3));
            sync(journal);
            assertEquals(value(1), snapshot.apply(dot(1)));
            snapshot = null;
            long next = 4;
            do {
                System.gc();
                values.put(dot(next), value(1));
                values.drop(dot(next++));
                sync(journal);
            } while (isThere(values, dot(1)) && next < 1_000);
            assertFalse(isThere(values, dot(1)), "nobody can read it any more");
            assertTrue(isThere(values, dot(2)));
        }
    }

    private static boolean isThere(Values values, Dot dot) {
        try {
            values.read(dot);
            return true;
        } catch (JournalException e) {
            return false;
        }
    }

    @Test
    void aWipeForgetsTheValuesToo() {
        try (RocksDbJournal journal = open()) {
            journal.values().put(dot(1), value(1));
            sync(journal);
            Function<Dot, Value> snapshot = journal.values().snapshot();
            journal.wipe();
            assertThrows(JournalException.class, () -> snapshot.apply(dot(1)));
        }
    }

    @Test
    void aSnapshotOfAJournalThatIsClosedSaysSo() {
        RocksDbJournal journal = open();
        journal.values().put(dot(1), value(1));
        sync(journal);
        Function<Dot, Value> snapshot = journal.values().snapshot();
        journal.close();
        assertEquals(
                "the journal in " + directory + " is closed",
                assertThrows(JournalException.class, () -> snapshot.apply(dot(1)))
                        .getMessage());
    }

    /** An earlier version kept each value in its write. */
    @Test
    void theValuesOfAnOlderJournalAreMovedOutOfItsWrites() {
        try (RocksDbJournal journal = open()) {
            Origin origin = new Origin(A, 1_763_622_650_123L); // As of the first format.
            for (int i = 1; i <= 3; i++) {
                journal.append(new Write(
                        new Dot(origin, i), key(i), Optional.of(value(i)), new Version(i, origin), Dependencies.NONE));
            }
            sync(journal);
        }
        for (int start = 1; start <= 2; start++) {
            try (RocksDbJournal journal = open()) {
                Protocol replica = recovered(journal, start);
                for (int i = 1; i <= 3; i++) {
                    assertEquals(
                            Optional.of(value(i)), replica.lookup(key(i)).flatMap(Update::value), "start " + start);
                }
                sync(journal);
                long bytes = Note.replayed(journal).stream()
                        .mapToLong(JournalEntry::bytes)
                        .sum();
                assertTrue(bytes < 1_000, "entries of " + bytes + " bytes");
                assertTrue(replica.status().memory().bytes() < 1_000);
            }
        }
    }

    private static Key key(int number) {
        return Key.of("k" + number);
    }

    private static Protocol recovered(Journal journal, int start) {
        Protocol replica = Protocols.named("lamport-lww")
                .create(new ReplicaSettings(A, List.of(A), ReplicaSettings.Tuning.DEFAULT), new Persisting(journal));
        journal.replay(replica::recover);
        replica.start(new Start(0, id(start)));
        return replica;
    }

    private static final class Persisting extends NoEffects {
        private final Journal journal;

        Persisting(Journal journal) {
            this.journal = journal;
        }

        @Override
        public void persist(JournalEntry entry) {
            journal.append(entry);
        }

        @Override
        public Values values() {
            return journal.values();
        }
    }
}
