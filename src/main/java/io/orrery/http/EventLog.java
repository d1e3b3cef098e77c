package io.orrery.http;

import io.orrery.model.Update;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The last updates that a replica applied, numbered from 1, for readers that each go at a pace of their own. Old ones
 * give way to new ones. For use from any thread.
 */
final class EventLog {
    /** One update that the replica applied. */
    record Event(long number, Update update) {}

    /**
     * The next events for a reader.
     *
     * @param missed how many of those after the reader's place are not kept any more
     */
    record Batch(long missed, List<Event> events) {}

    private final Update[] ring;
    private long last;
    private Set<Runnable> waiting = new LinkedHashSet<>();
    private boolean closed;

    EventLog(int capacity) {
        ring = new Update[capacity];
    }

    void add(Update update) {
        Set<Runnable> woken;
        synchronized (this) {
            ring[(int) (last++ % ring.length)] = update;
            if (waiting.isEmpty()) {
                return;
            }
            woken = waiting;
            waiting = new LinkedHashSet<>();
        }
        woken.forEach(Runnable::run);
    }

    /** The number of the newest event; 0 when there is none. */
    synchronized long last() {
        return last;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized Batch after(long number, int most) {
        long first = Math.max(number, last - ring.length) + 1;
        List<Event> events = new ArrayList<>();
        for (long next = first; next <= last && events.size() < most; next++) {
            events.add(new Event(next, ring[(int) ((next - 1) % ring.length)]));
        }
        return new Batch(Math.max(0, first - 1 - number), events);
    }

    /** Runs the action once, when there is an event after this number or the log is closed: at once if it is so now. */
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

    /** No more events come: readers may go. */
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
