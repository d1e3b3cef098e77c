package io.orrery.protocol;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The values that a replica does not keep in memory, by the dots of their writes. Called on the replica's thread,
 * except for the result of {@link #snapshot}.
 *
 * <p>Source: Sheehy and Smith, "Bitcask: A Log-Structured Hash Table for Fast Key/Value Data", 2010 (keys in memory,
 * values on disk); Lu et al., "WiscKey: Separating Keys from Values in SSD-conscious Storage", FAST 2016.
 */
public interface Values {
    /** For a replica that keeps all values in memory. */
    Values NONE = new Values() {
        @Override
        public boolean takes(Value value) {
            return false;
        }

        @Override
        public void put(Dot write, Value value) {
            throw new IllegalStateException("there is no place for " + write + " but memory");
        }

        @Override
        public Value get(Dot write) {
            throw new IllegalStateException("no value of " + write + " is kept");
        }

        @Override
        public Value read(Dot write) {
            return get(write);
        }

        @Override
        public void drop(Dot write) {}

        @Override
        public void dropAllBut(Predicate<Dot> needed, int count) {}

        @Override
        public Function<Dot, Value> snapshot() {
            return this::get;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }
    };

    /** Whether a value is stored here: a small one takes no more memory than its address would. */
    boolean takes(Value value);

    /** Stores a value that is {@linkplain #takes taken} here. Idempotent. */
    void put(Dot write, Value value);

    /**
     * The value of a write that was put and not dropped.
     *
     * @throws RuntimeException if it cannot be read; the replica must then stop
     */
    Value get(Dot write);

    /** The same without caching, for a value that is unlikely to be needed again soon. */
    Value read(Dot write);

    /** Drops a value that is no longer needed. */
    void drop(Dot write);

    /**
     * After a crash: drops all values that no write needs.
     *
     * @param count how many are needed
     * @throws RuntimeException when one that is needed is missing
     */
    void dropAllBut(Predicate<Dot> needed, int count);

    /**
     * A snapshot of all values: they stay readable as long as the snapshot is referenced. Thread-safe; throws a
     * RuntimeException after the disk has failed or was wiped.
     */
    Function<Dot, Value> snapshot();

    /** The size of the values in memory that are not on disk yet, in bytes. */
    long pendingBytes();
}
