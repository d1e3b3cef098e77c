package io.orrery.journal.rocksdb;

import io.orrery.clock.Dot;
import io.orrery.journal.JournalException;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The values of a replica in its database. A value is in memory until it is on disk. Then a cache keeps it while there is
 * room; later reads go to the disk.
 *
 * <p>If a value is dropped while a snapshot exists, it is deleted when all snapshots are gone.
 */
final class RocksDbValues implements Values {
    /** A value of at most this length takes no more memory than the record that would replace it. */
    static final int LONGEST_IN_MEMORY = 128;

    /** The journal, as the values use it. */
    interface Disk {
        /** Writes a value with the next batch, or deletes it if it is null. */
        void write(Dot write, Value value);

        /** @throws JournalException if the value is missing, or cannot be read */
        Value read(Dot write);

        /** Deletes the values that are not needed, and returns how many are left. */
        int retain(Predicate<Dot> needed);
    }

    private final Disk disk;
    private final ValueCache cache;
    /** The values that are not on disk yet. The thread that writes removes what it has written. */
    private final Map<Dot, Value> pending = new ConcurrentHashMap<>();

    private final AtomicLong pendingBytes = new AtomicLong();
    private final List<WeakReference<Function<Dot, Value>>> snapshots = new ArrayList<>();
    /** The values that were dropped while there were snapshots. */
    private final List<Dot> dropped = new ArrayList<>();

    RocksDbValues(Disk disk, long cacheBytes) {
        this.disk = disk;
        this.cache = new ValueCache(cacheBytes);
    }

    @Override
    public boolean takes(Value value) {
        return value.json().length() > LONGEST_IN_MEMORY;
    }

    @Override
    public void put(Dot write, Value value) {
        Value before = pending.put(write, value);
        pendingBytes.addAndGet(value.json().length() - lengthOf(before));
        cache.put(write, value);
        disk.write(write, value);
    }

    private static long lengthOf(Value value) {
        return value == null ? 0 : value.json().length();
    }

    @Override
    public Value get(Dot write) {
        Value cached = cache.get(write);
        if (cached != null) {
            return cached;
        }
        Value found = read(write);
        cache.put(write, found);
        return found;
    }

    @Override
    public Value read(Dot write) {
        Value found = pending.get(write);
        return found != null ? found : disk.read(write);
    }

    @Override
    public void drop(Dot write) {
        cache.remove(write);
        dropped.add(write);
        snapshots.removeIf(snapshot -> snapshot.get() == null);
        if (snapshots.isEmpty()) {
            dropped.forEach(it -> disk.write(it, null));
            dropped.clear();
        }
    }

    @Override
    public void dropAllBut(Predicate<Dot> needed, int count) {
        int found = disk.retain(needed) + pending.size();
        if (found < count) {
            throw new JournalException("the journal is damaged: of " + count + " values that it must have, "
                    + (count - found) + " are missing");
        }
    }

    @Override
    public Function<Dot, Value> snapshot() {
        // A new object each time: the JVM may share a lambda that captures nothing else, and would never free it.
        Function<Dot, Value> snapshot = new Function<>() {
            @Override
            public Value apply(Dot write) {
                return read(write);
            }
        };
        snapshots.add(new WeakReference<>(snapshot));
        return snapshot;
    }

    @Override
    public long pendingBytes() {
        return pendingBytes.get();
    }

    /** A value is on disk now. Called by the thread that has written it. */
    void written(Dot write, Value value) {
        if (pending.remove(write, value)) {
            pendingBytes.addAndGet(-lengthOf(value));
        }
    }

    /** The replica has crashed: values that are not on disk are lost, and dropped values may be needed again. */
    void crash() {
        cache.clear();
        pending.clear();
        pendingBytes.set(0);
        dropped.clear();
    }
}
