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

/**
 * Who waits for what. Those that wait are found by what they wait for, so that waking them costs nothing for the others.
 */
final class Waiting {
    private final Map<Origin, NavigableMap<Long, List<Runnable>>> onPrefix = new HashMap<>();
    private final Map<Origin, NavigableMap<Long, List<Runnable>>> onWrite = new HashMap<>();
    private final Queue<Runnable> woken = new ArrayDeque<>();
    private boolean waking;

    void await(Dependency dependency, Runnable waiter) {
        if (dependency instanceof Dependency.Prefix on) {
            add(onPrefix.computeIfAbsent(on.origin(), origin -> new TreeMap<>()), on.sequence(), waiter);
        } else if (dependency instanceof Dependency.Made on) {
            add(onWrite.computeIfAbsent(on.dot().origin(), origin -> new TreeMap<>()), on.sequence(), waiter);
        }
    }

    private static void add(NavigableMap<Long, List<Runnable>> waiters, long point, Runnable waiter) {
        waiters.computeIfAbsent(point, it -> new ArrayList<>(1)).add(waiter);
    }

    /** All writes of an origin up to a sequence have been applied. */
    void reached(Origin origin, long sequence) {
        wake(onPrefix, origin, 0, sequence);
    }

    /** The writes of an origin from one sequence to another have been applied, or what superseded them. */
    void known(Origin origin, long first, long last) {
        wake(onWrite, origin, first, last);
    }

    private void wake(Map<Origin, NavigableMap<Long, List<Runnable>>> index, Origin where, long first, long last) {
        if (index.isEmpty()) {
            return;
        }
        NavigableMap<Long, List<Runnable>> waiters = index.get(where);
        if (waiters == null) {
            return;
        }
        NavigableMap<Long, List<Runnable>> satisfied = waiters.subMap(first, true, last, true);
        satisfied.values().forEach(woken::addAll);
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
                woken.poll().run();
            }
        } finally {
            waking = false;
        }
    }
}
