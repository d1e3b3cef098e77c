package io.orrery.protocol.dissemination;

import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.model.Version;
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
    private final Map<Key, NavigableMap<Version, List<Runnable>>> onVersion = new HashMap<>();
    private final Queue<Runnable> woken = new ArrayDeque<>();
    private boolean waking;

    void await(Dependency dependency, Runnable waiter) {
        if (dependency instanceof Dependency.Prefix on) {
            add(onPrefix.computeIfAbsent(on.origin(), origin -> new TreeMap<>()), on.sequence(), waiter);
        } else if (dependency instanceof Dependency.AtLeast on) {
            add(onVersion.computeIfAbsent(on.key(), key -> new TreeMap<>()), on.version(), waiter);
        }
    }

    private static <T> void add(NavigableMap<T, List<Runnable>> waiters, T point, Runnable waiter) {
        waiters.computeIfAbsent(point, it -> new ArrayList<>(1)).add(waiter);
    }

    /** All writes of an origin up to a sequence have been applied. */
    void reached(Origin origin, long sequence) {
        wake(onPrefix, origin, sequence);
    }

    /** A key shows a version now. */
    void shows(Key key, Version version) {
        wake(onVersion, key, version);
    }

    private <K, T> void wake(Map<K, NavigableMap<T, List<Runnable>>> index, K where, T point) {
        if (index.isEmpty()) {
            return;
        }
        NavigableMap<T, List<Runnable>> waiters = index.get(where);
        if (waiters == null) {
            return;
        }
        NavigableMap<T, List<Runnable>> satisfied = waiters.headMap(point, true);
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
