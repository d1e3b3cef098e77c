package io.orrery.http;

import io.orrery.model.Update;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The latest updates of a replica, numbered from 1, for readers at their own pace. New updates evict old ones.
 * Thread-safe.
 */
final class EventLog {
    /** One update that the replica applied. */
    record Event(long number, Update update) {}

    /**
     * The next events for a reader.
     *
     * @param missed how many events after the reader's position are no longer kept
     */
    record Batch(long missed, List<Event> events) {}

    private final Update[] ring;
    private final long mostBytes;
    private long bytes;
    /** The number of the oldest kept update, if there is one. */
    private long first = 1;

    private long last;
    private Set<Runnable> waiting = new LinkedHashSet<>();
    private int readers;
    private boolean closed;

    /**
     * @param capacity the maximum number of updates
     * @param mostBytes their maximum total size, as {@link Update#bytes} estimates it; large updates are evicted sooner
     */
    EventLog(int capacity, long mostBytes) {
        ring = new Update[capacity];
        this.mostBytes = mostBytes;
    }

    void add(Update update) {
        Set<Runnable> woken;
        synchronized (this) {
            if (last - first + 1 == ring.length) {
                dropOldest();
            }
            ring[(int) (last++ % ring.length)] = update;
            bytes += update.bytes();
            while (bytes > mostBytes && first < last) {
                dropOldest();
            }
            if (waiting.isEmpty()) {
                return;
            }
            woken = waiting;
            waiting = new LinkedHashSet<>();
        }
        woken.forEach(Runnable::run);
    }

    private void dropOldest() {
        int slot = (int) ((first++ - 1) % ring.length);
        bytes -= ring[slot].bytes();
        ring[slot] = null;
    }

    /** The number of the newest event; 0 if there is none. */
    synchronized long last() {
        return last;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /**
     * The events after a number.
     *
     * @param most the maximum number of events
     * @param mostBytes their maximum total size; a single event may exceed it
     */
    synchronized Batch after(long number, int most, long mostBytes) {
        long start = Math.max(number + 1, first);
        List<Event> events = new ArrayList<>();
        long sum = 0;
        for (long next = start; next <= last && events.size() < most && sum < mostBytes; next++) {
            Update update = ring[(int) ((next - 1) % ring.length)];
            events.add(new Event(next, update));
            sum += update.bytes();
        }
        return new Batch(start - 1 - number, events);
    }

    /** Adjusts the number of readers. */
    synchronized void readersChange(int by) {
        readers += by;
    }

    /** The number of readers. */
    synchronized int readers() {
        return readers;
    }

    /** Runs the action once there is an event after this number or the log is closed, possibly at once. */
    void whenAfter(long number, Runnable action) {
        synchronized (this) {
            if (last <= number && !closed) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }

    synchronized void forget(Runnable action) {
        waiting.remove(action);
    }

    /** Ends the log: no more events follow, and readers may stop. */
    void close() {
        Set<Runnable> woken;
        synchronized (this) {
            closed = true;
            woken = waiting;
            waiting = new LinkedHashSet<>();
        }
        woken.forEach(Runnable::run);
    }
}
