package io.orrery.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The writes to one key that a session requires, each once, in the order in which it wrote or read them. A read that
 * must have all of them up to some point sees one of them or a later write.
 */
final class RequiredWrites {
    private final Execution execution;
    private final SessionWriteOrder order;
    private int[] write = new int[2];
    /** The read that brought each of them; -1 for the session's own writes. */
    private int[] read = new int[2];
    /** When each of them came, as a place in the session. */
    private int[] since = new int[2];
    /** Of those up to each the one of the highest version, or -1. */
    private int[] highest = new int[2];
    /** A node of the order that comes after those up to each that have no version, or -1. */
    private int[] node = new int[2];

    private int size;
    private final Map<Integer, Integer> place = new HashMap<>();

    RequiredWrites(Execution execution, SessionWriteOrder order) {
        this.execution = execution;
        this.order = order;
    }

    /** @param by the read that brings the write; -1 where it is the session's own */
    void add(int added, int by) {
        if (place.putIfAbsent(added, size) != null) {
            return;
        }
        if (size == write.length) {
            write = Arrays.copyOf(write, size * 2);
            read = Arrays.copyOf(read, size * 2);
            since = Arrays.copyOf(since, size * 2);
            highest = Arrays.copyOf(highest, size * 2);
            node = Arrays.copyOf(node, size * 2);
        }
        write[size] = added;
        read[size] = by;
        since[size] = execution.seq[by < 0 ? added : by];
        int best = size == 0 ? -1 : highest[size - 1];
        int last = size == 0 ? -1 : node[size - 1];
        boolean versioned = execution.rank[added] >= 0;
        highest[size] = versioned && (best < 0 || execution.rank[added] > execution.rank[best]) ? added : best;
        node[size++] = versioned ? last : last < 0 ? added : order.after(last, broughtBy(last), added, by);
    }

    /** The read that brought a write; -1 where it is no write but a node for several. */
    private int broughtBy(int added) {
        return added < execution.size() ? read[place.get(added)] : -1;
    }

    /** How many the session had before its operation with this place. */
    int sizeAt(int bound) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (since[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The read that brought the first of them. */
    int firstRead() {
        return read[0];
    }

    /**
     * Puts the first so many before a write.
     *
     * @param after the write, or {@link ReadsFrom#INITIAL}
     * @param by the read that saw {@code after} and must have them; -1 where the rule is on writes alone
     * @param via the earlier read by which it must have them, or -1
     */
    void before(int after, int known, int by, int via) {
        if (known == 0) {
            return;
        }
        if (after == ReadsFrom.INITIAL) {
            order.add(write[0], after, by, via, read[0]);
            return;
        }
        int best = highest[known - 1];
        if (best >= 0) {
            order.add(best, after, by, via, broughtBy(best));
        }
        Integer itself = execution.rank[after] >= 0 ? null : place.get(after);
        int others = itself == null ? known : Math.min(itself, known);
        if (others > 0 && node[others - 1] >= 0) {
            int all = node[others - 1];
            order.add(all, after, by, via, broughtBy(all));
        }
        for (int i = others + 1; i < known; i++) {
            if (execution.rank[write[i]] < 0) {
                order.add(write[i], after, by, via, read[i]);
            }
        }
    }
}
