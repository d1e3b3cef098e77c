package io.orrery.clock;

import io.orrery.model.CounterLimits;

/**
 * A Lamport clock: a counter that grows with each event, so that if one event happened before another, its time is
 * lower. Time 0 is before every event.
 *
 * <p>Source: Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 1978: the
 * implementation rules IR1 and IR2.
 */
public final class LamportClock {
    private long time;

    /** The time of the latest event. */
    public long time() {
        return time;
    }

    /**
     * IR1: a local event happens. Returns its time.
     *
     * @throws CounterLimits.End if there is no later time
     */
    public long tick() {
        time = CounterLimits.next(time);
        return time;
    }

    /**
     * IR2: a message with this timestamp is received, which is an event too. Its time is greater than the timestamp and
     * than all before it at this clock. Returns it.
     *
     * @throws IllegalArgumentException if the timestamp is out of range: see {@link CounterLimits}
     */
    public long receive(long timestamp) {
        // A clock at its end gives out no times, so it may stay there.
        time = Math.min(CounterLimits.MOST, Math.max(time, CounterLimits.require("a timestamp", timestamp, 0)) + 1);
        return time;
    }

    /**
     * Recovers the clock after a crash: later times are greater than this one.
     *
     * @throws IllegalArgumentException if the time is out of range: see {@link CounterLimits}
     */
    public void recover(long atLeast) {
        time = Math.max(time, CounterLimits.require("a time of the clock", atLeast, 0));
    }

    @Override
    public String toString() {
        return Long.toString(time);
    }
}
