package io.orrery.journal.rocksdb;

import static io.orrery.journal.Note.replayed;
import static io.orrery.journal.rocksdb.RocksDbJournalTest.copyAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.Note;
import io.orrery.journal.SyncPolicy;
import io.orrery.launch.Directories;
import io.orrery.model.NodeId;
import io.orrery.protocol.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small journal of whose files, one after the other, some byte is flipped, all from there on is cut off or zeroed, or which is
 * deleted: it gives back all that was kept in it, or it does not open and says why.
 */
class EveryByteTest {
    /** What befalls a file. */
    private enum Damage {
        CUT {
            @Override
            byte[] at(int place, byte[] whole) {
                return Arrays.copyOf(whole, place);
            }
        },
        FLIPPED {
            @Override
            byte[] at(int place, byte[] whole) {
                byte[] damaged = whole.clone();
                damaged[place] ^= (byte) 0xff;
                return damaged;
            }
        },
        ZEROED {
            @Override
            byte[] at(int place, byte[] whole) {
                byte[] damaged = whole.clone();
                Arrays.fill(damaged, place, Math.min(place + SECTOR, whole.length), (byte) 0);
                return damaged;
            }
        };

        abstract byte[] at(int place, byte[] whole);
    }

    /** What RocksDB writes for people alone. */
    private static final Pattern UNREAD = Pattern.compile("LOG|LOG\\.old.*|OPTIONS-.*");

    private static final int SECTOR = 512;

    @TempDir
    private Path scratch;

    private final ManualExecutor writer = new ManualExecutor();
    private Path store;
    private List<JournalEntry> kept;
    private int whole;
    private int stopped;

    private RocksDbJournal open(Path place) {
        return new RocksDbJournal(
                new RocksDbStore.Setup(
                        place,
                        NodeId.of("A"),
                        "lamport-lww",
                        SyncPolicy.ALWAYS,
                        Note.CODEC,
                        // As after 16 MiB: tables are written while the journal is open, too.
                        options -> options.setWriteBufferSize(64 << 10)),
                writer);
    }

    private void keep(Journal journal, JournalEntry entry) {
        journal.append(entry);
        journal.sync();
        writer.runAll();
        assertTrue(journal.isDurable());
    }

    /** As it is on disk when a process is killed that had found a few records, and written some. */
    private void keepLittle() throws IOException {
        Path live = Files.createDirectory(scratch.resolve("live"));
        try (Journal journal = open(live)) {
            IntStream.range(0, 3).forEach(number -> keep(journal, Note.of(number)));
        }
        try (Journal journal = open(live)) {
            IntStream.range(2, 5).forEach(number -> keep(journal, Note.of(number)));
            copy(live, journal);
        }
    }

    /** The same, when so much was written that the database made a table of it meanwhile. */
    private void keepMuch() throws IOException {
        Path live = Files.createDirectory(scratch.resolve("live"));
        try (Journal journal = open(live)) {
            int number = 0;
            while (RocksDbFiles.tables(live).isEmpty()) {
                keep(journal, new Note("s".repeat(1 << 10) + number, number++));
            }
            for (int i = 0; i < 40; i++) {
                keep(journal, new Note("t".repeat(1 << 10) + i, i));
            }
            copy(live, journal);
        }
    }

    private void copy(Path live, Journal journal) throws IOException {
        kept = replayed(journal);
        store = scratch.resolve("store");
        copyAll(live, store);
    }

    @Test
    void someOfTheBytesOfEachFile() throws IOException {
        keepLittle();
        damageEach(29);
    }

    @Test
    void someOfTheBytesOfEachLargerFile() throws IOException {
        keepMuch();
        damageEach(2_999);
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void eachByteOfEachFile() throws IOException {
        keepLittle();
        damageEach(1);
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void manyOfTheBytesOfEachLargerFile() throws IOException {
        keepMuch();
        damageEach(29);
    }

    /** @param step how many bytes lie between two that are damaged, but for where the list of files is cut off: that is anywhere */
    private void damageEach(int step) throws IOException {
        List<String> silent = new ArrayList<>();
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                int size = (int) Files.size(file);
                damaged(file, "is deleted", Files::delete).ifPresent(silent::add);
                for (Damage damage : Damage.values()) {
                    boolean cutsList = damage == Damage.CUT && name.startsWith("MANIFEST");
                    int every = cutsList ? 1 : UNREAD.matcher(name).matches() ? Math.max(size / 10, step) : step;
                    for (int place = damage.ordinal() % every; place < size; place += every) {
                        byte[] content = damage.at(place, Files.readAllBytes(file));
                        damaged(file, damage + " at " + place, it -> Files.write(it, content))
                                .ifPresent(silent::add);
                    }
                }
            }
        }
        assertEquals(List.of(), silent);
        assertTrue(whole > 10 && stopped > 100, whole + " gave back all, and " + stopped + " stopped");
    }

    /** Does something to a file. */
    private interface Change {
        void of(Path file) throws IOException;
    }

    /** What was wrong about it, if anything was. */
    private Optional<String> damaged(Path file, String how, Change change) throws IOException {
        Path copy = scratch.resolve("copy");
        copyAll(store, copy);
        change.of(copy.resolve(file.getFileName()));
        String what = file.getFileName() + " " + how;
        try (Journal journal = open(copy)) {
            List<JournalEntry> found = replayed(journal);
            whole++;
            return found.equals(kept)
                    ? Optional.empty()
                    : Optional.of(what + ": " + found.size() + " of " + kept.size() + " are found");
        } catch (JournalException e) {
            stopped++;
            boolean isClear =
                    e.getMessage().contains(copy.toString()) && !e.getMessage().contains("\n");
            return isClear ? Optional.empty() : Optional.of(what + ": " + e.getMessage());
        } finally {
            Directories.delete(copy);
        }
    }
}
