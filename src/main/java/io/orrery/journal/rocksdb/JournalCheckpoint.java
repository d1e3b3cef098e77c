package io.orrery.journal.rocksdb;

import io.orrery.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * The contents of a journal at one moment, in files that do not change while the journal stays in use. RocksDB makes links to
 * the files that it never changes again, so they take no extra room. Closing the checkpoint deletes it.
 */
final class JournalCheckpoint implements AutoCloseable {
    private static final String PLACE = "checkpoint";

    private final Path place;
    private final DataOwner dataOwner;

    private JournalCheckpoint(Path place, DataOwner dataOwner) {
        this.place = place;
        this.dataOwner = dataOwner;
    }

    /** @param directory of the database, which has one checkpoint at a time; an earlier one is deleted */
    static JournalCheckpoint of(RocksDB database, Path directory) {
        Path place = directory.resolve(PLACE);
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            forget(directory);
            checkpoint.createCheckpoint(place.toString());
            return new JournalCheckpoint(place, DataOwner.of(directory, database));
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        } catch (IOException e) {
            throw new JournalException("the checkpoint " + place + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Deletes the checkpoint that a killed process has left behind. */
    static void forget(Path directory) throws IOException {
        RocksDbFiles.delete(directory.resolve(PLACE));
    }

    DataOwner owner() {
        return dataOwner;
    }

    List<Path> files() throws IOException {
        return RocksDbFiles.files(place, ".*");
    }

    @Override
    public void close() {
        try {
            RocksDbFiles.delete(place);
        } catch (IOException e) {
            // The next checkpoint tries again.
        }
    }
}
