package io.orrery.journal.rocksdb;

import static io.orrery.journal.Note.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.journal.Note;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/** What a journal on disk has beyond the contract of {@link Journal}. */
class RocksDbJournalTest {
    private static final NodeId A = NodeId.of("A");

    @TempDir
    private Path directory;

    private final ManualExecutor writer = new ManualExecutor();
    private String protocol = "lamport-lww";
    private Consumer<Options> special = options -> {};

    private RocksDbJournal open(Path place, NodeId replica, SyncPolicy policy) {
        return new RocksDbJournal(
                new RocksDbStore.Setup(place, replica, protocol, policy, Note.CODEC, special), writer);
    }

    private RocksDbJournal open(NodeId replica, SyncPolicy policy) {
        return open(directory, replica, policy);
    }

    private RocksDbJournal openCopy(SyncPolicy policy) {
        return open(copy(), A, policy);
    }

    private Path copy() {
        return directory.resolveSibling(directory.getFileName() + "-copy");
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
        try (Journal journal = open(A, policy)) {
            order.forEach(number -> keep(journal, number));
        }
        for (int start = 0; start < 3; start++) {
            try (Journal journal = open(A, policy)) {
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
    void aWipeIsRemembered() throws IOException {
        try (Journal journal = open()) {
            keep(journal, 1, 2);
            journal.wipe();
        }
        try (Journal journal = open()) {
            assertEquals(List.of(), replayed(journal));
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
    void aDirectoryBelongsToOneProtocol() {
        open().close();
        protocol = "vector-causal";
        JournalException refused = assertThrows(JournalException.class, this::open);
        assertEquals(
                "the data directory " + directory + " holds data of lamport-lww, not of vector-causal: data of another"
                        + " protocol needs another directory",
                refused.getMessage());
        protocol = "lamport-lww";
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
        JournalException refused = assertThrows(
                JournalException.class,
                () -> RocksDbJournal.open(file, A, Protocols.named(protocol), SyncPolicy.ALWAYS));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void anEntryOfANewerVersionIsNotPassedOver() {
        try (Journal journal = open()) {
            keep(journal, 1);
        }
        try (Journal journal = RocksDbJournal.open(directory, A, Protocols.named(protocol), SyncPolicy.ALWAYS)) {
            JournalException refused = assertThrows(JournalException.class, () -> replayed(journal));
            assertTrue(
                    refused.getMessage()
                            .startsWith(
                                    "the journal in " + directory + " has an entry that this version cannot read; "),
                    refused.getMessage());
            assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
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

    /** Nobody knows then whether the disk has forgotten, and which memory it is. */
    @Test
    void afterAFailedWipeOnlyTheDiskSaysWhichMemoryItHolds() {
        int[] opened = {0};
        try (Cache rows = new LRUCache(1 << 10)) {
            special = options -> {
                opened[0]++;
                options.setRowCache(rows); // With which a wipe is refused.
            };
            try (Journal journal = open()) {
                keep(journal, 1);
                long before = journal.incarnation();
                assertThrows(JournalException.class, journal::wipe);
                assertEquals(1, opened[0]);
                assertEquals(before, journal.incarnation());
                assertEquals(notes(1), replayed(journal));
                assertEquals(2, opened[0]);
                keep(journal, 2);
            }
        }
    }

    @Test
    void anErrorFailsTheSyncToo() {
        @JsonTypeName("broken")
        record Broken(Object slot) implements JournalEntry {
            @JsonProperty
            @SuppressWarnings("unused")
            int number() {
                throw new InternalError("of a test");
            }
        }

        List<Throwable> failures = new ArrayList<>();
        RocksDbStore.Setup setup = new RocksDbStore.Setup(
                directory,
                A,
                protocol,
                SyncPolicy.ALWAYS,
                new Codec<>(JournalEntry.class, List.of(Broken.class)),
                special);
        try (Journal journal = new RocksDbJournal(setup, writer)) {
            journal.append(new Broken("s"));
            journal.sync().whenComplete((done, failure) -> failures.add(failure));
            writer.runAll();
        }
        assertEquals(1, failures.size());
        assertInstanceOf(JournalException.class, failures.get(0));
        assertTrue(failures.get(0).getMessage().contains(directory.toString()), failures.toString());
    }

    @Test
    void whatABatchItselfReplacesIsNotWritten() throws IOException {
        try (Journal journal = open()) {
            IntStream.range(0, 10_000).forEach(number -> journal.append(new Note("the slot", number)));
            keep(journal);
            assertEquals(List.of(new Note("the slot", 9_999)), replayed(journal));
            assertTrue(Files.size(RocksDbFiles.logs(directory).get(0)) < 1_000);
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
    void aSlowDiskTakesLongerForEachSync() {
        Duration by = Duration.ofMillis(50);
        try (Journal journal = open()) {
            journal.slowBy(by);
            long began = System.nanoTime();
            keep(journal, 1);
            keep(journal, 2);
            assertTrue(System.nanoTime() - began >= 2 * by.toNanos());
        }
        assertThrows(IllegalArgumentException.class, () -> new MemoryJournal().slowBy(by));
    }

    @Test
    void allThatWaitsIsOneBatchWithOneSync() {
        try (Statistics statistics = new Statistics()) {
            special = options -> options.setStatistics(statistics);
            try (Journal journal = open()) {
                long before = syncs(statistics);
                for (int i = 0; i < 1_000; i++) {
                    journal.append(Note.of(i));
                }
                journal.sync();
                writer.runAll();
                assertEquals(before + 1, syncs(statistics));
                assertEquals(1_000, replayed(journal).size());
            }
            try (Journal journal = open(A, SyncPolicy.NEVER)) {
                long before = syncs(statistics);
                keep(journal, 1, 2, 3);
                keep(journal, 4);
                assertEquals(before, syncs(statistics));
            }
        }
    }

    /** How often the disk has been asked to confirm what was written to the log. */
    private static long syncs(Statistics statistics) {
        return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
    }

    static void copyAll(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(it -> !it.toString().endsWith(".so")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    static void deleteAll(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
