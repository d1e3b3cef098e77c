package io.orrery.journal.rocksdb;

import io.orrery.clock.Dot;
import io.orrery.codec.Codec;
import io.orrery.journal.JournalException;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.FileProblem;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The database of one journal. It has a record for each slot, a record for each value that is stored apart from its write,
 * and records about the journal itself. The record of a slot has the position of its entry, 8 bytes, and the encoded entry.
 * Positions are RocksDB's sequence numbers, which grow with each written record.
 *
 * <p>Only one thread at a time may use it, except for {@link #read}.
 */
final class RocksDbStore implements AutoCloseable {
    /**
     * How a journal is stored.
     *
     * @param protocol of the replica
     * @param special sets further options, for tests
     */
    record Setup(
            Path directory,
            NodeId replica,
            String protocol,
            SyncPolicy policy,
            Codec<JournalEntry> codec,
            Consumer<Options> special) {
        static Setup of(Path directory, NodeId replica, ProtocolType protocol, SyncPolicy policy) {
            return new Setup(directory, replica, protocol.name(), policy, Codec.ofEntries(protocol), options -> {});
        }
    }

    /** Takes an entry and the position at which it was appended. */
    interface EntryConsumer {
        void accept(long position, JournalEntry entry);
    }

    /** Sorts before all slots, so a wipe leaves it. */
    static final byte[] BELONGING = {0, 1};

    private static final byte[] FIRST_SLOT = {1};
    private static final byte[] FIRST_VALUE = {'v'};
    private static final byte[] AFTER_SLOTS = {(byte) 0xff};

    private static final long WRITE_BUFFER_BYTES = 16 << 20;
    /** The memory for blocks of RocksDB's files and for their indexes, outside the heap. */
    private static final long BLOCK_CACHE_BYTES = 8 << 20;
    /** Each open file takes memory beside its blocks. */
    private static final int OPEN_FILES = 128;

    private static final long READ_AHEAD_BYTES = 1 << 20;
    private static final long LOG_FILE_BYTES = 1 << 20;

    private final Setup setup;
    private final Path directory;
    private final Options options;
    private final Cache blocks;
    private final RocksDB database;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private ContentsFile contentsFile;

    private RocksDbStore(Setup setup, Options options, Cache blocks, RocksDB database) {
        this.setup = setup;
        this.directory = setup.directory();
        this.options = options;
        this.blocks = blocks;
        this.database = database;
    }

    /**
     * @throws JournalException if the directory belongs to another replica or protocol, is in use, is damaged, or is not
     *     accessible
     */
    static RocksDbStore open(Setup setup) {
        Path directory = setup.directory();
        try {
            Files.createDirectories(directory);
            NativeLibrary.load(directory);
        } catch (IOException e) {
            throw cannotBeUsed(directory, e);
        }
        Cache blocks = new LRUCache(BLOCK_CACHE_BYTES);
        Options options = options()
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(blocks).setCacheIndexAndFilterBlocks(true));
        setup.special().accept(options);
        RocksDbStore store;
        try {
            store = new RocksDbStore(setup, options, blocks, RocksDbFiles.open(options, directory));
        } catch (IOException e) {
            options.close();
            blocks.close();
            throw cannotBeUsed(directory, e);
        } catch (JournalException e) {
            options.close();
            blocks.close();
            throw e;
        }
        try {
            // Before anything is written.
            JournalLabel.claim(store.database, setup);
            store.contentsFile = ContentsFile.begin(directory, store.database);
            return store;
        } catch (RocksDBException e) {
            store.close();
            throw RocksDbFiles.problem(directory, e);
        } catch (IOException e) {
            store.close();
            throw cannotBeUsed(directory, e);
        } catch (JournalException e) {
            store.close();
            throw e;
        }
    }

    private static JournalException cannotBeUsed(Path directory, IOException e) {
        return new JournalException(
                "the data directory " + directory + " cannot be used: " + FileProblem.ofFolder(e), e);
    }

    static Options options() {
        // Java has no setter for this option. It makes a missing log an error if a later log has been synced.
        Properties logs = new Properties();
        logs.setProperty("track_and_verify_wals_in_manifest", "true");
        try (DBOptions database = DBOptions.getDBOptionsFromProps(logs);
                ColumnFamilyOptions family = new ColumnFamilyOptions()) {
            return new Options(database, family)
                    .setCreateIfMissing(true)
                    // The last record of a log may be torn. All other damage is an error.
                    .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                    .setWriteBufferSize(WRITE_BUFFER_BYTES)
                    .setMaxOpenFiles(OPEN_FILES)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setMaxLogFileSize(LOG_FILE_BYTES)
                    .setKeepLogFileNum(2);
        }
    }

    /** What {@link #keepBelonging} kept last; empty if nothing was kept. */
    byte[] belonging() {
        try {
            byte[] found = database.get(BELONGING);
            return found == null ? new byte[0] : found;
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /** Keeps what the replica must find again about its cluster. When this returns, the disk has it. */
    void keepBelonging(byte[] belonging) {
        try {
            database.put(synced, BELONGING, belonging);
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /**
     * Adds all entries or none, and keeps the last entry of each slot.
     *
     * @throws JournalException if the write failed; then nobody knows what is on disk
     */
    void write(List<? extends JournalEntry> entries) {
        write(entries, Map.of());
    }

    /**
     * Adds all entries and values, or none.
     *
     * @param values by their writes; empty for a value that is deleted
     * @throws JournalException if the write failed; then nobody knows what is on disk
     */
    void write(List<? extends JournalEntry> entries, Map<Dot, Optional<Value>> values) {
        long position = database.getLatestSequenceNumber();
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<Dot, Optional<Value>> value : values.entrySet()) {
                byte[] key = keyOf(value.getKey());
                if (value.getValue().isPresent()) {
                    batch.put(key, value.getValue().get().json().getBytes(StandardCharsets.UTF_8));
                } else {
                    batch.delete(key);
                }
            }
            for (JournalEntry entry : lastOfEachSlot(entries)) {
                byte[] encoded = setup.codec().encode(entry);
                byte[] value = ByteBuffer.allocate(Long.BYTES + encoded.length)
                        .putLong(++position)
                        .put(encoded)
                        .array();
                batch.put(keyOf(entry.slot()), value);
            }
            boolean isSynced = setup.policy() == SyncPolicy.ALWAYS;
            database.write(isSynced ? synced : unsynced, batch);
            if (isSynced) {
                contentsFile.holds(database.getLatestSequenceNumber());
            }
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /**
     * Reads a value. Any thread may call this while the database is open.
     *
     * @throws JournalException if the value is missing, or cannot be read
     */
    Value read(Dot write) {
        try {
            byte[] found = database.get(keyOf(write));
            if (found == null) {
                throw new JournalException("the journal in " + directory + " has no value of " + write);
            }
            return new Value(new String(found, StandardCharsets.UTF_8));
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /** Deletes the values that are not needed, and returns how many are left. */
    int retain(Predicate<Dot> needed) {
        int left = 0;
        try (ReadOptions reading = scan();
                RocksIterator all = database.newIterator(reading);
                WriteBatch batch = new WriteBatch()) {
            for (all.seek(FIRST_VALUE); all.isValid(); all.next()) {
                if (needed.test(dotOf(all.key()))) {
                    left++;
                } else {
                    batch.delete(all.key());
                }
            }
            all.status();
            database.write(unsynced, batch);
            return left;
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    private static ReadOptions scan() {
        return new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
    }

    /** The keys of values sort after those of all slots, and in the order of their writes, which is mostly the order of arrival. */
    private static byte[] keyOf(Dot write) {
        byte[] origin = ("v" + write.origin().text()).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(origin.length + Long.BYTES)
                .put(origin)
                .putLong(write.sequence())
                .array();
    }

    private static Dot dotOf(byte[] key) {
        int origin = key.length - Long.BYTES;
        return new Dot(
                Origin.parse(new String(key, 1, origin - 1, StandardCharsets.UTF_8)),
                ByteBuffer.wrap(key).getLong(origin));
    }

    private static Collection<JournalEntry> lastOfEachSlot(List<? extends JournalEntry> entries) {
        Map<Object, JournalEntry> last = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            last.remove(entry.slot());
            last.put(entry.slot(), entry);
        }
        return last.values();
    }

    /** Each kind of slot has its own first byte, so no two slots share a key. */
    static byte[] keyOf(Object slot) {
        if (slot instanceof Key key) {
            return ("k" + key.name()).getBytes(StandardCharsets.UTF_8);
        }
        if (slot instanceof Origin origin) {
            return ("o" + origin.text()).getBytes(StandardCharsets.UTF_8);
        }
        if (slot instanceof String text) {
            return ("t" + text).getBytes(StandardCharsets.UTF_8);
        }
        throw new IllegalArgumentException("not a slot: " + slot);
    }

    /**
     * Passes on the entry of each slot, in the order of the keys.
     *
     * @throws JournalException if something cannot be read
     */
    void forEach(EntryConsumer action) {
        try (Slice end = new Slice(FIRST_VALUE);
                ReadOptions reading = scan().setIterateUpperBound(end);
                RocksIterator all = database.newIterator(reading)) {
            for (all.seek(FIRST_SLOT); all.isValid(); all.next()) {
                byte[] value = all.value();
                action.accept(ByteBuffer.wrap(value).getLong(), decoded(value));
            }
            all.status();
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    private JournalEntry decoded(byte[] value) {
        try {
            return setup.codec().decode(value, Long.BYTES, value.length - Long.BYTES);
        } catch (IllegalArgumentException e) {
            throw new JournalException(
                    "the journal in " + directory + " has an entry that this version cannot read; " + e.getMessage(),
                    e);
        }
    }

    /** A copy of the present contents, in separate files. */
    JournalCheckpoint checkpoint() {
        return JournalCheckpoint.of(database, directory);
    }

    /** Deletes all entries and values, or nothing. */
    void wipe() {
        try (WriteBatch batch = new WriteBatch()) {
            batch.deleteRange(FIRST_SLOT, AFTER_SLOTS); // The range contains the values.
            database.write(synced, batch);
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    @Override
    public void close() {
        database.close();
        if (contentsFile != null) {
            contentsFile.close();
        }
        options.close();
        blocks.close();
        synced.close();
        unsynced.close();
    }
}
