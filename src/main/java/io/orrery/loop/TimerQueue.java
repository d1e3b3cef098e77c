package io.orrery.loop;

import java.util.Arrays;
import java.util.function.Predicate;

/** Timers in the order of their times, those of one time in the order in which they were added: a heap of arity 4. */
final class TimerQueue {
    private static final int ARITY = 4;

    private long[] times = new long[64];
    private long[] sequences = new long[64];
    private Timer[] timers = new Timer[64];
    private int size;
    private long added;

    boolean isEmpty() {
        return size == 0;
    }

    /** Not to be called on an empty queue. */
    long firstTime() {
        return times[0];
    }

    /** Not to be called on an empty queue. */
    Timer first() {
        return timers[0];
    }

    void clear() {
        Arrays.fill(timers, 0, size, null);
        size = 0;
        added = 0;
    }

    void add(long time, Timer timer) {
        if (size == timers.length) {
            times = Arrays.copyOf(times, 2 * size);
            sequences = Arrays.copyOf(sequences, 2 * size);
            timers = Arrays.copyOf(timers, 2 * size);
        }
        long sequence = added++;
        int hole = size++;
        // A later timer of the same time stays below, so times alone are compared.
        while (hole > 0) {
            int parent = (hole - 1) / ARITY;
            if (times[parent] <= time) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        put(hole, time, sequence, timer);
    }

    /** Removes the first. Not to be called on an empty queue. */
    Timer poll() {
        Timer first = timers[0];
        int last = --size;
        if (last > 0) {
            sink(times[last], sequences[last], timers[last]);
        }
        timers[last] = null;
        return first;
    }

    /** Has some of the timers end at other times, and not before {@code now}. */
    void shift(Predicate<Timer> which, long nanos, long now) {
        TimerQueue shifted = new TimerQueue();
        while (size > 0) {
            long time = times[0];
            Timer timer = poll();
            shifted.add(which.test(timer) ? Math.max(now, time + nanos) : time, timer);
        }
        times = shifted.times;
        sequences = shifted.sequences;
        timers = shifted.timers;
        size = shifted.size;
        added = shifted.added;
    }

    private void sink(long time, long sequence, Timer timer) {
        int hole = 0;
        while (true) {
            int least = ARITY * hole + 1;
            if (least >= size) {
                break;
            }
            int end = Math.min(least + ARITY, size);
            for (int child = least + 1; child < end; child++) {
                if (isBefore(child, times[least], sequences[least])) {
                    least = child;
                }
            }
            if (!isBefore(least, time, sequence)) {
                break;
            }
            move(least, hole);
            hole = least;
        }
        put(hole, time, sequence, timer);
    }

    private boolean isBefore(int index, long time, long sequence) {
        return times[index] < time || times[index] == time && sequences[index] < sequence;
    }

    private void move(int from, int to) {
        put(to, times[from], sequences[from], timers[from]);
    }

    private void put(int index, long time, long sequence, Timer timer) {
        times[index] = time;
        sequences[index] = sequence;
        timers[index] = timer;
    }
}
