package io.orrery.journal.rocksdb;

import static io.orrery.journal.Note.replayed;
import static io.orrery.journal.rocksdb.RocksDbJournalTest.copyAll;
import static io.orrery.journal.rocksdb.RocksDbJournalTest.deleteAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.Note;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.NodeId;
import io.orrery.protocol.JournalEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A journal of whose files something is torn, damaged or missing. */
class RocksDbDamageTest {
    private static final NodeId A = NodeId.of("A");

    @TempDir
    private Path scratch;

    private Path directory;

    private final ManualExecutor writer = new ManualExecutor();
    private Consumer<Options> special = options -> {};

    private RocksDbJournal open(Path place) {
        return open(place, SyncPolicy.ALWAYS);
    }

    private RocksDbJournal open(Path place, SyncPolicy policy) {
        return new RocksDbJournal(new RocksDbStore.Setup(place, A, "lamport-lww", policy, Note.CODEC, special), writer);
    }

    private RocksDbJournal open() {
        return open(directory);
    }

    @BeforeEach
    void place() throws IOException {
        directory = Files.createDirectory(scratch.resolve("journal"));
    }

    private Path copy() {
        return scratch.resolve("copy");
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

    /** What a crash leaves of a batch that was never confirmed. */
    @Test
    void aTornTailIsDropped() throws IOException {
        Path copy = copy();
        try (Journal journal = open()) {
            keep(journal, 1);
            keep(journal, 2);
            copyAll(directory, copy);
            keep(journal, 3);
            Path log = RocksDbFiles.logs(directory).get(0);
            Files.copy(log, copy.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        Path log = RocksDbFiles.logs(copy).get(0);
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        try (Journal journal = open(copy())) {
            assertEquals(notes(1, 2), replayed(journal));
            keep(journal, 4);
        }
        try (Journal journal = open(copy())) {
            assertEquals(notes(1, 2, 4), replayed(journal));
        }
    }

    /** RocksDB alone would take the first for a torn tail, and the second for a database that has never had more. */
    @Test
    void anEndThatWasConfirmedAndIsMissingIsAnError() throws IOException {
        Path copy = copy();
        try (Journal journal = open()) {
            keep(journal, 1);
            keep(journal, 2);
            keep(journal, 3);
            copyAll(directory, copy);
        }
        try (RandomAccessFile file =
                new RandomAccessFile(RocksDbFiles.logs(copy).get(0).toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        for (int start = 0; start < 2; start++) {
            JournalException refused = assertThrows(JournalException.class, () -> open(copy));
            assertEquals(
                    "the journal is damaged: the end is missing in " + copy
                            + ": of 5 records that were written 4 are there",
                    refused.getMessage());
        }
        try (RandomAccessFile file =
                new RandomAccessFile(RocksDbFiles.manifest(directory).toFile(), "rw")) {
            file.setLength(file.length() - 1);
        }
        JournalException refused = assertThrows(JournalException.class, this::open);
        assertTrue(
                refused.getMessage().matches("the journal is damaged: .*/MANIFEST-\\d+ has \\d+ bytes, and had \\d+"),
                refused.getMessage());
    }

    /** After a loss of power: nobody was told that it would not take them. */
    @Test
    void lastRecordsThatWereNotConfirmedMayBeMissing() throws IOException {
        Path copy = copy();
        try (Journal journal = open(directory, SyncPolicy.NEVER)) {
            keep(journal, 1);
            keep(journal, 2);
            copyAll(directory, copy);
        }
        try (RandomAccessFile file =
                new RandomAccessFile(RocksDbFiles.logs(copy).get(0).toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        try (Journal journal = open(copy)) {
            assertEquals(notes(1), replayed(journal));
        }
    }

    @Test
    void aDirectoryThatDoesNotTellAnyMoreWhatMustBeThereIsDamaged() throws IOException {
        try (Journal journal = open()) {
            keep(journal, 1, 2);
        }
        Path file = directory.resolve(ContentsFile.FILE);
        Path aside = scratch.resolve("aside");
        Files.move(file, aside);
        for (Executable use :
                List.<Executable>of(this::open, () -> DataDirectory.backup(directory, scratch.resolve("backup")))) {
            JournalException refused = assertThrows(JournalException.class, use);
            assertEquals(
                    "the journal is damaged: " + file + " is missing, which lists what must be there",
                    refused.getMessage());
            assertFalse(Files.exists(file), "it goes on saying so");
        }
        assertFalse(Files.exists(scratch.resolve("backup")));
    }

    /** Its first start was cut short, or it was begun by a version that did not keep that; from now on it is kept. */
    @Test
    void aDirectoryThatHasNeverToldWhatMustBeThereIsOpened() throws IOException, RocksDBException {
        try (Journal journal = open()) {
            keep(journal, 1, 2);
        }
        Files.delete(directory.resolve(ContentsFile.FILE));
        try (Options options = RocksDbFiles.silentOptions();
                RocksDB database = RocksDB.open(options, directory.toString())) {
            database.delete(ContentsFile.KEPT);
        }
        try (Journal journal = open()) {
            assertEquals(notes(1, 2), replayed(journal));
        }
        assertTrue(Files.exists(directory.resolve(ContentsFile.FILE)));
    }

    @Test
    void damageBeforeTheTailOfTheLogIsAnErrorThatNamesTheFile() throws IOException {
        Path copy = copy();
        try (Journal journal = open()) {
            for (int i = 0; i < 100; i++) {
                keep(journal, i);
            }
            copyAll(directory, copy);
        }
        Path log = RocksDbFiles.logs(copy).get(0);
        damage(log, Files.size(log) / 2);
        JournalException refused = assertThrows(JournalException.class, () -> open(copy));
        assertTrue(refused.getMessage().startsWith("the journal is damaged: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(log.getFileName().toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains(copy.toString()), refused.getMessage());
    }

    /** A sector of the log is where another belongs: at its beginning, in its middle, or at its end. */
    @Test
    void aWriteThatWentToAWrongPlaceIsAnError() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 200; i++) {
                keep(journal, i);
            }
            copyAll(directory, copy());
        }
        int sector = 512;
        Path log = RocksDbFiles.logs(copy()).get(0);
        byte[] sound = Files.readAllBytes(log);
        int last = sound.length / sector - 1;
        assertTrue(last > 8, "so small a log: " + sound.length);
        for (int from : new int[] {0, 3, last}) {
            for (int to : new int[] {0, 4, last}) {
                byte[] bytes = sound.clone();
                System.arraycopy(sound, from * sector, bytes, to * sector, sector);
                Path wrong = scratch.resolve("wrong-" + from + "-" + to);
                copyAll(copy(), wrong);
                Files.write(wrong.resolve(log.getFileName()), bytes);
                if (from == to) {
                    open(wrong).close();
                } else {
                    JournalException refused = assertThrows(JournalException.class, () -> open(wrong));
                    assertTrue(refused.getMessage().startsWith("the journal is damaged: "), refused.getMessage());
                }
            }
        }
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
            Path aside = scratch.resolve("aside");
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
    void aMissingLogIsAnError() throws IOException {
        // Else there are two logs for a moment only, until what is in the older one has become a table.
        special = options ->
                options.setWriteBufferSize(1 << 20).setMaxWriteBufferNumber(6).setMinWriteBufferNumberToMerge(3);
        Path other = scratch.resolve("other");
        try (Journal journal = open()) {
            for (int i = 0; i < 3; i++) {
                journal.append(new Note("s".repeat(600 << 10) + i, i));
                journal.sync();
                writer.runAll();
            }
            copyAll(directory, copy());
            copyAll(directory, other);
        }
        List<Path> logs = RocksDbFiles.logs(copy());
        assertTrue(logs.size() > 1, logs::toString);
        Files.delete(logs.get(0));
        JournalException older = assertThrows(JournalException.class, () -> open(copy()));
        assertTrue(older.getMessage().startsWith("the journal is damaged: "), older.getMessage());
        assertTrue(older.getMessage().contains(logs.get(0).toString()), older.getMessage());
        Files.delete(other.resolve(logs.get(logs.size() - 1).getFileName()));
        JournalException newest = assertThrows(JournalException.class, () -> open(other));
        assertTrue(
                newest.getMessage().startsWith("the journal is damaged: the end is missing in " + other),
                newest.getMessage());
        for (Path log : RocksDbFiles.logs(copy())) {
            Files.delete(log);
        }
        JournalException only = assertThrows(JournalException.class, () -> open(copy()));
        assertEquals("the journal is damaged: its log " + copy() + "/*.log is missing", only.getMessage());
    }

    /** As when the process ended while the directory was made. */
    @Test
    void aDatabaseThatHasNeverHadALogIsNotDamaged() throws IOException {
        open().close();
        deleteAll(directory);
        Files.createFile(directory.resolve("MANIFEST-000001"));
        Files.writeString(directory.resolve("CURRENT"), "MANIFEST-000001\n");
        RocksDbFiles.requireWhole(directory);
    }

    private static void damage(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 0xff);
        }
    }
}
