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
 * What a data directory must contain at the least, kept in a file beside the database: how many records the disk has
 * confirmed, and how long the database's list of files is. RocksDB by itself takes a log or a list of files that is cut short for one that
 * never was longer, and opens with what is left.
 *
 * <p>That there is such a file the database says itself, once the first one is on disk: a file that is missing then is damage. A
 * directory of an earlier version has none, nor has one whose first start was cut short.
 *
 * <p>The file is written after each batch, when the disk has confirmed the batch, and nobody waits for the disk again: it
 * costs two calls of the system, and after a loss of power it may say less than there is, and never more. Of two places in it the
 * one is written that was not written last: while it is written, the other holds.
 *
 * <p>For one thread at a time.
 */
final class ContentsFile implements AutoCloseable {
    static final String FILE = "CONTENTS";

    /** Before all slots: there once the directory has the file. */
    static final byte[] KEPT = {0, 2};

    private static final int PLACES = 2;
    private static final int PLACE_BYTES = 64;
    /** Turn, records, number of the list, its length and its checksum, and the checksum of these. */
    private static final int USED_BYTES = 6 * Long.BYTES;

    /**
     * @param turn grows each time
     * @param records how many records the database had been given: RocksDB's last sequence number
     * @param list the number in the name of the list of files: {@code MANIFEST-000005}
     * @param listBytes how long that list was
     * @param listSum the checksum of it: RocksDB takes zeros in it for its end
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
    /** As of the last time: by now the disk has confirmed all of that. */
    private long listBytes;

    private long listSum;

    private ContentsFile(Path directory, FileChannel file) throws IOException {
        this.directory = directory;
        this.file = file;
        findList();
    }

    /**
     * Begins to keep what a database holds that has just been opened: what it finds then it has written to the disk.
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

    /** The names of the files in it, where the system lets a directory be opened. */
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

    /** RocksDB begins a new list with each start, and where one becomes too long. */
    private void findList() throws IOException {
        Path found = RocksDbFiles.manifest(directory);
        list = found.toFile();
        listNumber = RocksDbFiles.number(found);
        measure(list.length());
    }

    /** It is some kilobytes, and changes when a table is written. */
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
     * Remembers that so many records are on disk.
     *
     * @throws JournalException when that cannot be written
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
     * To be asked before the database is opened, which deletes the files that its list does not name.
     *
     * @throws JournalException when its list of files is not what it was
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
     * To be asked when the database has been opened, before anything is written.
     *
     * @throws JournalException when it had been given more than is there, or does not tell any more what it had been given
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

    /** Empty in a directory in which this has not been kept. */
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

    /** Null where the checksum is not right. */
    private static Recorded read(ByteBuffer place) {
        CRC32C checksum = new CRC32C();
        checksum.update(place.slice(0, USED_BYTES - Long.BYTES));
        Recorded held =
                new Recorded(place.getLong(), place.getLong(), place.getLong(), place.getLong(), place.getLong());
        return place.getLong() == checksum.getValue() ? held : null;
    }

    /** To be called when the database has been closed. */
    @Override
    public void close() {
        try (file) {
            measure(list.length());
            write();
            file.force(true);
        } catch (IOException e) {
            // It says less than there is, perhaps.
        }
    }
}
