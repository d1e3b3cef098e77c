package io.orrery.protocol.multimaster;

import io.orrery.model.Origin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a replica knows of one origin's writes: all up to {@link #prefix}, and some ahead of a gap. Of the prefix it
 * keeps, in order, just those writes that no other has superseded, so it is no larger than the store; any run of them is
 * found by binary search.
 */
final class OriginLog {
    private static final int SMALLEST = 16;

    private final Origin origin;
    private long prefix;
    /** Known beyond the prefix; null for a write that is known to be superseded and was never sent here. */
    private final NavigableMap<Long, Write> ahead = new TreeMap<>();

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
        return ahead.isEmpty() ? prefix : ahead.lastKey();
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

    /** Learns that a run of writes is known: what is kept of it has been added before. Returns whether the prefix grew. */
    boolean cover(long first, long last, Predicate<Write> isCurrent) {
        if (last <= prefix) {
            return false;
        }
        if (first > prefix + 1) {
            for (long sequence = first; sequence <= last; sequence++) {
                ahead.putIfAbsent(sequence, null);
            }
            return false;
        }
        NavigableMap<Long, Write> reached = ahead.headMap(last, true);
        reached.values().forEach(write -> keep(write, isCurrent));
        reached.clear();
        prefix = last;
        catchUp(isCurrent);
        return true;
    }

    private void catchUp(Predicate<Write> isCurrent) {
        while (!ahead.isEmpty() && ahead.firstKey() == prefix + 1) {
            prefix++;
            keep(ahead.pollFirstEntry().getValue(), isCurrent);
        }
    }

    private void keep(Write write, Predicate<Write> isCurrent) {
        if (write == null || !isCurrent.test(write)) {
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

    /** The runs that are known ahead of a gap, up to a limit. */
    void islands(int limit, List<Range> into) {
        runs(prefix + 1, Long.MAX_VALUE, limit, into);
    }

    private void runs(long first, long last, int limit, List<Range> into) {
        if (first > last) {
            return;
        }
        long begin = -1;
        long end = -1;
        for (long sequence : ahead.subMap(first, true, last, true).keySet()) {
            if (sequence != end + 1 || begin < 0) {
                if (begin > 0) {
                    into.add(new Range(origin, begin, end));
                }
                if (into.size() >= limit) {
                    return;
                }
                begin = sequence;
            }
            end = sequence;
        }
        if (begin > 0) {
            into.add(new Range(origin, begin, end));
        }
    }

    /** Adds to the list the runs between two sequences that are not known here, up to a limit. */
    void missing(long first, long last, int limit, List<Range> into) {
        long from = Math.max(first, prefix + 1);
        if (from > last) {
            return;
        }
        for (long known : ahead.subMap(from, true, last, true).keySet()) {
            if (into.size() >= limit) {
                return;
            }
            if (known > from) {
                into.add(new Range(origin, from, known - 1));
            }
            from = known + 1;
        }
        if (from <= last && into.size() < limit) {
            into.add(new Range(origin, from, last));
        }
    }

    /**
     * Collects what is known here of a range: which runs of it, and the writes in them that are kept.
     *
     * @param room how many writes may be collected; what would be more is not covered
     */
    void collect(long first, long last, int room, Predicate<Write> isCurrent, List<Range> covered, List<Write> into) {
        int full = into.size() + room;
        long end = Math.min(last, prefix);
        int at = Arrays.binarySearch(sequences, 0, size, first);
        for (int i = at >= 0 ? at : -at - 1; i < size && sequences[i] <= end; i++) {
            if (writes[i] != null) {
                if (into.size() == full) {
                    end = sequences[i] - 1;
                    last = end;
                    break;
                }
                into.add(writes[i]);
            }
        }
        if (end >= first) {
            covered.add(new Range(origin, first, end));
        }
        if (last > prefix && !ahead.isEmpty()) {
            collectAhead(Math.max(first, prefix + 1), last, full, isCurrent, covered, into);
        }
    }

    private void collectAhead(
            long first, long last, int full, Predicate<Write> isCurrent, List<Range> covered, List<Write> into) {
        long end = last;
        for (Map.Entry<Long, Write> known :
                ahead.subMap(first, true, last, true).entrySet()) {
            if (known.getValue() != null && isCurrent.test(known.getValue())) {
                if (into.size() == full) {
                    end = known.getKey() - 1;
                    break;
                }
                into.add(known.getValue());
            }
        }
        runs(first, end, Integer.MAX_VALUE, covered);
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
