package io.orrery.journal.rocksdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orrery.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner and the format of a journal.
 *
 * @param protocol null in an old journal of the first format
 */
record JournalLabel(int format, String replica, String protocol) {
    /** In the first format all starts of a replica numbered their writes under one name, and the label stored what that needed. */
    static final int FIRST_FORMAT = 1;

    static final int FORMAT = 2;
    /** Sorts before all slots. */
    static final byte[] KEY = {0};

    private static final Logger LOG = LoggerFactory.getLogger(JournalLabel.class);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * Requires that an open database belongs to the replica and is complete. Labels an empty database, and gives one of the
     * first format the present format.
     *
     * @throws JournalException if the database belongs to another replica or protocol, is damaged, or has a format that this
     *     version does not read
     */
    static void claim(RocksDB database, RocksDbStore.Setup setup) throws RocksDBException, IOException {
        Path directory = setup.directory();
        JournalLabel own = new JournalLabel(FORMAT, setup.replica().name(), setup.protocol());
        byte[] found = database.get(KEY);
        if (found == null) {
            ContentsFile.requireRecords(directory, database);
            requireEmpty(database, directory);
            own.keepIn(database);
            return;
        }
        JournalLabel journalLabel = read(found, directory);
        requireFormat(directory, journalLabel.format);
        if (!journalLabel.replica.equals(own.replica)) {
            throw new JournalException("the data directory " + directory + " belongs to replica " + journalLabel.replica
                    + ", not to " + own.replica);
        }
        if (journalLabel.protocol != null && !journalLabel.protocol.equals(own.protocol)) {
            // A protocol would number its writes wrongly if it read the journal of another.
            throw new JournalException("the data directory " + directory + " holds data of " + journalLabel.protocol
                    + ", not of " + own.protocol + ": data of another protocol needs another directory");
        }
        ContentsFile.requireRecords(directory, database);
        if (journalLabel.format == FIRST_FORMAT) {
            own.keepIn(database);
            LOG.info(
                    "The data directory {} has been converted from format {} to format {}: all data is kept, and each start"
                            + " has an identity of its own from now on",
                    directory,
                    FIRST_FORMAT,
                    FORMAT);
        }
    }

    /** @throws JournalException if this version does not read directories of this format */
    static void requireFormat(Path directory, int format) {
        if (format < FIRST_FORMAT || format > FORMAT) {
            throw new JournalException("the data directory " + directory + " has the format " + format
                    + "; this version reads the formats " + FIRST_FORMAT + " and " + FORMAT);
        }
    }

    private static void requireEmpty(RocksDB database, Path directory) throws RocksDBException {
        try (RocksIterator all = database.newIterator()) {
            all.seekToFirst();
            all.status();
            if (all.isValid()) {
                throw new JournalException("the data directory " + directory + " holds a database that is no journal");
            }
        }
    }

    private static JournalLabel read(byte[] found, Path directory) {
        try {
            JournalLabel journalLabel = MAPPER.readValue(found, JournalLabel.class);
            Objects.requireNonNull(journalLabel.replica, "replica");
            return journalLabel;
        } catch (IOException | RuntimeException e) {
            throw new JournalException("the data directory " + directory + " does not name its replica", e);
        }
    }

    private void keepIn(RocksDB database) throws RocksDBException {
        // Synced under each policy, because it is written once.
        try (WriteOptions synced = new WriteOptions().setSync(true)) {
            database.put(synced, KEY, MAPPER.writeValueAsBytes(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written: " + this, e);
        }
    }
}
