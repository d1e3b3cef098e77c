package io.orrery.journal.rocksdb;

import static io.orrery.journal.Note.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.journal.Note;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.NodeId;
import io.orrery.protocol.JournalEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Backups of data directories, of running replicas and others, and what comes of them. */
class BackupTest {
    private static final NodeId A = NodeId.of("A");

    @TempDir
    private Path scratch;

    private final ManualExecutor writer = new ManualExecutor();
    private Path data;
    private Path backup;

    @BeforeEach
    void places() throws IOException {
        data = Files.createDirectory(scratch.resolve("data"));
        backup = scratch.resolve("backup");
    }

    private RocksDbJournal open(Path data) {
        return new RocksDbJournal(
                new RocksDbStore.Setup(
                        DataDirectory.of(data, A), A, "lamport-lww", SyncPolicy.ALWAYS, Note.CODEC, options -> {}),
                writer);
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

    private byte[] archive(Journal journal) throws IOException {
        try (InputStream archive = journal.backup().orElseThrow()) {
            return archive.readAllBytes();
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path restored(String name) {
        Path restored = scratch.resolve(name);
        assertEquals(DataDirectory.of(restored, A), DataDirectory.restore(backup, restored));
        return restored;
    }

    @Test
    void aJournalThatGoesOnIsBackedUpAsItWasAtOneMoment() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1, 2);
            try (InputStream archive = journal.backup().orElseThrow()) {
                keep(journal, 3);
                BackupIndex index = BackupArchive.unpack(archive, backup);
                assertEquals("A", index.owner().replica());
            }
            assertEquals(notes(1, 2, 3), replayed(journal));
            assertFalse(Files.exists(DataDirectory.of(data, A).resolve("checkpoint")), "nothing is left behind");
        }
        try (Journal journal = open(restored("other"))) {
            assertEquals(notes(1, 2), replayed(journal));
        }
    }

    @Test
    void aBackupIsRestoredAsOftenAsSomebodyWants() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1, 2);
        }
        DataDirectory.backup(DataDirectory.of(data, A), backup);
        try (Journal journal = open(data)) {
            assertEquals(notes(1, 2), replayed(journal), "a backup changes nothing");
        }
        for (int i = 0; i < 2; i++) {
            Path restored = restored("restored-" + i);
            try (Journal journal = open(restored)) {
                assertEquals(notes(1, 2), replayed(journal));
                keep(journal, 3);
            }
            try (Journal journal = open(restored)) {
                assertEquals(notes(1, 2, 3), replayed(journal));
            }
        }
    }

    @Test
    void aCheckpointThatAKilledProcessLeftBehindGoesWithTheNextStart() throws IOException {
        Path checkpoint = DataDirectory.of(data, A).resolve("checkpoint");
        try (Journal journal = open(data)) {
            keep(journal, 1);
            assertTrue(journal.backup().isPresent());
            assertTrue(Files.exists(checkpoint));
        }
        try (Journal journal = open(data)) {
            assertFalse(Files.exists(checkpoint));
            assertEquals(notes(1), replayed(journal));
        }
    }

    @Test
    void aJournalThatIsClosedOrInMemoryHasNothingToBackUp() {
        Journal closed = open(data);
        closed.close();
        assertEquals(Optional.empty(), closed.backup());
        assertEquals(Optional.empty(), new MemoryJournal().backup());
    }

    /** And is not there afterwards. */
    @Test
    void anArchiveThatBreaksOffIsNoBackup() throws IOException {
        byte[] whole;
        try (Journal journal = open(data)) {
            keep(journal, 1, 2);
            whole = archive(journal);
        }
        for (int length = 0; length < whole.length; length += 97) {
            InputStream broken = new ByteArrayInputStream(whole, 0, length);
            try {
                BackupArchive.unpack(broken, backup);
            } catch (IOException | JournalException e) {
                assertEquals(List.of("data"), names(scratch));
                continue;
            }
            // Nothing is missing of the backup itself but what a ZIP archive has at its end.
            assertEquals("A", BackupIndex.whole(backup).owner().replica());
            RocksDbFiles.delete(backup);
        }
        BackupArchive.unpack(new ByteArrayInputStream(whole), backup);
        assertEquals(List.of("backup", "data"), names(scratch));
    }

    @Test
    void anArchiveDoesNotLeadOutOfTheBackup() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("../escaped"));
        }
        InputStream archive = new ByteArrayInputStream(bytes.toByteArray());
        assertThrows(JournalException.class, () -> BackupArchive.unpack(archive, backup));
        assertEquals(List.of("data"), names(scratch));
    }

    @Test
    void aBackupThatIsNotWholeIsNotRestored() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1, 2);
        }
        DataDirectory.backup(DataDirectory.of(data, A), backup);
        for (String name : names(backup)) {
            Path file = backup.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            if (whole.length > 0) {
                byte[] flipped = whole.clone();
                flipped[whole.length / 2] ^= 1;
                Files.write(file, flipped);
                refused(name);
            }
            Files.delete(file);
            refused(name);
            Files.write(file, whole);
        }
        restored("whole");
    }

    /** A list may have been written by anybody. */
    @Test
    void aListThatCannotBeIsNotBelieved() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1);
        }
        DataDirectory.backup(DataDirectory.of(data, A), backup);
        Path file = backup.resolve(BackupIndex.FILE);
        String list = Files.readString(file);
        Path outside = Files.writeString(scratch.resolve("outside"), "");
        String entry = "{ \"name\" : \"%s\", \"bytes\" : 0, \"sha256\" : \""
                + HexFormat.of().formatHex(BackupIndex.sha256().digest()) + "\" }, {";
        for (String name : List.of("../outside", outside.toString(), "", ".", "a/b", "\\u0000", "BACKUP")) {
            doubted(list.replaceFirst("\\{(?=\\s*\"name\")", Matcher.quoteReplacement(entry.formatted(name))));
        }
        for (String replica : List.of("\"\"", "\"../outside\"", "\"a b\"", "null", "{}")) {
            doubted(list.replace("\"replica\" : \"A\"", "\"replica\" : " + replica));
        }
        for (String was : List.of("\"owner\"", "\"files\"", "\"name\"", "\"bytes\"", "\"sha256\"")) {
            doubted(list.replaceAll(was, "\"other\""));
        }
        // One of a later format may have another form.
        assertTrue(doubted("{\"format\":2,\"parts\":[]}").contains("has the format 2; this version reads format 1"));
        for (String text : List.of("", "null", "{}", "[]", "{\"format\":1}", list.replaceFirst("(?s)\\[.*]", "[]"))) {
            doubted(text);
        }
        Files.writeString(file, list);
        restored("whole");
    }

    private String doubted(String list) throws IOException {
        Files.writeString(backup.resolve(BackupIndex.FILE), list);
        List<String> before = names(scratch);
        JournalException problem = assertThrows(
                JournalException.class, () -> DataDirectory.restore(backup, scratch.resolve("restored")), list);
        assertTrue(problem.getMessage().contains(backup.toString()), problem.getMessage());
        assertEquals(before, names(scratch), "nothing is changed");
        return problem.getMessage();
    }

    private void refused(String file) {
        Path place = scratch.resolve("restored");
        JournalException problem = assertThrows(JournalException.class, () -> DataDirectory.restore(backup, place));
        assertTrue(problem.getMessage().contains("incomplete"), problem.getMessage());
        assertTrue(problem.getMessage().contains(file), problem.getMessage());
        assertFalse(Files.exists(place));
    }

    @Test
    void whatIsThereIsNotReplaced() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1);
            Path directory = DataDirectory.of(data, A);
            JournalException inUse =
                    assertThrows(JournalException.class, () -> DataDirectory.backup(directory, backup));
            assertEquals("the data directory " + directory + " is in use by another process", inUse.getMessage());
            keep(journal, 2);
        }
        DataDirectory.backup(DataDirectory.of(data, A), backup);
        JournalException there =
                assertThrows(JournalException.class, () -> DataDirectory.backup(DataDirectory.of(data, A), backup));
        assertTrue(there.getMessage().startsWith(backup + " exists already"), there.getMessage());
        JournalException restored = assertThrows(JournalException.class, () -> DataDirectory.restore(backup, data));
        assertTrue(
                restored.getMessage().startsWith(DataDirectory.of(data, A) + " exists already"), restored.getMessage());
        assertEquals(List.of("replica-A"), names(data));
        try (Journal journal = open(data)) {
            assertEquals(notes(1, 2), replayed(journal));
        }
    }

    /** Somebody may want to restore it again, as it was. */
    @Test
    void aBackupIsNotOpenedAsAJournal() throws IOException {
        open(data).close();
        DataDirectory.backup(DataDirectory.of(data, A), backup);
        Path put = Files.createDirectory(scratch.resolve("put"));
        Files.move(backup, DataDirectory.of(put, A));
        JournalException refused = assertThrows(JournalException.class, () -> open(put));
        assertEquals(
                DataDirectory.of(put, A) + " is a backup: ./run.sh restore makes a data directory of it",
                refused.getMessage());
    }

    @Test
    void aDirectoryOfANewerFormatIsNotBackedUp() throws IOException, RocksDBException {
        try (Journal journal = open(data)) {
            keep(journal, 1);
        }
        Path directory = DataDirectory.of(data, A);
        label(directory, "{\"format\":99,\"replica\":\"A\"}");
        List<String> before = names(directory);
        JournalException refused = assertThrows(JournalException.class, () -> DataDirectory.backup(directory, backup));
        assertEquals(
                "the data directory " + directory + " has the format 99; this version reads the formats 1 and "
                        + JournalLabel.FORMAT,
                refused.getMessage());
        assertEquals(before, names(directory), "nothing is changed");
    }

    @Test
    void aBackupOfAnotherClusterIsNotRestoredBesideTheDataOfThis() throws IOException, RocksDBException {
        try (Journal journal = open(data)) {
            journal.keepBelonging(belonging("one"));
        }
        Path directory = DataDirectory.of(data, A);
        DataDirectory.backup(directory, backup);
        Path other = DataDirectory.of(data, NodeId.of("B"));
        Files.move(directory, other);
        label(other, "{\"format\":%d,\"replica\":\"B\"}".formatted(JournalLabel.FORMAT));
        put(other, RocksDbStore.BELONGING, belonging("two"));
        JournalException refused = assertThrows(JournalException.class, () -> DataDirectory.restore(backup, data));
        assertEquals(
                backup + " has data of the cluster one, and " + other + " of the cluster two", refused.getMessage());
        assertEquals(List.of("replica-B"), names(data));
        put(other, RocksDbStore.BELONGING, belonging("one"));
        DataDirectory.restore(backup, data);
    }

    /** Somebody moved it away, as the error said. */
    @Test
    void aBackupIsRestoredBesideADamagedDirectory() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1);
        }
        Path directory = DataDirectory.of(data, A);
        DataDirectory.backup(directory, backup);
        Path aside = data.resolve("replica-A.damaged");
        Files.move(directory, aside);
        Files.write(RocksDbFiles.manifest(aside), new byte[0]);
        assertThrows(JournalException.class, () -> DataOwner.of(aside));
        assertEquals(directory, DataDirectory.restore(backup, data));
    }

    @Test
    void aDirectoryThatWasBackedUpTellsWhatItMustContain() throws IOException {
        try (Journal journal = open(data)) {
            keep(journal, 1, 2);
        }
        Path directory = DataDirectory.of(data, A);
        DataDirectory.backup(directory, backup);
        Path list = RocksDbFiles.manifest(directory);
        byte[] whole = Files.readAllBytes(list);
        for (int length = 0; length < whole.length; length++) {
            Files.write(list, Arrays.copyOf(whole, length));
            JournalException damaged = assertThrows(JournalException.class, () -> open(data));
            assertTrue(damaged.getMessage().contains("and had"), damaged.getMessage());
        }
        Files.write(list, whole);
        try (Journal journal = open(data)) {
            assertEquals(notes(1, 2), replayed(journal));
        }
    }

    @Test
    void aBackupIsNotRestoredIntoTheDirectoryOfAReplica() throws IOException {
        open(data).close();
        Path directory = DataDirectory.of(data, A);
        DataDirectory.backup(directory, backup);
        List<String> before = names(directory);
        JournalException refused = assertThrows(JournalException.class, () -> DataDirectory.restore(backup, directory));
        assertTrue(refused.getMessage().startsWith(directory + " is the directory of one replica"));
        assertEquals(before, names(directory));
    }

    private static byte[] belonging(String cluster) throws IOException {
        return new CBORMapper().writeValueAsBytes(Map.of("cluster", cluster));
    }

    private static void label(Path directory, String json) throws RocksDBException {
        put(directory, JournalLabel.KEY, json.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(Path directory, byte[] key, byte[] value) throws RocksDBException {
        try (Options options = RocksDbStore.options();
                RocksDB database = RocksDB.open(options, directory.toString())) {
            database.put(key, value);
        }
    }

    @Test
    void theDirectoryOfAReplicaIsFound() throws IOException {
        JournalException none = assertThrows(JournalException.class, () -> DataDirectory.find(data, Optional.empty()));
        assertEquals(data + " has no data of a replica", none.getMessage());
        open(data).close();
        Path a = DataDirectory.of(data, A);
        assertEquals(a, DataDirectory.find(data, Optional.empty()));
        assertEquals(a, DataDirectory.find(a, Optional.empty()));
        Path b = DataDirectory.of(data, NodeId.of("B"));
        Files.createDirectory(b);
        Files.writeString(b.resolve("CURRENT"), "");
        JournalException both = assertThrows(JournalException.class, () -> DataDirectory.find(data, Optional.empty()));
        assertEquals(data + " has data of 2 replicas, replica-A, replica-B: say which with --id", both.getMessage());
        assertEquals(a, DataDirectory.find(data, Optional.of(A)));
    }
}
