package io.orrery.protocol.kit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Waiters for a counter to reach a value, for any number of counters: the writes of an origin, the positions of an
 * order. Waiters are indexed by counter and value, so that waking some costs nothing for the others. Cancelled waiters
 * are purged lazily: there are never more than twice those that are (and some more), at a constant cost for each on
 * average.
 *
 * @param <K> what tells lines apart; a key of hash tables
 */
public final class WaitIndex<K> {
    private static final int SMALLEST = 64;

    private record Waiter(BooleanSupplier isWanted, Runnable action) {
        void wake() {
            if (isWanted.getAsBoolean()) {
                action.run();
            }
        }
    }

    /**
     * The waiters that have been woken and have not run. Indexes that share one wake in one order. Separate from the index, so
     * that an owner can finish what it is at before others see the outcome.
     */
    public static final class Woken {
        private final Queue<Waiter> waiters = new ArrayDeque<>();
        private boolean running;

        /** Runs all that have been woken, and those whom they wake: one after the other, never one within another. */
        public void run() {
            if (running) {
                return;
            }
            running = true;
            try {
                while (!waiters.isEmpty()) {
                    waiters.poll().wake();
                }
            } finally {
                running = false;
            }
        }
    }

    private final Map<K, NavigableMap<Long, List<Waiter>>> lines = new HashMap<>();
    private final Woken woken;
    private int size;
    private int sweepAt = SMALLEST;

    /** @param woken takes those that are woken, to be run later */
    public WaitIndex(Woken woken) {
        this.woken = woken;
    }

    /** How many wait, those not wanted any more and not purged yet among them. */
    public int size() {
        return size;
    }

    /**
     * Has something done when a line has reached a point. It does not look whether it has: the caller knows that it has not.
     *
     * @param isWanted whether it is still to be done; once false it stays so
     */
    public void await(K line, long point, BooleanSupplier isWanted, Runnable action) {
        if (size >= sweepAt) {
            sweep();
            sweepAt = Math.max(SMALLEST, 2 * size);
        }
        size++;
        lines.computeIfAbsent(line, it -> new TreeMap<>())
                .computeIfAbsent(point, it -> new ArrayList<>(1))
                .add(new Waiter(isWanted, action));
    }

    private void sweep() {
        lines.values().removeIf(points -> {
            points.values().removeIf(some -> {
                int before = some.size();
                some.removeIf(waiter -> !waiter.isWanted().getAsBoolean());
                size -= before - some.size();
                return some.isEmpty();
            });
            return points.isEmpty();
        });
    }

    /** A line has reached this point and all before it. */
    public void reached(K line, long upTo) {
        reached(line, 0, upTo);
    }

    /** A line has reached the points from one to another, both included; before them it may have gaps. */
    public void reached(K line, long first, long last) {
        if (lines.isEmpty()) {
            return;
        }
        NavigableMap<Long, List<Waiter>> points = lines.get(line);
        if (points == null) {
            return;
        }
        for (Long next = points.ceilingKey(first); next != null && next <= last; next = points.ceilingKey(first)) {
            List<Waiter> some = points.remove(next);
            woken.waiters.addAll(some);
            size -= some.size();
        }
        if (points.isEmpty()) {
            lines.remove(line);
        }
    }
}
