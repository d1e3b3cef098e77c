package io.orrery.protocol;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The values that a replica does not keep in memory, by the writes that made them. Called on the replica's thread, but for
 * what {@link #snapshot} gives.
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

    /** Whether a value is kept here: a small one takes no more room in memory than the place where it would be. */
    boolean takes(Value value);

    /** Keeps a value that is {@linkplain #takes taken} here. To put the same again does no harm. */
    void put(Dot write, Value value);

    /**
     * A value that was put and not dropped since.
     *
     * @throws RuntimeException when it cannot be read: the replica has to crash
     */
    Value get(Dot write);

    /** The same, for one that is not likely to be asked for again soon. */
    Value read(Dot write);

    /** A value is not needed any more. */
    void drop(Dot write);

    /**
     * After a crash: drops what no write needs.
     *
     * @param count how many are needed
     * @throws RuntimeException when one that is needed is missing
     */
    void dropAllBut(Predicate<Dot> needed, int count);

    /**
     * The values that there are now, of each write that is not dropped yet: they stay for as long as somebody holds on to
     * the snapshot. For any thread; it throws a RuntimeException when the disk has failed or has been wiped.
     */
    Function<Dot, Value> snapshot();

    /** How many bytes of values take memory until they are on disk. */
    long pendingBytes();
}
