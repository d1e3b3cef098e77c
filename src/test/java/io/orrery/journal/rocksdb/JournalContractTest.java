package io.orrery.journal.rocksdb;

import static io.orrery.journal.Note.lastOfEachSlot;
import static io.orrery.journal.Note.replayed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.DiskModel;
import io.orrery.journal.Journal;
import io.orrery.journal.MemoryJournal;
import io.orrery.journal.Note;
import io.orrery.journal.SimulatedDisk;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of {@link Journal}, with the same assertions for every one that there is. */
class JournalContractTest {
    enum Kind {
        MEMORY,
        MEMORY_OF_A_PROCESS,
        SIMULATED,
        SIMULATED_WITHOUT_SYNC,
        ROCKSDB,
        ROCKSDB_WITHOUT_SYNC;

        /** Whether an entry is durable when it is appended, so that there is nothing to lose. */
        boolean keepsAtOnce() {
            return this == MEMORY || this == MEMORY_OF_A_PROCESS;
        }
    }

    @TempDir
    private Path directory;

    private final ManualExecutor disk = new ManualExecutor();
    private final List<String> told = new ArrayList<>();

    private Journal open(Kind kind) {
        return open(kind, "journal");
    }

    private Journal open(Kind kind, String name) {
        return switch (kind) {
            case MEMORY -> new MemoryJournal();
            case MEMORY_OF_A_PROCESS -> MemoryJournal.inProcess();
            case SIMULATED ->
                new SimulatedDisk(Delay.parse("5ms"), new SeededRandom(1), (nanos, task) -> disk.execute(task));
            case SIMULATED_WITHOUT_SYNC ->
                new SimulatedDisk(
                        DiskModel.syncing(Delay.parse("5ms")).withPolicy(SyncPolicy.NEVER),
                        new SeededRandom(1),
                        new SeededRandom(2),
                        (nanos, task) -> disk.execute(task));
            case ROCKSDB -> rocksDb(name, SyncPolicy.ALWAYS);
            case ROCKSDB_WITHOUT_SYNC -> rocksDb(name, SyncPolicy.NEVER);
        };
    }

    private Journal rocksDb(String name, SyncPolicy policy) {
        return new RocksDbJournal(
                new RocksDbStore.Setup(
                        directory.resolve(name), NodeId.of("A"), "lamport-lww", policy, Note.CODEC, options -> {}),
                disk);
    }

    private void sync(Journal journal, String name) {
        journal.sync().whenComplete((done, failure) -> told.add(failure == null ? name : name + " failed"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCrashLosesNothingThatIsDurableAndAllThatIsNot(Kind kind) {
        try (Journal journal = open(kind)) {
            assertTrue(journal.isDurable(), "nothing is waiting at first");
            journal.append(Note.of(1));
            journal.append(Note.of(2));
            assertEquals(kind.keepsAtOnce(), journal.isDurable());
            sync(journal, "first");
            disk.runAll();
            assertTrue(journal.isDurable());
            journal.append(Note.of(3));
            journal.crash();
            assertTrue(journal.isDurable(), "what is lost needs no sync");
            List<JournalEntry> expected = new ArrayList<>(List.of(Note.of(1), Note.of(2)));
            if (kind.keepsAtOnce()) {
                expected.add(Note.of(3));
            }
            assertEquals(expected, replayed(journal));
            assertEquals(List.of("first"), told);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void toWhichClusterItBelongsOutlivesACrashAndAWipe(Kind kind) {
        byte[] belonging = {1, 2, 3};
        try (Journal journal = open(kind)) {
            assertEquals(0, journal.belonging().length);
            journal.keepBelonging(new byte[] {9});
            journal.keepBelonging(belonging);
            journal.crash();
            assertArrayEquals(belonging, journal.belonging());
            journal.wipe();
            assertArrayEquals(belonging, journal.belonging());
            assertEquals(List.of(), replayed(journal), "it is no entry");
        }
        if (kind == Kind.ROCKSDB || kind == Kind.ROCKSDB_WITHOUT_SYNC) {
            try (Journal journal = open(kind)) {
                assertArrayEquals(belonging, journal.belonging());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsAppendedDuringASyncIsMadeDurableByTheNext(Kind kind) {
        try (Journal journal = open(kind)) {
            journal.append(Note.of(1));
            sync(journal, "first");
            journal.append(Note.of(2));
            disk.runAll();
            assertEquals(kind.keepsAtOnce(), journal.isDurable());
            sync(journal, "second");
            disk.runAll();
            assertTrue(journal.isDurable());
            assertEquals(List.of("first", "second"), told);
            assertEquals(List.of(Note.of(1), Note.of(2)), replayed(journal));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MEMORY", "MEMORY_OF_A_PROCESS"}) // Its syncs are over before anything else can happen.
    void aCrashDuringASyncTellsNobody(Kind kind) {
        try (Journal journal = open(kind)) {
            journal.append(Note.of(1));
            sync(journal, "never");
            assertThrows(IllegalStateException.class, journal::sync, "one sync is under way at a time");
            journal.crash();
            // The next life writes before the old sync would have ended.
            journal.append(Note.of(2));
            sync(journal, "second life");
            disk.runAll();
            assertEquals(List.of("second life"), told);
            assertEquals(List.of(Note.of(2)), replayed(journal));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aWipeLosesAllAndBeginsAnotherIncarnation(Kind kind) {
        try (Journal journal = open(kind)) {
            long first = journal.incarnation();
            journal.append(Note.of(1));
            sync(journal, "first");
            disk.runAll();
            journal.append(Note.of(2));
            journal.crash();
            assertEquals(first, journal.incarnation(), "a crash is no wipe");
            journal.wipe();
            assertEquals(List.of(), replayed(journal));
            assertTrue(journal.isDurable());
            long second = journal.incarnation();
            assertNotEquals(first, second);
            journal.wipe();
            assertNotEquals(second, journal.incarnation());
            journal.append(Note.of(3));
            sync(journal, "third");
            disk.runAll();
            journal.crash();
            assertEquals(List.of(Note.of(3)), replayed(journal));
        }
    }

    @Test
    void aMemoryOfALaterProcessIsAnotherIncarnation() {
        Set<Long> incarnations = new HashSet<>();
        for (int process = 0; process < 10; process++) {
            incarnations.add(MemoryJournal.inProcess().incarnation());
        }
        assertTrue(incarnations.size() > 5, "drawn at random: " + incarnations);
        assertFalse(incarnations.contains(0L), "that would not be shown");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theLastEntryOfASlotIsFoundAgainAtItsPlace(Kind kind) {
        try (Journal journal = open(kind)) {
            for (Note note :
                    List.of(new Note("x", 1), new Note("y", 2), new Note("z", 3), new Note("x", 4), new Note("y", 5))) {
                journal.append(note);
            }
            sync(journal, "all");
            disk.runAll();
            journal.crash();
            assertEquals(
                    List.of(new Note("z", 3), new Note("x", 4), new Note("y", 5)), lastOfEachSlot(replayed(journal)));
        }
    }

    /** The dumb twin: a list, and how much of it was there when the last finished sync began. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void randomLivesLoseNoMoreAndNoLessThanTheyMay(Kind kind) {
        int lives = kind.name().startsWith("ROCKSDB") ? 20 : 2_000;
        for (int seed = 0; seed < lives; seed++) {
            try (Journal journal = open(kind, "journal-" + seed)) {
                randomLife(kind, journal, new SeededRandom(seed));
            }
            disk.runAll();
        }
    }

    private void randomLife(Kind kind, Journal journal, SeededRandom random) {
        List<JournalEntry> all = new ArrayList<>();
        int[] durable = {0};
        boolean[] syncing = {false};
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    Note note = new Note("slot " + random.nextInt(4), step);
                    journal.append(note);
                    all.add(note);
                    if (kind.keepsAtOnce()) {
                        durable[0] = all.size();
                    }
                }
                case 3 -> {
                    if (!syncing[0]) {
                        syncing[0] = true;
                        int covered = all.size();
                        journal.sync().thenRun(() -> {
                            durable[0] = covered;
                            syncing[0] = false;
                        });
                    }
                }
                case 4 -> disk.runAll();
                default -> {
                    journal.crash();
                    syncing[0] = false;
                    all.subList(durable[0], all.size()).clear();
                }
            }
            assertEquals(durable[0] == all.size(), journal.isDurable());
            assertEquals(lastOfEachSlot(all.subList(0, durable[0])), lastOfEachSlot(replayed(journal)));
        }
    }
}
