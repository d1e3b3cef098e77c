package io.orrery.journal.rocksdb;

import io.orrery.clock.Dot;
import io.orrery.journal.IncarnationNumbers;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.DaemonThreads;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Values;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A journal on disk, in a directory of its own. It survives the end of the process.
 *
 * <p>Each journal has a thread that writes all waiting entries as one batch with one sync (group commit). Meanwhile the
 * replica continues and gathers the next batch, and replicas in one process do not wait for each other's disks. Each slot is
 * a key of the database, so RocksDB itself removes superseded entries.
 *
 * <p>A crash may leave a torn tail of a batch that was never confirmed; the journal drops it. It reports an error for damage
 * elsewhere, for a missing file, and for a database that holds less than was confirmed (see {@link ContentsFile}).
 *
 * <p>The system property {@code orrery.journal.delay}, such as {@code 50ms}, adds a time to each batch, to simulate a slow
 * disk.
 */
public final class RocksDbJournal implements Journal {
    private static final long USUAL_CACHE_BYTES = 8 << 20;
    /** The most bytes that wait while the values of an older journal are moved. */
    private static final long MOST_MOVED = 4 << 20;

    private static final Duration DELAY = Durations.parse(System.getProperty("orrery.journal.delay", "0s"));

    private final RocksDbStore.Setup setup;
    private final ExecutorService writer;
    /** Held while the database is used, so a crash waits for the batch that is being written. */
    private final Object disk = new Object();

    /** The read lock is held while a value is read, the write lock while the database is closed and opened. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private final RocksDbValues values;
    private RocksDbStore store;
    private long incarnation = IncarnationNumbers.draw();
    private boolean failed;
    private boolean closed;
    /** Counts crashes, so that a batch of an earlier life is recognised and not written. */
    private int life;

    private Batch waiting = Batch.empty();
    private long appended;
    private Commit last;
    private volatile long durable;
    private volatile LongConsumer syncs = nanos -> {};
    private volatile Duration slowBy = Duration.ZERO;

    /**
     * Opens the journal of a replica, or makes a new one.
     *
     * @param directory is made if it is missing
     * @param protocol of the replica; a protocol cannot read the journal of another
     * @throws JournalException if the journal belongs to another replica or protocol, is in use, is damaged, or cannot be read
     *     or written
     */
    public static RocksDbJournal open(Path directory, NodeId replica, ProtocolType protocol, SyncPolicy policy) {
        return open(directory, replica, protocol, policy, USUAL_CACHE_BYTES);
    }

    /**
     * The same.
     *
     * @param cacheBytes the memory for cached values, in bytes
     */
    public static RocksDbJournal open(
            Path directory, NodeId replica, ProtocolType protocol, SyncPolicy policy, long cacheBytes) {
        ExecutorService writer = Executors.newSingleThreadExecutor(DaemonThreads.named("journal-" + replica));
        return new RocksDbJournal(RocksDbStore.Setup.of(directory, replica, protocol, policy), writer, cacheBytes);
    }

    RocksDbJournal(RocksDbStore.Setup setup, ExecutorService writer) {
        this(setup, writer, USUAL_CACHE_BYTES);
    }

    RocksDbJournal(RocksDbStore.Setup setup, ExecutorService writer, long cacheBytes) {
        this.setup = setup;
        this.writer = writer;
        this.values = new RocksDbValues(new Disk(), cacheBytes);
        this.store = RocksDbStore.open(setup);
    }

    /** What is written together. */
    private record Batch(List<JournalEntry> entries, Map<Dot, Optional<Value>> values) {
        static Batch empty() {
            return new Batch(new ArrayList<>(), new LinkedHashMap<>());
        }

        void addAll(Batch later) {
            entries.addAll(later.entries);
            values.putAll(later.values);
        }
    }

    private final class Disk implements RocksDbValues.Disk {
        @Override
        public void write(Dot write, Value value) {
            waiting.values().put(write, Optional.ofNullable(value));
            appended++;
        }

        @Override
        public Value read(Dot write) {
            open.readLock().lock();
            try {
                if (store == null) {
                    throw new JournalException("the journal in " + setup.directory() + " is closed");
                }
                return store.read(write);
            } finally {
                open.readLock().unlock();
            }
        }

        @Override
        public int retain(Predicate<Dot> needed) {
            synchronized (disk) {
                return store.retain(needed);
            }
        }
    }

    @Override
    public Values values() {
        return values;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public void replay(Consumer<JournalEntry> action) {
        record Found(long position, JournalEntry entry) {}

        List<Found> found = new ArrayList<>();
        synchronized (disk) {
            reopenAfterFailure();
            store.forEach((position, entry) -> found.add(new Found(position, entry)));
        }
        found.sort(Comparator.comparingLong(Found::position));
        for (Found it : found) {
            action.accept(it.entry());
            if (values.pendingBytes() >= MOST_MOVED) {
                writeWhatWaits();
            }
        }
    }

    private void writeWhatWaits() {
        synchronized (disk) {
            write(waiting);
            waiting = Batch.empty();
            durable = appended;
        }
    }

    @Override
    public void append(JournalEntry entry) {
        waiting.entries().add(entry);
        appended++;
    }

    @Override
    public boolean isDurable() {
        return appended == durable;
    }

    @Override
    public CompletionStage<Void> sync() {
        if (last != null && !last.done.isDone()) {
            throw new IllegalStateException("a sync is under way already");
        }
        last = new Commit(waiting, appended, life);
        waiting = Batch.empty();
        writer.execute(last);
        return last.done;
    }

    @Override
    public void observeSyncs(LongConsumer observer) {
        syncs = observer;
    }

    @Override
    public void slowBy(Duration by) {
        slowBy = by;
    }

    /** The write of one batch. */
    private final class Commit implements Runnable {
        private final Batch batch;
        private final long upTo;
        private final int startedIn;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Commit(Batch batch, long upTo, int startedIn) {
            this.batch = batch;
            this.upTo = upTo;
            this.startedIn = startedIn;
        }

        @Override
        public void run() {
            LockSupport.parkNanos(DELAY.plus(slowBy).toNanos());
            synchronized (disk) {
                if (life != startedIn) {
                    return;
                }
                try {
                    long began = System.nanoTime();
                    write(batch);
                    syncs.accept(System.nanoTime() - began);
                    durable = upTo;
                    done.complete(null);
                } catch (Throwable e) {
                    // Errors too, such as a full heap: otherwise the replica would wait for ever.
                    failed = true;
                    done.completeExceptionally(problem(e));
                }
            }
        }
    }

    private JournalException problem(Throwable cause) {
        return cause instanceof JournalException known
                ? known
                : new JournalException("the journal in " + setup.directory() + " failed: " + cause, cause);
    }

    private void write(Batch batch) {
        if (failed) {
            throw new JournalException("the journal in " + setup.directory() + " failed before");
        }
        store.write(batch.entries(), batch.values());
        batch.values().forEach((write, value) -> value.ifPresent(it -> values.written(write, it)));
    }

    @Override
    public byte[] belonging() {
        synchronized (disk) {
            reopenAfterFailure();
            return store.belonging();
        }
    }

    @Override
    public void keepBelonging(byte[] belonging) {
        synchronized (disk) {
            if (store == null) {
                throw new JournalException("the journal in " + setup.directory() + " is closed");
            }
            reopenAfterFailure();
            store.keepBelonging(belonging);
        }
    }

    @Override
    public void crash() {
        synchronized (disk) {
            life++;
            last = null;
            waiting = Batch.empty();
            values.crash();
            appended = durable;
        }
    }

    @Override
    public void wipe() {
        synchronized (disk) {
            crash();
            reopenAfterFailure();
            try {
                store.wipe();
                incarnation = IncarnationNumbers.draw();
            } catch (JournalException e) {
                failed = true;
                throw e;
            }
        }
    }

    /** After a failure only a new look at the disk tells what it holds. */
    private void reopenAfterFailure() {
        if (failed) {
            open.writeLock().lock();
            try {
                store.close();
                store = RocksDbStore.open(setup);
                failed = false;
            } finally {
                open.writeLock().unlock();
            }
        }
    }

    @Override
    public Optional<InputStream> backup() {
        synchronized (disk) {
            return closed ? Optional.empty() : Optional.of(BackupArchive.of(store.checkpoint()));
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            life++;
            closed = true;
            if (!failed) {
                Batch rest = Batch.empty();
                if (last != null && !last.done.isDone()) {
                    rest.addAll(last.batch);
                }
                rest.addAll(waiting);
                try {
                    write(rest);
                } catch (RuntimeException e) {
                    // Nobody was told that the batch is durable.
                }
            }
            open.writeLock().lock();
            try {
                store.close();
                store = null;
            } finally {
                open.writeLock().unlock();
            }
        }
        writer.shutdown();
    }
}
