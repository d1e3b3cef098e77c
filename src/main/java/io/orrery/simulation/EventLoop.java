package io.orrery.simulation;

import io.orrery.network.DelayScheduler;
import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The core of the simulation: the ready tasks, the timers, and the virtual time. One thread runs it; time moves only
 * from one event to the next. A seeded draw orders events of the same instant.
 *
 * <p>It belongs to one actor system, whose dispatcher and scheduler both use it.
 */
final class EventLoop extends AbstractExecutorService implements DelayScheduler {
    /** A scheduled event. */
    static final class Timer implements Comparable<Timer> {
        private final long nanos;
        private final int tie;
        private final long sequence;
        private Runnable task;

        private Timer(long nanos, int tie, long sequence, Runnable task) {
            this.nanos = nanos;
            this.tie = tie;
            this.sequence = sequence;
            this.task = task;
        }

        boolean cancel() {
            boolean wasSet = task != null;
            task = null;
            return wasSet;
        }

        boolean isDone() {
            return task == null;
        }

        @Override
        public int compareTo(Timer other) {
            if (nanos != other.nanos) {
                return nanos < other.nanos ? -1 : 1;
            }
            return tie != other.tie ? Integer.compare(tie, other.tie) : Long.compare(sequence, other.sequence);
        }
    }

    /** Less than every draw: a step comes first at its instant, and steps keep the order in which they were planned. */
    private static final int STEP = Integer.MIN_VALUE;

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private Runnable[] ready = new Runnable[64];
    private int readyCount;
    private long now;
    private long sequence;
    private long processed;
    private SeededRandom random = new SeededRandom(0);
    private Runnable afterEach;

    /** Restarts at time 0 with another seed, and discards all events. */
    void reset(long seed) {
        timers.clear();
        now = 0;
        sequence = 0;
        processed = 0;
        random = SeededRandom.stream(seed, "schedule");
        afterEach = null;
    }

    /** Runs a check after each event until the world ends. It may change nothing. */
    void afterEach(Runnable check) {
        afterEach = check;
    }

    /** The virtual time, in nanoseconds since the world began. */
    long now() {
        return now;
    }

    /** How many events have happened since the world began. */
    long processed() {
        return processed;
    }

    @Override
    public void after(long nanos, Runnable task) {
        schedule(nanos, task);
    }

    Timer schedule(long delayNanos, Runnable task) {
        return add(new Timer(later(delayNanos), (int) random.nextLong() | 1, sequence++, task));
    }

    /** Plans a step of a script: it runs before all other events of its instant, as an event of its own. */
    void plan(long atNanos, Runnable step) {
        add(new Timer(Math.max(now, atNanos), STEP, sequence++, step));
    }

    private Timer add(Timer timer) {
        timers.add(timer);
        return timer;
    }

    private long later(long delayNanos) {
        long at = now + Math.max(0, delayNanos);
        return at < 0 ? Long.MAX_VALUE : at;
    }

    @Override
    public void execute(Runnable task) {
        if (readyCount == ready.length) {
            ready = java.util.Arrays.copyOf(ready, 2 * readyCount);
        }
        ready[readyCount++] = task;
    }

    /** Runs the next event, if it is due by this time. Returns whether there was one. */
    boolean step(long untilNanos) {
        Timer next = timers.peek();
        while (next != null && next.task == null) {
            timers.poll();
            next = timers.peek();
        }
        boolean timerIsDue = next != null && (readyCount == 0 ? next.nanos <= untilNanos : next.nanos <= now);
        if (timerIsDue && next.tie == STEP) {
            timerIsDue = readyCount == 0;
        }
        int choices = readyCount + (timerIsDue ? 1 : 0);
        if (choices == 0) {
            return false;
        }
        processed++;
        int choice = choices == 1 ? 0 : random.nextInt(choices);
        if (choice < readyCount) {
            Runnable task = ready[choice];
            ready[choice] = ready[--readyCount];
            ready[readyCount] = null;
            task.run();
        } else {
            timers.poll();
            now = Math.max(now, next.nanos);
            Runnable task = next.task;
            next.task = null;
            task.run();
        }
        if (afterEach != null) {
            afterEach.run();
        }
        return true;
    }

    /** Runs all events that are due now, without advancing time. */
    void settle() {
        while (readyCount > 0) {
            step(now);
        }
    }

    /** Advances time without running events. */
    void advanceTo(long nanos) {
        now = Math.max(now, nanos);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return new ArrayList<>();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
