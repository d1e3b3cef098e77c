package io.orrery.journal.rocksdb;

import io.orrery.journal.JournalException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * The least that a data directory must contain, in a file beside the database: how many records the disk has confirmed, and
 * the length of the manifest. RocksDB alone does not notice that the end of a log or of the manifest is missing, and opens
 * with the rest.
 *
 * <p>When the first such file is on disk, the database records that it exists; from then on a missing file is damage. A
 * directory of an earlier version has no such file, and neither has one whose first start was interrupted.
 *
 * <p>The file is written after each batch, when the disk has confirmed the batch, and is not synced. This costs two system
 * calls. After a loss of power it may state less than the disk holds, but never more. The file has two places, which are
 * written in turn, so one of them is valid while the other is written.
 *
 * <p>Only one thread at a time may use it.
 */
final class ContentsFile implements AutoCloseable {
    static final String FILE = "CONTENTS";

    /** The key of the record that the directory has the file. It sorts before all slots. */
    static final byte[] KEPT = {0, 2};

    private static final int PLACES = 2;
    private static final int PLACE_BYTES = 64;
    /** The turn, the records, the number, length and checksum of the manifest, and a checksum of all these. */
    private static final int USED_BYTES = 6 * Long.BYTES;

    /**
     * @param turn is one more at each write
     * @param records the number of records in the database: RocksDB's last sequence number
     * @param list the number in the name of the manifest: {@code MANIFEST-000005}
     * @param listBytes the length of the manifest
     * @param listSum the checksum of the manifest, because RocksDB takes zeros in it for its end
     */
    private record Recorded(long turn, long records, long list, long listBytes, long listSum) {}

    private final Path directory;
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(USED_BYTES);
    private final CRC32C checksum = new CRC32C();
    private long turn;
    private long records;
    private File list;
    private long listNumber;
    /** At the last write; the disk has confirmed these bytes since then. */
    private long listBytes;

    private long listSum;

    private ContentsFile(Path directory, FileChannel file) throws IOException {
        this.directory = directory;
        this.file = file;
        findList();
    }

    /**
     * Writes the file for a database that was just opened. RocksDB has written all that it found to disk.
     */
    static ContentsFile begin(Path directory, RocksDB database) throws IOException {
        Path unfinished = directory.resolve(FILE + ".new");
        FileChannel file = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            file.write(ByteBuffer.allocate(PLACES * PLACE_BYTES));
            ContentsFile contentsFile = new ContentsFile(directory, file);
            contentsFile.records = database.getLatestSequenceNumber();
            for (int i = 0; i < PLACES; i++) {
                contentsFile.write();
            }
            file.force(true);
            Files.move(unfinished, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            if (!isKept(directory, database)) {
                makeDurable(directory);
                keep(directory, database);
            }
            return contentsFile;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static boolean isKept(Path directory, RocksDB database) {
        try {
            return database.get(KEPT) != null;
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    private static void keep(Path directory, RocksDB database) {
        try (WriteOptions synced = new WriteOptions().setSync(true)) {
            database.put(synced, KEPT, new byte[0]);
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /** Syncs the names of the files in a directory, if the system can open directories. */
    private static void makeDurable(Path directory) throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            return;
        }
        try (opened) {
            opened.force(true);
        }
    }

    /** RocksDB begins a new manifest at each start, and when one becomes too long. */
    private void findList() throws IOException {
        Path found = RocksDbFiles.manifest(directory);
        list = found.toFile();
        listNumber = RocksDbFiles.number(found);
        measure(list.length());
    }

    /** The manifest has some kilobytes, and changes when a table is written. */
    private void measure(long bytes) throws IOException {
        listBytes = bytes;
        listSum = sum(list.toPath(), bytes);
    }

    private static long sum(Path list, long bytes) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(Files.readAllBytes(list), 0, (int) bytes);
        return checksum.getValue();
    }

    /**
     * Records how many records are on disk.
     *
     * @throws JournalException if the file cannot be written
     */
    void holds(long records) {
        this.records = records;
        try {
            write();
            long now = list.length();
            if (now < listBytes) {
                findList();
            } else if (now > listBytes) {
                measure(now);
            }
        } catch (IOException e) {
            throw new JournalException("the journal in " + directory + " failed: " + FILE + ": " + e.getMessage(), e);
        }
    }

    private void write() throws IOException {
        turn++;
        buffer.clear();
        buffer.putLong(turn)
                .putLong(records)
                .putLong(listNumber)
                .putLong(listBytes)
                .putLong(listSum)
                .flip();
        checksum.reset();
        checksum.update(buffer);
        buffer.limit(USED_BYTES).putLong(checksum.getValue()).flip();
        file.write(buffer, turn % PLACES * PLACE_BYTES);
    }

    /**
     * Requires the recorded manifest. Called before the database is opened, because opening deletes the files that the
     * manifest does not name.
     *
     * @throws JournalException if the manifest has changed
     */
    static void requireList(Path directory) throws IOException {
        Optional<Recorded> found = found(directory);
        if (found.isEmpty()) {
            return;
        }
        Path list = RocksDbFiles.manifest(directory);
        long number = RocksDbFiles.number(list);
        Recorded held = found.get();
        if (number < held.list() || number == held.list() && Files.size(list) < held.listBytes()) {
            throw damaged(
                    number < held.list()
                            ? list + " is older than the one last in use"
                            : list + " has " + Files.size(list) + " bytes, and had " + held.listBytes());
        }
        if (number == held.list() && sum(list, held.listBytes()) != held.listSum()) {
            throw damaged(list + " has been changed");
        }
    }

    /**
     * Requires the recorded number of records. Called after the database is opened, before anything is written.
     *
     * @throws JournalException if records are missing, or the file is missing
     */
    static void requireRecords(Path directory, RocksDB database) throws IOException {
        Optional<Recorded> found = found(directory);
        if (found.isEmpty() && isKept(directory, database)) {
            throw damaged(directory.resolve(FILE) + " is missing, which lists what must be there");
        }
        long records = database.getLatestSequenceNumber();
        if (found.isPresent() && records < found.get().records()) {
            throw damaged("the end is missing in " + directory + ": of "
                    + found.get().records() + " records that were written " + records + " are there");
        }
    }

    private static JournalException damaged(String what) {
        return new JournalException("the journal is damaged: " + what);
    }

    /** Empty if the directory has no such file. */
    private static Optional<Recorded> found(Path directory) throws IOException {
        Path place = directory.resolve(FILE);
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(place));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Recorded latest = null;
        for (int i = 0; i < PLACES && bytes.capacity() == PLACES * PLACE_BYTES; i++) {
            Recorded held = read(bytes.slice(i * PLACE_BYTES, USED_BYTES));
            if (held != null && (latest == null || held.turn() > latest.turn())) {
                latest = held;
            }
        }
        if (latest == null) {
            throw damaged(place + " does not say what must be there");
        }
        return Optional.of(latest);
    }

    /** Null if the checksum is wrong. */
    private static Recorded read(ByteBuffer place) {
        CRC32C checksum = new CRC32C();
        checksum.update(place.slice(0, USED_BYTES - Long.BYTES));
        Recorded held =
                new Recorded(place.getLong(), place.getLong(), place.getLong(), place.getLong(), place.getLong());
        return place.getLong() == checksum.getValue() ? held : null;
    }

    /** Called after the database is closed. */
    @Override
    public void close() {
        try (file) {
            measure(list.length());
            write();
            file.force(true);
        } catch (IOException e) {
            // The file may state less than the disk holds.
        }
    }
}
