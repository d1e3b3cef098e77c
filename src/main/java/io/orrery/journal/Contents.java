package io.orrery.journal;

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

/**
 * What a data directory must contain at the least, kept in a file beside the database: how many records the disk has
 * confirmed, and how long the database's list of files is. RocksDB by itself takes a log or a list of files that is cut short for one that
 * never was longer, and opens with what is left.
 *
 * <p>The file is written after each batch, when the disk has confirmed the batch, and nobody waits for the disk again: it
 * costs two calls of the system, and after a loss of power it may say less than there is, and never more. Of two places in it the
 * one is written that was not written last: while it is written, the other holds.
 *
 * <p>For one thread at a time.
 */
final class Contents implements AutoCloseable {
    static final String FILE = "CONTENTS";

    private static final int PLACES = 2;
    private static final int PLACE_BYTES = 64;
    /** Turn, records, number of the list, its length, and the checksum of these. */
    private static final int USED_BYTES = 5 * Long.BYTES;

    /**
     * @param turn grows each time
     * @param records how many records the database had been given: RocksDB's last sequence number
     * @param list the number in the name of the list of files: {@code MANIFEST-000005}
     * @param listBytes how long that list was
     */
    private record Held(long turn, long records, long list, long listBytes) {}

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

    private Contents(Path directory, FileChannel file) throws IOException {
        this.directory = directory;
        this.file = file;
        findList();
    }

    /**
     * Begins to keep what a database holds that has just been opened: what it finds then it has written to the disk.
     *
     * @param records how many it has been given
     */
    static Contents begin(Path directory, long records) throws IOException {
        Path unfinished = directory.resolve(FILE + ".new");
        FileChannel file = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            file.write(ByteBuffer.allocate(PLACES * PLACE_BYTES));
            Contents contents = new Contents(directory, file);
            contents.records = records;
            for (int i = 0; i < PLACES; i++) {
                contents.write();
            }
            file.force(true);
            Files.move(unfinished, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            return contents;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** RocksDB begins a new list with each start, and where one becomes too long. */
    private void findList() throws IOException {
        Path found = RocksDbFiles.manifest(directory);
        list = found.toFile();
        listNumber = RocksDbFiles.number(found);
        listBytes = list.length();
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
            } else {
                listBytes = now;
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
        Optional<Held> found = found(directory);
        if (found.isEmpty()) {
            return;
        }
        Path list = RocksDbFiles.manifest(directory);
        long number = RocksDbFiles.number(list);
        Held held = found.get();
        if (number < held.list() || number == held.list() && Files.size(list) < held.listBytes()) {
            throw damaged(
                    number < held.list()
                            ? list + " is older than the one that was in use last"
                            : list + " has " + Files.size(list) + " bytes, and had " + held.listBytes());
        }
    }

    /**
     * @param records how many the database has been given, by what is found of it
     * @throws JournalException when it had been given more
     */
    static void requireRecords(Path directory, long records) throws IOException {
        Optional<Held> found = found(directory);
        if (found.isPresent() && records < found.get().records()) {
            throw damaged("the end is missing in " + directory + ": of "
                    + found.get().records() + " records that were written " + records + " are there");
        }
    }

    private static JournalException damaged(String what) {
        return new JournalException("the journal is damaged: " + what);
    }

    /** Empty in a directory in which this has not been kept. */
    private static Optional<Held> found(Path directory) throws IOException {
        Path place = directory.resolve(FILE);
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(place));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Held latest = null;
        for (int i = 0; i < PLACES && bytes.capacity() == PLACES * PLACE_BYTES; i++) {
            Held held = read(bytes.slice(i * PLACE_BYTES, USED_BYTES));
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
    private static Held read(ByteBuffer place) {
        CRC32C checksum = new CRC32C();
        checksum.update(place.slice(0, USED_BYTES - Long.BYTES));
        Held held = new Held(place.getLong(), place.getLong(), place.getLong(), place.getLong());
        return place.getLong() == checksum.getValue() ? held : null;
    }

    /** To be called when the database has been closed. */
    @Override
    public void close() {
        try (file) {
            listBytes = list.length();
            write();
            file.force(true);
        } catch (IOException e) {
            // It says less than there is, perhaps.
        }
    }
}
