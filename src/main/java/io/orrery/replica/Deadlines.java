package io.orrery.replica;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The requests that wait for an answer, in the order of their deadlines. One timer serves all, and runs only while a
 * request waits.
 */
final class Deadlines {
    private final long timeoutNanos;
    private final LongSupplier nanos;
    private final Consumer<Duration> setTimer;
    /** The deadline of each request. */
    private final Map<OpenRequest, Long> waiting = new LinkedHashMap<>();

    private long bytes;
    private boolean timerIsSet;

    /**
     * @param nanos the time of the runtime
     * @param setTimer schedules a call of {@link #timeIsUp}
     */
    Deadlines(Duration timeout, LongSupplier nanos, Consumer<Duration> setTimer) {
        this.timeoutNanos = timeout.toNanos();
        this.nanos = nanos;
        this.setTimer = setTimer;
    }

    /** The number of waiting requests. */
    int size() {
        return waiting.size();
    }

    /** The approximate size of the waiting requests. */
    long bytes() {
        return bytes;
    }

    void add(OpenRequest request) {
        waiting.put(request, nanos.getAsLong() + timeoutNanos);
        bytes += request.operation().bytes();
        if (!timerIsSet) {
            timerIsSet = true;
            setTimer.accept(Duration.ofNanos(timeoutNanos));
        }
    }

    /** Removes an answered request, which may never have waited. */
    void remove(OpenRequest request) {
        if (waiting.remove(request) != null) {
            bytes -= request.operation().bytes();
        }
    }

    /** Passes on the expired requests. */
    void timeIsUp(Consumer<OpenRequest> expired) {
        long now = nanos.getAsLong();
        timerIsSet = false;
        while (!waiting.isEmpty()) {
            Iterator<Map.Entry<OpenRequest, Long>> all = waiting.entrySet().iterator();
            Map.Entry<OpenRequest, Long> first = all.next();
            if (first.getValue() - now > 0) {
                timerIsSet = true;
                setTimer.accept(Duration.ofNanos(first.getValue() - now));
                return;
            }
            OpenRequest request = first.getKey();
            remove(request);
            expired.accept(request);
        }
    }
}
