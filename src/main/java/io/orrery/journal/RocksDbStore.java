package io.orrery.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orrery.codec.Codec;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.JournalEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.TickerType;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The database of one journal: one record for each slot, and one about the journal itself. The value of a slot is the
 * position of its entry, 8 bytes, and the entry's encoding. Positions are RocksDB's own sequence numbers, which grow with
 * each record that is written and are kept with them.
 *
 * <p>For one thread at a time.
 */
final class RocksDbStore implements AutoCloseable {
    /** Takes an entry and the position at which it was appended. */
    interface EntryConsumer {
        void accept(long position, byte[] entry);
    }

    /** Whose journal it is. */
    private record Label(int format, String replica, long incarnation) {}

    private static final int FORMAT = 1;
    /** Sorts before all slots. */
    private static final byte[] LABEL = {0};

    private static final byte[] FIRST_SLOT = {1};
    private static final byte[] AFTER_SLOTS = {(byte) 0xff};

    private static final long WRITE_BUFFER_BYTES = 16 << 20;
    private static final long LOG_FILE_BYTES = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path directory;
    private final Options options;
    private final RocksDB database;
    private final Statistics statistics;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private Label label;

    private RocksDbStore(Path directory, Options options, Statistics statistics, RocksDB database) {
        this.directory = directory;
        this.options = options;
        this.statistics = statistics;
        this.database = database;
    }

    /** @throws JournalException when the directory is another replica's, in use, damaged, or not accessible */
    static RocksDbStore open(Path directory, NodeId replica) {
        try {
            Files.createDirectories(directory);
            RocksDbFiles.requireWhole(directory);
            RocksDbFiles.loadLibrary(directory);
        } catch (IOException e) {
            throw new JournalException("the data directory " + directory + " cannot be used: " + e, e);
        }
        Statistics statistics = new Statistics();
        statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
        Options options = new Options()
                .setStatistics(statistics)
                .setCreateIfMissing(true)
                // Of each log, the last record may be torn. Anything else that is damaged is an error.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_FILE_BYTES)
                .setKeepLogFileNum(2);
        RocksDbStore store;
        try {
            store = new RocksDbStore(directory, options, statistics, RocksDB.open(options, directory.toString()));
        } catch (RocksDBException e) {
            options.close();
            statistics.close();
            throw RocksDbFiles.problem(directory, e);
        }
        try {
            store.database.verifyChecksum();
            store.identify(replica);
            return store;
        } catch (RocksDBException e) {
            store.close();
            throw RocksDbFiles.problem(directory, e);
        } catch (JournalException e) {
            store.close();
            throw e;
        }
    }

    private void identify(NodeId replica) throws RocksDBException {
        byte[] found = database.get(LABEL);
        if (found == null) {
            requireEmpty();
            label = new Label(FORMAT, replica.name(), System.currentTimeMillis());
            database.put(synced, LABEL, written(label));
            return;
        }
        label = read(found);
        if (label.format() != FORMAT) {
            throw new JournalException("the data directory " + directory + " has the format " + label.format()
                    + "; this version reads format " + FORMAT);
        }
        if (!label.replica().equals(replica.name())) {
            throw new JournalException("the data directory " + directory + " belongs to replica " + label.replica()
                    + ", not to " + replica);
        }
    }

    private void requireEmpty() throws RocksDBException {
        try (RocksIterator all = database.newIterator()) {
            all.seekToFirst();
            all.status();
            if (all.isValid()) {
                throw new JournalException("the data directory " + directory + " holds a database that is no journal");
            }
        }
    }

    private static byte[] written(Label label) {
        try {
            return MAPPER.writeValueAsBytes(label);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written: " + label, e);
        }
    }

    private Label read(byte[] found) {
        try {
            Label label = MAPPER.readValue(found, Label.class);
            Objects.requireNonNull(label.replica(), "replica");
            return label;
        } catch (IOException | RuntimeException e) {
            throw new JournalException("the data directory " + directory + " does not say whose it is", e);
        }
    }

    long incarnation() {
        return label.incarnation();
    }

    /**
     * Adds entries, all or none.
     *
     * @throws JournalException when that failed; nobody knows then what is on disk
     */
    void write(List<? extends JournalEntry> entries, Codec<JournalEntry> codec, SyncPolicy policy) {
        long position = database.getLatestSequenceNumber();
        try (WriteBatch batch = new WriteBatch()) {
            for (JournalEntry entry : entries) {
                byte[] encoded = codec.encode(entry);
                byte[] value = ByteBuffer.allocate(Long.BYTES + encoded.length)
                        .putLong(++position)
                        .put(encoded)
                        .array();
                batch.put(keyOf(entry.slot()), value);
            }
            database.write(policy == SyncPolicy.ALWAYS ? synced : unsynced, batch);
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /** The kinds of slots have first bytes of their own, so that no two slots share a key. */
    static byte[] keyOf(Object slot) {
        if (slot instanceof Key key) {
            return ("k" + key.name()).getBytes(StandardCharsets.UTF_8);
        }
        if (slot instanceof Origin origin) {
            return ("o" + origin).getBytes(StandardCharsets.UTF_8);
        }
        if (slot instanceof String text) {
            return ("t" + text).getBytes(StandardCharsets.UTF_8);
        }
        throw new IllegalArgumentException("not a slot: " + slot);
    }

    /** Passes on what each slot holds, in the order of the keys. */
    void forEach(EntryConsumer action) {
        try (ReadOptions reading = new ReadOptions().setFillCache(false);
                RocksIterator all = database.newIterator(reading)) {
            for (all.seek(FIRST_SLOT); all.isValid(); all.next()) {
                ByteBuffer value = ByteBuffer.wrap(all.value());
                long position = value.getLong();
                byte[] entry = new byte[value.remaining()];
                value.get(entry);
                action.accept(position, entry);
            }
            all.status();
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /** How often the disk has been asked to confirm what was written to the log, since the database was opened. */
    long syncs() {
        return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
    }

    /** Forgets everything, and goes on as a higher incarnation: both or neither. */
    void wipe() {
        Label next = new Label(FORMAT, label.replica(), Math.max(label.incarnation() + 1, System.currentTimeMillis()));
        try (WriteBatch batch = new WriteBatch()) {
            batch.deleteRange(FIRST_SLOT, AFTER_SLOTS);
            batch.put(LABEL, written(next));
            database.write(synced, batch);
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
        label = next;
    }

    @Override
    public void close() {
        database.close();
        options.close();
        statistics.close();
        synced.close();
        unsynced.close();
    }
}
