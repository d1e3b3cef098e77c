package io.orrery.protocol.dissemination;

import io.orrery.model.Origin;
import io.orrery.protocol.kit.Invariant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The known writes of one origin: all up to {@link #prefix}, and some ahead of gaps. Of the prefix it stores, in order,
 * only the writes that are not superseded, so it is no larger than the store; binary search finds any range of them.
 */
final class OriginLog {
    private static final int SMALLEST = 16;

    private final Origin origin;
    private long prefix;
    private boolean listed;
    private boolean folded;
    /** Known beyond the prefix; null for a write that its key does not show. */
    private final NavigableMap<Long, StoredWrite> ahead = new TreeMap<>();

    /** The sequences of the kept writes, ascending; a write that is superseded leaves a null behind until the next sweep. */
    private long[] sequences = {};

    private StoredWrite[] writes = {};
    private int size;
    private int holes;

    OriginLog(Origin origin) {
        this.origin = origin;
        this.prefix = origin.before();
    }

    Origin origin() {
        return origin;
    }

    long prefix() {
        return prefix;
    }

    /** Whether the log is on the store's list of those that have grown. */
    boolean isListed() {
        return listed;
    }

    void setListed(boolean value) {
        listed = value;
    }

    /** See {@link WriteStore#fold}. */
    boolean isFolded() {
        return folded;
    }

    void setFolded(boolean value) {
        folded = value;
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

    boolean knowsAll(long first, long last) {
        return last <= prefix || ahead.subMap(first, true, last, true).size() == last - Math.max(first, prefix + 1) + 1;
    }

    /**
     * Takes in a write that is not known yet.
     *
     * @param shown the write, where its key shows it; else null
     * @return whether the prefix grew
     */
    boolean add(long sequence, StoredWrite shown) {
        if (sequence != prefix + 1) {
            ahead.put(sequence, shown);
            return false;
        }
        prefix = sequence;
        keep(shown);
        catchUp();
        return true;
    }

    /** Learns that a run of writes is known: what is current of it has been added before. Returns whether the prefix grew. */
    boolean cover(long first, long last) {
        if (last <= prefix) {
            return false;
        }
        if (first > prefix + 1) {
            for (long sequence = first; sequence <= last; sequence++) {
                ahead.putIfAbsent(sequence, null);
            }
            return false;
        }
        NavigableMap<Long, StoredWrite> reached = ahead.headMap(last, true);
        reached.values().forEach(this::keep);
        reached.clear();
        prefix = last;
        catchUp();
        return true;
    }

    private void catchUp() {
        while (!ahead.isEmpty() && ahead.firstKey() == prefix + 1) {
            prefix++;
            keep(ahead.pollFirstEntry().getValue());
        }
        Invariant.check(
                ahead.isEmpty() || ahead.firstKey() > prefix, "what is ahead of a gap is beyond the prefix", origin);
    }

    private void keep(StoredWrite shown) {
        if (shown == null) {
            return;
        }
        if (size == writes.length) {
            sweep();
        }
        sequences[size] = shown.dot().sequence();
        writes[size++] = shown;
    }

    /** Removes the holes, and grows the array if there are few: amortised constant cost per write. */
    private void sweep() {
        int kept = size - holes;
        int capacity = Math.max(SMALLEST, kept > writes.length / 2 ? writes.length * 2 : writes.length);
        long[] keptSequences = new long[capacity];
        StoredWrite[] keptWrites = new StoredWrite[capacity];
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

    /** The write of this sequence, where it is kept; null else. */
    StoredWrite kept(long sequence) {
        if (sequence > prefix) {
            return ahead.get(sequence);
        }
        int at = firstNotBelow(sequence);
        return at < size && sequences[at] == sequence ? writes[at] : null;
    }

    /** The place of the first kept write that is not below a sequence: a binary search in which nothing is predicted wrongly. */
    private int firstNotBelow(long sequence) {
        int at = 0;
        for (int left = size; left > 0; ) {
            int half = left >>> 1;
            boolean isBelow = sequences[at + half] < sequence;
            at = isBelow ? at + half + 1 : at;
            left = isBelow ? left - half - 1 : half;
        }
        return at;
    }

    /** A write of this origin is no longer the current one of its key. */
    void supersede(long sequence) {
        if (sequence > prefix) {
            ahead.replace(sequence, null);
            return;
        }
        int at = firstNotBelow(sequence);
        if (at < size && sequences[at] == sequence && writes[at] != null) {
            writes[at] = null;
            holes++;
        }
    }

    /** Adds to the list the runs after a sequence that are known ahead of gaps, up to a limit. */
    void islands(long after, int limit, List<Range> into) {
        long begin = 0;
        long end = 0;
        for (long sequence : ahead.tailMap(after, false).keySet()) {
            if (begin > 0 && sequence != end + 1) {
                into.add(new Range(origin, begin, end));
                begin = 0;
            }
            if (into.size() >= limit) {
                return;
            }
            begin = begin == 0 ? sequence : begin;
            end = sequence;
        }
        if (begin > 0) {
            into.add(new Range(origin, begin, end));
        }
    }

    /** Adds to the list the gaps below what is known ahead of them. */
    void gaps(List<Range> into) {
        long first = prefix + 1;
        for (long known : ahead.keySet()) {
            if (known > first) {
                into.add(new Range(origin, first, known - 1));
            }
            first = known + 1;
        }
    }

    /**
     * Collects the current writes after a sequence, in their order, as far as they fit.
     *
     * @param wanted which sequences are wanted
     * @return the sequence up to which all is collected: {@link Long#MAX_VALUE} when nothing is left
     */
    long collect(long after, Predicate<Long> wanted, Batch into) {
        for (int i = firstNotBelow(after + 1); i < size; i++) {
            if (writes[i] != null && wanted.test(sequences[i]) && !into.add(writes[i])) {
                return sequences[i] - 1;
            }
        }
        for (Map.Entry<Long, StoredWrite> known : ahead.tailMap(after, false).entrySet()) {
            StoredWrite write = known.getValue();
            if (write != null && wanted.test(known.getKey()) && !into.add(write)) {
                return known.getKey() - 1;
            }
        }
        return Long.MAX_VALUE;
    }

    /** After a crash: the prefix from the journal. */
    void recover(long upTo) {
        prefix = Math.max(prefix, upTo);
    }

    /**
     * After a crash: a write that its key shows, given in the order of sequences after the prefix is known. Returns whether
     * the prefix grew.
     */
    boolean recover(StoredWrite shown) {
        if (shown.dot().sequence() > prefix) {
            return add(shown.dot().sequence(), shown);
        }
        keep(shown);
        return false;
    }
}
