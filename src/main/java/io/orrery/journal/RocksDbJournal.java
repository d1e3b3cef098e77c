package io.orrery.journal;

import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.protocol.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A journal on disk, in a directory of its own. It survives the end of the process.
 *
 * <p>A thread of the journal's own writes: all that waits goes as one batch with one sync (group commit), while the
 * replica goes on and the next batch gathers. So replicas in one process do not wait for each other's disks. Each slot is
 * a key of the database, by which RocksDB itself forgets the entries that were superseded.
 *
 * <p>A torn tail, which a crash may leave of a batch that was never confirmed, is dropped. Damage elsewhere is an error;
 * but for damage in the last 32 KiB of the log that makes a record seem longer than the log is: that looks like a torn
 * tail. A file that is missing is an error; but for the newest log where there is an older one too, as for a moment
 * after 16 MiB were written: nothing else tells that it was there.
 *
 * <p>The system property {@code orrery.journal.delay} makes a slow disk of any, to see what that does: each batch takes
 * longer by this time, such as {@code 50ms}.
 */
public final class RocksDbJournal implements Journal {
    private static final Duration DELAY = Durations.parse(System.getProperty("orrery.journal.delay", "0s"));

    private final RocksDbStore.Setup setup;
    private final ExecutorService writer;
    /** Held while the database is used: a crash waits for the batch that is being written. */
    private final Object disk = new Object();

    private RocksDbStore store;
    private long incarnation = Incarnations.draw();
    private boolean failed;
    private boolean closed;
    /** Counts crashes, so that a batch from before one is recognised and left. */
    private int life;

    private List<JournalEntry> waiting = new ArrayList<>();
    private long appended;
    private Commit last;
    private volatile long durable;

    /**
     * Opens the journal of a replica, or begins one.
     *
     * @param directory made where it is missing
     * @param protocol of the replica: what one protocol has kept is of no use to another
     * @throws JournalException when it belongs to another replica or protocol or is in use, is damaged, or cannot be read and written
     */
    public static RocksDbJournal open(Path directory, NodeId replica, String protocol, SyncPolicy policy) {
        ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "journal-" + replica);
            thread.setDaemon(true);
            return thread;
        });
        return new RocksDbJournal(RocksDbStore.Setup.of(directory, replica, protocol, policy), writer);
    }

    RocksDbJournal(RocksDbStore.Setup setup, ExecutorService writer) {
        this.setup = setup;
        this.writer = writer;
        this.store = RocksDbStore.open(setup);
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
        found.forEach(it -> action.accept(it.entry()));
    }

    @Override
    public void append(JournalEntry entry) {
        waiting.add(entry);
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
        waiting = new ArrayList<>();
        writer.execute(last);
        return last.done;
    }

    /** What one sync makes durable. */
    private final class Commit implements Runnable {
        private final List<JournalEntry> batch;
        private final long upTo;
        private final int startedIn;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Commit(List<JournalEntry> batch, long upTo, int startedIn) {
            this.batch = batch;
            this.upTo = upTo;
            this.startedIn = startedIn;
        }

        @Override
        public void run() {
            LockSupport.parkNanos(DELAY.toNanos());
            synchronized (disk) {
                if (life != startedIn) {
                    return;
                }
                try {
                    write(batch);
                    durable = upTo;
                    done.complete(null);
                } catch (Throwable e) {
                    // An error too, such as a heap that is full: the replica would wait for ever.
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

    private void write(List<JournalEntry> batch) {
        if (failed) {
            throw new JournalException("the journal in " + setup.directory() + " failed before");
        }
        store.write(batch);
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
            if (closed) {
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
            waiting = new ArrayList<>();
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
                incarnation = Incarnations.draw();
            } catch (JournalException e) {
                failed = true;
                throw e;
            }
        }
    }

    /** After a failure only the disk can say what it holds. */
    private void reopenAfterFailure() {
        if (failed) {
            store.close();
            store = RocksDbStore.open(setup);
            failed = false;
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            life++;
            if (!failed) {
                List<JournalEntry> rest = new ArrayList<>();
                if (last != null && !last.done.isDone()) {
                    rest.addAll(last.batch);
                }
                rest.addAll(waiting);
                try {
                    write(rest);
                } catch (RuntimeException e) {
                    // Nobody was told that any of it is safe.
                }
            }
            store.close();
            closed = true;
        }
        writer.shutdown();
    }
}
