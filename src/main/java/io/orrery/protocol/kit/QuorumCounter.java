package io.orrery.protocol.kit;

import io.orrery.model.Limits;
import io.orrery.model.NodeId;
import io.orrery.model.Preconditions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Counts, for each waiting entry, how many more replicas must have it. A replica counts once per entry, however often
 * it acknowledges. A slow replica delays only the entries that need it. The number of waiting entries is bounded: the
 * oldest are given up then, and their clients get an unknown outcome at their deadlines.
 *
 * @param <K> what entries are called, in an order
 */
public class QuorumCounter<K> {
    /** So many entries may wait. */
    private static final int CAPACITY = 10_000;

    /** So much may be kept for those that wait. */
    public static final long CAPACITY_BYTES = Limits.WAITING_BYTES;

    private static final class Waiting {
        private final int needed;
        private final long bytes;
        private Runnable whenEnough;
        private long from;
        private int missing;

        Waiting(int needed, long bytes, Runnable whenEnough) {
            this.needed = needed;
            this.missing = needed;
            this.bytes = bytes;
            this.whenEnough = whenEnough;
        }

        private void count(long bit) {
            from |= bit;
            missing--;
        }

        private void addAfter(Runnable next) {
            Runnable first = whenEnough;
            whenEnough = () -> {
                first.run();
                next.run();
            };
        }
    }

    private final NavigableMap<K, Waiting> waiting;
    private long bytes;
    /** The bit of each replica. */
    private final Map<NodeId, Long> bits = new HashMap<>();

    /**
     * @param replicas those that are counted: not the one that counts
     * @throws IllegalArgumentException when there are more than 64 of them
     */
    public QuorumCounter(Collection<NodeId> replicas, Comparator<K> order) {
        Preconditions.require(
                replicas.size() <= Long.SIZE, () -> "at most 64 followers are counted, not " + replicas.size());
        for (NodeId replica : replicas) {
            bits.put(replica, 1L << bits.size());
        }
        waiting = new TreeMap<>(order);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many entries wait. */
    public int size() {
        return waiting.size();
    }

    /** Whether each replica has been counted once for each entry that waits: what is always so. */
    public boolean countsEachOnce() {
        for (Waiting entry : waiting.values()) {
            if (entry.needed - entry.missing != Long.bitCount(entry.from)) {
                return false;
            }
        }
        return true;
    }

    /** Whether somebody waits for an entry to be acknowledged. */
    public boolean isAwaited(K entry) {
        return waiting.containsKey(entry);
    }

    /**
     * Does something when so many replicas have an entry: at once when none is needed. All that wait for one entry need the same.
     *
     * @param needed how many, besides this one
     * @param size about how many bytes are kept for as long as it waits
     */
    public void await(K entry, int needed, long size, Runnable whenEnough) {
        Invariant.check(
                needed <= bits.size(), "an entry waits for no more replicas than there are", needed, bits.size());
        if (needed == 0) {
            whenEnough.run();
            return;
        }
        Waiting before = waiting.get(entry);
        if (before != null) {
            before.addAfter(whenEnough);
            return;
        }
        waiting.put(entry, new Waiting(needed, size, whenEnough));
        bytes += size;
        while (waiting.size() > CAPACITY || bytes > CAPACITY_BYTES && waiting.size() > 1) {
            bytes -= waiting.pollFirstEntry().getValue().bytes;
        }
    }

    /** A replica has all entries between two, both included; where the first lies after the last there are none. */
    public void acknowledged(NodeId by, K first, K last) {
        if (waiting.isEmpty()) {
            return;
        }
        long bit = bits.get(by);
        List<Waiting> enough = new ArrayList<>();
        Map.Entry<K, Waiting> next = waiting.ceilingEntry(first);
        while (next != null && waiting.comparator().compare(next.getKey(), last) <= 0) {
            if (isFirst(next.getValue().from, bit)) {
                next.getValue().count(bit);
            }
            if (next.getValue().missing == 0) {
                enough.add(next.getValue());
                bytes -= next.getValue().bytes;
                waiting.remove(next.getKey());
            }
            // Most acknowledge one entry, which takes one search.
            next = next.getKey().equals(last) ? null : waiting.higherEntry(next.getKey());
        }
        enough.forEach(entry -> entry.whenEnough.run());
    }

    /**
     * Whether an acknowledgement is the first of its replica, and counts.
     *
     * @param from the bits of those that have acknowledged
     * @param bit that of the replica
     */
    boolean isFirst(long from, long bit) {
        return (from & bit) == 0;
    }

    /** The replicas that lack the acknowledgement of some entry, in the order of their ids. */
    public List<NodeId> laggards() {
        return laggards(waiting.values());
    }

    /** Those that lack the acknowledgement of some entry before this one. */
    public List<NodeId> laggards(K before) {
        return laggards(waiting.headMap(before).values());
    }

    private List<NodeId> laggards(Collection<Waiting> entries) {
        long all = -1L;
        for (Waiting entry : entries) {
            all &= entry.from;
        }
        List<NodeId> laggards = new ArrayList<>();
        for (Map.Entry<NodeId, Long> bit : new TreeMap<>(bits).entrySet()) {
            if ((all & bit.getValue()) == 0) {
                laggards.add(bit.getKey());
            }
        }
        return laggards;
    }
}
