package io.orrery.clock;

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

    /** IR1: a local event happens. Returns its time. */
    public long tick() {
        return ++time;
    }

    /**
     * IR2: a message with this timestamp is received, which is an event too. Its time is greater than the timestamp and
     * than all before it at this clock. Returns it.
     */
    public long receive(long timestamp) {
        time = Math.max(time, timestamp) + 1;
        return time;
    }

    /** Finds the clock again after a crash: it goes on from at least this time. */
    public void recover(long atLeast) {
        time = Math.max(time, atLeast);
    }

    @Override
    public String toString() {
        return Long.toString(time);
    }
}
