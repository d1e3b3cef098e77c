package io.orrery.protocol.singleleader;

import io.orrery.clock.Dot;
import io.orrery.model.Limits;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which of the leader's writes wait for followers, and for how many more. A slow follower holds up only those. */
final class Acknowledgements {
    /** Beyond this the oldest are given up: their clients learn from their deadlines that nobody knows. */
    private static final int CAPACITY = 10_000;

    /** The same, for the values that clients wait to get back. */
    static final long CAPACITY_BYTES = Limits.WAITING_BYTES;

    private static final class Waiting {
        private final long bytes;
        private Runnable whenEnough;
        private long from;
        private int missing;

        Waiting(int needed, long bytes, Runnable whenEnough) {
            this.missing = needed;
            this.bytes = bytes;
            this.whenEnough = whenEnough;
        }

        private void addAfter(Runnable next) {
            Runnable first = whenEnough;
            whenEnough = () -> {
                first.run();
                next.run();
            };
        }
    }

    private final NavigableMap<Dot, Waiting> waiting =
            new TreeMap<>(Comparator.comparing(Dot::origin).thenComparingLong(Dot::sequence));
    private long bytes;
    /** Each follower's bit. */
    private final Map<NodeId, Long> bits = new HashMap<>();

    /** @throws IllegalArgumentException when there are more than 64 followers */
    Acknowledgements(List<NodeId> followers) {
        if (followers.size() > Long.SIZE) {
            throw new IllegalArgumentException("a leader has at most 64 followers, not " + followers.size());
        }
        for (int i = 0; i < followers.size(); i++) {
            bits.put(followers.get(i), 1L << i);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether somebody waits for a write to be acknowledged. */
    boolean isAwaited(Dot dot) {
        return waiting.containsKey(dot);
    }

    /**
     * Does something when so many followers have a write: at once when none is needed. All that wait for one write need the
     * same.
     *
     * @param size about how many bytes are kept for as long as it waits
     */
    void await(Dot dot, int needed, long size, Runnable whenEnough) {
        if (needed == 0) {
            whenEnough.run();
            return;
        }
        Waiting before = waiting.get(dot);
        if (before != null) {
            before.addAfter(whenEnough);
            return;
        }
        waiting.put(dot, new Waiting(needed, size, whenEnough));
        bytes += size;
        while (waiting.size() > CAPACITY || bytes > CAPACITY_BYTES && waiting.size() > 1) {
            bytes -= waiting.pollFirstEntry().getValue().bytes;
        }
    }

    /** A follower has all writes of an origin between two sequences, both included. */
    void acknowledged(NodeId follower, Origin origin, long first, long last) {
        if (first > last || waiting.isEmpty()) {
            return;
        }
        long bit = bits.get(follower);
        List<Waiting> enough = new ArrayList<>();
        waiting.subMap(new Dot(origin, first), true, new Dot(origin, last), true)
                .values()
                .removeIf(write -> {
                    if ((write.from & bit) == 0) {
                        write.from |= bit;
                        write.missing--;
                    }
                    if (write.missing == 0) {
                        enough.add(write);
                        bytes -= write.bytes;
                    }
                    return write.missing == 0;
                });
        enough.forEach(write -> write.whenEnough.run());
    }

    /** The followers that lack the acknowledgement of some write. */
    List<NodeId> laggards() {
        return laggards(waiting.values());
    }

    /** The followers that lack the acknowledgement of some write before this one. */
    List<NodeId> laggards(Dot before) {
        return laggards(waiting.headMap(before).values());
    }

    private List<NodeId> laggards(Collection<Waiting> writes) {
        long all = -1L;
        for (Waiting write : writes) {
            all &= write.from;
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
