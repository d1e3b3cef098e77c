package io.orrery.journal.rocksdb;

import io.orrery.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * What a journal held at one moment, as files that stay as they are while it goes on: RocksDB links those that it does not
 * change any more, so that they take no room of their own. To be closed, which deletes them.
 */
final class JournalCheckpoint implements AutoCloseable {
    private static final String PLACE = "checkpoint";

    private final Path place;
    private final DataOwner dataOwner;

    private JournalCheckpoint(Path place, DataOwner dataOwner) {
        this.place = place;
        this.dataOwner = dataOwner;
    }

    /** @param directory of the database; one checkpoint of it can be there at a time, and an earlier one is deleted */
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

    /** Deletes the checkpoint that a process has left behind which was killed. */
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
