package io.orrery.protocol.multimaster;

import io.orrery.model.Origin;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a replica knows of one origin's writes: all up to {@link #prefix}, and some that ran ahead of a gap. Of the
 * prefix it keeps, in order, just those writes that no other has superseded, so it is no larger than the store; any run
 * of them is found by binary search.
 */
final class OriginLog {
    private static final int SMALLEST = 16;

    private final Origin origin;
    private long prefix;
    /** Received beyond the prefix. */
    private final Map<Long, Write> ahead = new HashMap<>();

    /** The sequences of the kept writes, ascending; a write that is superseded leaves a null behind until the next sweep. */
    private long[] sequences = new long[SMALLEST];

    private Write[] writes = new Write[SMALLEST];
    private int size;
    private int holes;

    OriginLog(Origin origin) {
        this.origin = origin;
    }

    long prefix() {
        return prefix;
    }

    /** The highest sequence that is known here, ahead of a gap or not. */
    long highest() {
        return ahead.keySet().stream().mapToLong(Long::longValue).reduce(prefix, Math::max);
    }

    int aheadCount() {
        return ahead.size();
    }

    boolean knows(long sequence) {
        return sequence <= prefix || !ahead.isEmpty() && ahead.containsKey(sequence);
    }

    /** Takes in a write that is not known yet. Returns whether the prefix grew. */
    boolean add(Write write, Predicate<Write> isCurrent) {
        long sequence = write.dot().sequence();
        if (sequence != prefix + 1) {
            ahead.put(sequence, write);
            return false;
        }
        prefix = sequence;
        keep(write, isCurrent);
        catchUp(isCurrent);
        return true;
    }

    /** Learns that all writes up to this one are known. What is kept of them must have been added before. */
    boolean cover(long first, long last, Predicate<Write> isCurrent) {
        if (first > prefix + 1 || last <= prefix) {
            return false;
        }
        for (long sequence = prefix + 1; sequence <= last && !ahead.isEmpty(); sequence++) {
            Write write = ahead.remove(sequence);
            if (write != null) {
                keep(write, isCurrent);
            }
        }
        prefix = last;
        catchUp(isCurrent);
        return true;
    }

    private void catchUp(Predicate<Write> isCurrent) {
        while (!ahead.isEmpty()) {
            Write next = ahead.remove(prefix + 1);
            if (next == null) {
                return;
            }
            prefix++;
            keep(next, isCurrent);
        }
    }

    private void keep(Write write, Predicate<Write> isCurrent) {
        if (!isCurrent.test(write)) {
            return;
        }
        if (size == writes.length) {
            sweep();
        }
        sequences[size] = write.dot().sequence();
        writes[size++] = write;
    }

    /** Closes the holes, and grows where there are few: each write is moved a constant number of times on average. */
    private void sweep() {
        int kept = size - holes;
        int capacity = kept > writes.length / 2 ? writes.length * 2 : writes.length;
        long[] keptSequences = new long[capacity];
        Write[] keptWrites = new Write[capacity];
        int to = 0;
        for (int from = 0; from < size; from++) {
            if (writes[from] != null) {
                keptSequences[to] = sequences[from];
                keptWrites[to++] = writes[from];
            }
        }
        sequences = keptSequences;
        writes = keptWrites;
        size = to;
        holes = 0;
    }

    /** A write of this origin is no longer the current one of its key. */
    void supersede(long sequence) {
        int at = Arrays.binarySearch(sequences, 0, size, sequence);
        if (at >= 0 && writes[at] != null) {
            writes[at] = null;
            holes++;
        }
    }

    /** Adds to the list the runs that are missing here up to a sequence. */
    void missing(long upTo, int limit, List<Range> into) {
        long first = prefix + 1;
        if (ahead.isEmpty()) {
            if (first <= upTo) {
                into.add(new Range(origin, first, upTo));
            }
            return;
        }
        long[] islands =
                ahead.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        for (long island : islands) {
            if (into.size() >= limit || first > upTo) {
                return;
            }
            if (island > first) {
                into.add(new Range(origin, first, Math.min(upTo, island - 1)));
            }
            first = island + 1;
        }
        if (first <= upTo && into.size() < limit) {
            into.add(new Range(origin, first, upTo));
        }
    }

    /**
     * Collects the kept writes of a range, as far as this log knows the range whole.
     *
     * @param room how many writes may be collected
     * @return the last sequence that is covered, or less than first when nothing is
     */
    long collect(long first, long last, int room, List<Write> into) {
        long end = Math.min(last, prefix);
        int at = Arrays.binarySearch(sequences, 0, size, first);
        int from = at >= 0 ? at : -at - 1;
        for (int i = from; i < size && sequences[i] <= end; i++) {
            if (writes[i] != null) {
                if (room-- == 0) {
                    return sequences[i] - 1;
                }
                into.add(writes[i]);
            }
        }
        return end;
    }

    /** After a crash: the prefix that the journal remembers. */
    void recover(long upTo) {
        prefix = Math.max(prefix, upTo);
    }

    /** After a crash: a write that the journal remembers, given in the order of sequences after the prefix is known. */
    void recover(Write write, Predicate<Write> isCurrent) {
        if (write.dot().sequence() <= prefix) {
            keep(write, isCurrent);
        } else {
            add(write, isCurrent);
        }
    }
}
