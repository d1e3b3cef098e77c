package io.orrery.protocol.dissemination;

import io.orrery.model.Origin;
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
 * Who waits for what. Those that wait are found by what they wait for, so that waking them costs nothing for the others.
 * Those that are not wanted any more are forgotten some time later: there are never more than twice those that are (and
 * some more), at a constant cost for each on average.
 */
final class Waiting {
    private static final int SMALLEST = 64;

    private record Waiter(BooleanSupplier isWanted, Runnable action) {
        void wake() {
            if (isWanted.getAsBoolean()) {
                action.run();
            }
        }
    }

    private final Map<Origin, NavigableMap<Long, List<Waiter>>> onPrefix = new HashMap<>();
    private final Map<Origin, NavigableMap<Long, List<Waiter>>> onWrite = new HashMap<>();
    private final Queue<Waiter> woken = new ArrayDeque<>();
    private boolean waking;
    private int size;
    private int sweepAt = SMALLEST;

    /** How many wait, those not wanted any more and not forgotten yet among them. */
    int size() {
        return size;
    }

    /**
     * Has something done when a dependency has been applied.
     *
     * @param isWanted whether it is still to be done; once false it stays so
     */
    void await(Dependency dependency, BooleanSupplier isWanted, Runnable action) {
        if (size >= sweepAt) {
            sweep(onPrefix);
            sweep(onWrite);
            sweepAt = Math.max(SMALLEST, 2 * size);
        }
        size++;
        Waiter waiter = new Waiter(isWanted, action);
        if (dependency instanceof Dependency.Prefix on) {
            add(onPrefix.computeIfAbsent(on.origin(), origin -> new TreeMap<>()), on.sequence(), waiter);
        } else if (dependency instanceof Dependency.Made on) {
            add(onWrite.computeIfAbsent(on.dot().origin(), origin -> new TreeMap<>()), on.sequence(), waiter);
        }
    }

    private static void add(NavigableMap<Long, List<Waiter>> waiters, long point, Waiter waiter) {
        waiters.computeIfAbsent(point, it -> new ArrayList<>(1)).add(waiter);
    }

    private void sweep(Map<Origin, NavigableMap<Long, List<Waiter>>> index) {
        index.values().removeIf(waiters -> {
            waiters.values().removeIf(some -> {
                int before = some.size();
                some.removeIf(waiter -> !waiter.isWanted().getAsBoolean());
                size -= before - some.size();
                return some.isEmpty();
            });
            return waiters.isEmpty();
        });
    }

    /** All writes of an origin up to a sequence have been applied. */
    void reached(Origin origin, long sequence) {
        wake(onPrefix, origin, 0, sequence);
    }

    /** The writes of an origin from one sequence to another have been applied, or what superseded them. */
    void known(Origin origin, long first, long last) {
        wake(onWrite, origin, first, last);
    }

    private void wake(Map<Origin, NavigableMap<Long, List<Waiter>>> index, Origin where, long first, long last) {
        if (index.isEmpty()) {
            return;
        }
        NavigableMap<Long, List<Waiter>> waiters = index.get(where);
        if (waiters == null) {
            return;
        }
        NavigableMap<Long, List<Waiter>> satisfied = waiters.subMap(first, true, last, true);
        satisfied.values().forEach(some -> {
            woken.addAll(some);
            size -= some.size();
        });
        satisfied.clear();
        if (waiters.isEmpty()) {
            index.remove(where);
        }
    }

    /** Runs all that have been woken, and those whom they wake: one after the other, never one within another. */
    void runWoken() {
        if (waking) {
            return;
        }
        waking = true;
        try {
            while (!woken.isEmpty()) {
                woken.poll().wake();
            }
        } finally {
            waking = false;
        }
    }
}
