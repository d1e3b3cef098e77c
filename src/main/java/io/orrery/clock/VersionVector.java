package io.orrery.clock;

import io.orrery.model.CounterLimits;
import io.orrery.model.Origin;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BiConsumer;

/**
 * For each origin a count of its writes: all with a sequence up to this number, and none after it. The vector of a
 * write is its vector clock; the vector of a replica says which writes the replica has. Immutable; origins are sorted.
 * An origin without an entry counts {@linkplain Origin#before before}: none of its own writes.
 *
 * <p>Source: Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", IEEE TSE 1983 (version
 * vectors); Fidge 1988 and Mattern 1989 (vector clocks).
 */
public final class VersionVector {
    public static final VersionVector EMPTY = new VersionVector(new Origin[0], new long[0]);

    /** A vector from outside with more origins is refused: each replica has one, and one more for each lost memory. */
    private static final int MOST_ORIGINS = 10_000;

    /** How two vectors are ordered. */
    public enum Order {
        BEFORE,
        EQUAL,
        AFTER,
        CONCURRENT
    }

    private final Origin[] origins;
    private final long[] counts;

    private VersionVector(Origin[] origins, long[] counts) {
        this.origins = origins;
        this.counts = counts;
    }

    /** @throws IllegalArgumentException when a count is none: see {@link CounterLimits} */
    public static VersionVector of(Map<Origin, Long> counts) {
        Builder builder = new Builder();
        counts.forEach(builder::add);
        return builder.build();
    }

    /** Builds a vector from counts in any order; sorted counts need no search. */
    public static final class Builder {
        private Origin[] origins = new Origin[8];
        private long[] counts = new long[8];
        private int size;

        /**
         * Adds an origin, unless the count says that it has no writes.
         *
         * @throws IllegalArgumentException when the count is none, the origin has one already, or there are too many
         */
        public void add(Origin origin, long count) {
            CounterLimits.require("a count", count, 0);
            if (count <= origin.before()) {
                return;
            }
            boolean isLast = size == 0 || origins[size - 1].compareTo(origin) < 0;
            int at = isLast ? size : -Arrays.binarySearch(origins, 0, size, origin) - 1;
            if (at < 0) {
                throw new IllegalArgumentException("two counts for " + origin);
            }
            if (size == MOST_ORIGINS) {
                throw new IllegalArgumentException("a vector names at most " + MOST_ORIGINS + " origins");
            }
            if (size == origins.length) {
                origins = Arrays.copyOf(origins, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            System.arraycopy(origins, at, origins, at + 1, size - at);
            System.arraycopy(counts, at, counts, at + 1, size - at);
            origins[at] = origin;
            counts[at] = count;
            size++;
        }

        public VersionVector build() {
            return size == 0 ? EMPTY : new VersionVector(Arrays.copyOf(origins, size), Arrays.copyOf(counts, size));
        }
    }

    public long get(Origin origin) {
        return get(origin, 0);
    }

    /** @param likely where the origin probably is: most vectors name the same ones */
    private long get(Origin origin, int likely) {
        boolean isThere = likely < origins.length && origins[likely].equals(origin);
        int at = isThere ? likely : Arrays.binarySearch(origins, origin);
        return at < 0 ? origin.before() : Math.max(counts[at], origin.before());
    }

    public boolean includes(Dot dot) {
        return get(dot.origin()) >= dot.sequence();
    }

    /** @throws IllegalArgumentException when the count is none: see {@link CounterLimits} */
    public VersionVector with(Origin origin, long count) {
        CounterLimits.require("a count", count, 0);
        int at = Arrays.binarySearch(origins, origin);
        if (at >= 0) {
            if (counts[at] == count) {
                return this;
            }
            long[] changed = counts.clone();
            changed[at] = count;
            return new VersionVector(origins, changed);
        }
        int insert = -at - 1;
        Origin[] names = new Origin[origins.length + 1];
        long[] values = new long[names.length];
        System.arraycopy(origins, 0, names, 0, insert);
        System.arraycopy(counts, 0, values, 0, insert);
        names[insert] = origin;
        values[insert] = count;
        System.arraycopy(origins, insert, names, insert + 1, origins.length - insert);
        System.arraycopy(counts, insert, values, insert + 1, origins.length - insert);
        return new VersionVector(names, values);
    }

    /** The same vector without an entry for this origin. */
    public VersionVector without(Origin origin) {
        int at = Arrays.binarySearch(origins, origin);
        if (at < 0) {
            return this;
        }
        Origin[] names = new Origin[origins.length - 1];
        long[] values = new long[names.length];
        System.arraycopy(origins, 0, names, 0, at);
        System.arraycopy(counts, 0, values, 0, at);
        System.arraycopy(origins, at + 1, names, at, names.length - at);
        System.arraycopy(counts, at + 1, values, at, names.length - at);
        return new VersionVector(names, values);
    }

    /** The least vector that includes both. */
    public VersionVector merge(VersionVector other) {
        VersionVector merged = this;
        for (int i = 0; i < other.origins.length; i++) {
            if (other.counts[i] > merged.get(other.origins[i], i)) {
                merged = merged.with(other.origins[i], other.counts[i]);
            }
        }
        return merged;
    }

    /** Whether this vector counts all writes that the other counts. */
    public boolean covers(VersionVector other) {
        for (int i = 0; i < other.origins.length; i++) {
            if (get(other.origins[i], i) < other.counts[i]) {
                return false;
            }
        }
        return true;
    }

    /** How many writes the other counts and this does not. */
    public long missingFrom(VersionVector other) {
        long missing = 0;
        for (int i = 0; i < other.origins.length; i++) {
            missing += Math.max(0, other.counts[i] - get(other.origins[i], i));
        }
        return missing;
    }

    public Order compare(VersionVector other) {
        boolean covers = covers(other);
        boolean covered = other.covers(this);
        if (covers && covered) {
            return Order.EQUAL;
        }
        return covers ? Order.AFTER : covered ? Order.BEFORE : Order.CONCURRENT;
    }

    /** The number of entries. */
    public int size() {
        return origins.length;
    }

    /** The i-th origin, in their order. */
    public Origin originAt(int i) {
        return origins[i];
    }

    /** The count of the i-th origin. */
    public long countAt(int i) {
        return counts[i];
    }

    /** Calls the action for each origin with at least one write, in order. */
    public void forEach(BiConsumer<Origin, Long> action) {
        for (int i = 0; i < origins.length; i++) {
            if (counts[i] > origins[i].before()) {
                action.accept(origins[i], counts[i]);
            }
        }
    }

    /**
     * The number of writes; greater for a vector that is after another.
     *
     * @throws CounterLimits.End when it is no count
     */
    public long sum() {
        long sum = 0;
        for (int i = 0; i < origins.length; i++) {
            sum = CounterLimits.sum(sum, Math.max(0, counts[i] - origins[i].before()));
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionVector that && compare(that) == Order.EQUAL;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < origins.length; i++) {
            // A sum in which zeros count nothing, so that it agrees with equals.
            hash += counts[i] <= origins[i].before() ? 0 : origins[i].hashCode() ^ Long.hashCode(counts[i]);
        }
        return hash;
    }

    /**
     * Calls the action with each short name of an origin, in order. A start that another start continues is left out,
     * and among origins with one name the highest count is given.
     */
    public void forPeople(BiConsumer<String, Long> action) {
        for (int i = 0; i < origins.length; i++) {
            long count = counts[i];
            boolean isTold = !goesOn(i);
            while (i + 1 < origins.length && isOneForPeople(origins[i], origins[i + 1])) {
                i++;
                count = Math.max(count, counts[i]);
                isTold |= !goesOn(i);
            }
            if (isTold) {
                action.accept(origins[i].toString(), count);
            }
        }
    }

    private boolean goesOn(int ended) {
        for (Origin later : origins) {
            if (later.before() == counts[ended]
                    && later.before() > 0
                    && later.node().equals(origins[ended].node())) {
                return true;
            }
        }
        return false;
    }

    /** For people: {@code {A: 3, B: 1}}. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        forPeople((origin, count) -> text.add(origin + ": " + count));
        return text.toString();
    }

    private static boolean isOneForPeople(Origin one, Origin other) {
        return one.node().equals(other.node()) && one.incarnation() == other.incarnation();
    }
}
