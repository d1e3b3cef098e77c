package io.orrery.journal;

import static io.orrery.journal.Note.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.JournalEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a journal on disk has beyond the contract of {@link Journal}. */
class RocksDbJournalTest {
    private static final NodeId A = NodeId.of("A");

    @TempDir
    private Path directory;

    private final ManualExecutor writer = new ManualExecutor();

    private RocksDbJournal open(NodeId replica, SyncPolicy policy) {
        return new RocksDbJournal(directory, replica, policy, Note.CODEC, writer);
    }

    private RocksDbJournal open() {
        return open(A, SyncPolicy.ALWAYS);
    }

    private void keep(Journal journal, int... numbers) {
        IntStream.of(numbers).forEach(number -> journal.append(Note.of(number)));
        journal.sync();
        writer.runAll();
        assertTrue(journal.isDurable());
    }

    private static List<JournalEntry> notes(int... numbers) {
        return IntStream.of(numbers).<JournalEntry>mapToObj(Note::of).toList();
    }

    @ParameterizedTest
    @EnumSource(SyncPolicy.class)
    void whatWasKeptIsFoundAgainByTheNextProcessInItsOrder(SyncPolicy policy) {
        List<Integer> order = List.of(7, 3, 9, 1, 5);
        long incarnation;
        try (Journal journal = open(A, policy)) {
            incarnation = journal.incarnation();
            order.forEach(number -> keep(journal, number));
        }
        for (int start = 0; start < 3; start++) {
            try (Journal journal = open(A, policy)) {
                assertEquals(incarnation, journal.incarnation(), "the memory was not lost");
                List<JournalEntry> found = replayed(journal);
                assertEquals(order.stream().<JournalEntry>map(Note::of).toList(), found.subList(0, order.size()));
                assertEquals(order.size() + start, found.size());
                keep(journal, 100 + start);
            }
        }
    }

    @Test
    void aSlotThatIsFilledAgainMovesToTheEndAlsoAcrossStarts() {
        try (Journal journal = open()) {
            keep(journal, 1, 2, 3);
        }
        try (Journal journal = open()) {
            journal.append(new Note("slot 1", 4));
            journal.sync();
            writer.runAll();
        }
        try (Journal journal = open()) {
            assertEquals(List.of(Note.of(2), Note.of(3), new Note("slot 1", 4)), replayed(journal));
        }
    }

    @Test
    void whatIsAppendedAndNotSyncedIsKeptByACleanEnd() {
        try (Journal journal = open()) {
            journal.append(Note.of(1));
            journal.sync();
            journal.append(Note.of(2));
            assertFalse(journal.isDurable());
        }
        try (Journal journal = open()) {
            assertEquals(notes(1, 2), replayed(journal));
        }
    }

    @Test
    void aWipeIsRememberedAndADirectoryMadeAnewIsAnotherMemory() throws IOException {
        long wiped;
        try (Journal journal = open()) {
            keep(journal, 1, 2);
            journal.wipe();
            wiped = journal.incarnation();
        }
        try (Journal journal = open()) {
            assertEquals(wiped, journal.incarnation());
            assertEquals(List.of(), replayed(journal));
        }
        deleteAll(directory);
        try (Journal journal = open()) {
            assertTrue(journal.incarnation() > wiped, journal.incarnation() + " after " + wiped);
        }
    }

    @Test
    void aDirectoryBelongsToOneReplica() {
        open().close();
        JournalException refused = assertThrows(JournalException.class, () -> open(NodeId.of("B"), SyncPolicy.ALWAYS));
        assertEquals("the data directory " + directory + " belongs to replica A, not to B", refused.getMessage());
        open().close();
    }

    @Test
    void aDirectoryIsOpenOnce() {
        try (Journal journal = open()) {
            JournalException refused = assertThrows(JournalException.class, this::open);
            assertEquals("the data directory " + directory + " is in use by another process", refused.getMessage());
            keep(journal, 1);
        }
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        JournalException refused =
                assertThrows(JournalException.class, () -> RocksDbJournal.open(file, A, SyncPolicy.ALWAYS));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    /** What a crash leaves of a batch that was never confirmed. */
    @Test
    void aTornTailIsDropped() throws IOException {
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
        try (Journal journal = open()) {
            keep(journal, 1);
            keep(journal, 2);
            keep(journal, 3);
            copyAll(directory, copy);
        }
        Path log = RocksDbFiles.logs(copy).get(0);
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        try (Journal journal = new RocksDbJournal(copy, A, SyncPolicy.ALWAYS, Note.CODEC, writer)) {
            assertEquals(notes(1, 2), replayed(journal));
            keep(journal, 4);
        }
        try (Journal journal = new RocksDbJournal(copy, A, SyncPolicy.ALWAYS, Note.CODEC, writer)) {
            assertEquals(notes(1, 2, 4), replayed(journal));
        }
    }

    @Test
    void damageBeforeTheTailOfTheLogIsAnErrorThatNamesTheFile() throws IOException {
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
        try (Journal journal = open()) {
            for (int i = 0; i < 100; i++) {
                keep(journal, i);
            }
            copyAll(directory, copy);
        }
        Path log = RocksDbFiles.logs(copy).get(0);
        damage(log, Files.size(log) / 2);
        JournalException refused =
                assertThrows(JournalException.class, () -> RocksDbJournal.open(copy, A, SyncPolicy.ALWAYS));
        assertTrue(refused.getMessage().startsWith("the journal is damaged: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(log.getFileName().toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains(copy.toString()), refused.getMessage());
    }

    @Test
    void damageInATableIsAnErrorThatNamesTheFile() throws IOException {
        try (Journal journal = open()) {
            keep(journal, IntStream.range(0, 1_000).toArray());
        }
        open().close(); // Opening moves the log into a table.
        Path table = RocksDbFiles.tables(directory).get(0);
        damage(table, 100);
        JournalException refused = assertThrows(JournalException.class, this::open);
        assertTrue(refused.getMessage().startsWith("the journal is damaged: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(table.toString()), refused.getMessage());
    }

    @Test
    void aMissingFileIsAnErrorThatNamesIt() throws IOException {
        try (Journal journal = open()) {
            keep(journal, 1, 2, 3);
        }
        open().close();
        Path table = RocksDbFiles.tables(directory).get(0);
        for (Path missing : List.of(directory.resolve("CURRENT"), table)) {
            Path aside = directory.resolveSibling("aside");
            Files.move(missing, aside);
            JournalException refused = assertThrows(JournalException.class, this::open);
            assertTrue(refused.getMessage().contains(missing.getFileName().toString()), refused.getMessage());
            Files.move(aside, missing);
        }
        try (Journal journal = open()) {
            assertEquals(notes(1, 2, 3), replayed(journal), "and nothing was lost by trying");
        }
    }

    @Test
    void anEntryOfANewerVersionIsNotPassedOver() {
        try (Journal journal = open()) {
            keep(journal, 1);
        }
        try (Journal journal = RocksDbJournal.open(directory, A, SyncPolicy.ALWAYS)) {
            JournalException refused = assertThrows(JournalException.class, () -> replayed(journal));
            assertTrue(
                    refused.getMessage()
                            .startsWith(
                                    "the journal in " + directory + " has an entry that this version cannot read; "),
                    refused.getMessage());
        }
    }

    @Test
    void aBatchThatCannotBeWrittenFailsTheSyncAndTheNextLifeFindsWhatWasKept() {
        record Stranger(Object slot) implements JournalEntry {}

        List<Throwable> failures = new ArrayList<>();
        try (Journal journal = open()) {
            keep(journal, 1);
            journal.append(new Stranger("s"));
            journal.sync().whenComplete((done, failure) -> failures.add(failure));
            writer.runAll();
            assertEquals(1, failures.size());
            assertFalse(journal.isDurable());
            journal.append(Note.of(2));
            journal.sync().whenComplete((done, failure) -> failures.add(failure));
            writer.runAll();
            assertEquals(2, failures.size(), "nothing more becomes durable");
            journal.crash();
            assertEquals(notes(1), replayed(journal));
            keep(journal, 3);
            assertEquals(notes(1, 3), replayed(journal));
        }
    }

    @Test
    void noTwoSlotsShareAKey() {
        List<Object> slots = List.of(Key.of("x"), Key.of("ox"), "x", "kx", Origin.of("x"), new Origin(A, 1), "A~1");
        Set<String> keys = slots.stream()
                .map(slot -> new String(RocksDbStore.keyOf(slot), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
        assertEquals(slots.size(), keys.size(), keys::toString);
        assertThrows(IllegalArgumentException.class, () -> RocksDbStore.keyOf(7), "not a kind of slot");
    }

    @Test
    void allThatWaitsIsOneBatchWithOneSync() {
        try (RocksDbJournal journal = open()) {
            long before = journal.syncs();
            for (int i = 0; i < 1_000; i++) {
                journal.append(Note.of(i));
            }
            journal.sync();
            writer.runAll();
            assertEquals(before + 1, journal.syncs());
            assertEquals(1_000, replayed(journal).size());
        }
        try (RocksDbJournal journal = open(A, SyncPolicy.NEVER)) {
            long before = journal.syncs();
            keep(journal, 1, 2, 3);
            keep(journal, 4);
            assertEquals(before, journal.syncs());
        }
    }

    private static void damage(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 0xff);
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(it -> !it.toString().endsWith(".so")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
