package io.orrery.replica;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The requests that could not be answered at once, in the order of their deadlines. One timer serves them all, and is set
 * only while somebody waits.
 */
final class Deadlines {
    private record Waiting(OpenRequest request, long deadline) {}

    private final long timeoutNanos;
    private final LongSupplier nanos;
    private final Consumer<Duration> setTimer;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean timerIsSet;

    /**
     * @param nanos the time of the runtime
     * @param setTimer has {@link #timeIsUp} called after a while
     */
    Deadlines(Duration timeout, LongSupplier nanos, Consumer<Duration> setTimer) {
        this.timeoutNanos = timeout.toNanos();
        this.nanos = nanos;
        this.setTimer = setTimer;
    }

    /** How many requests wait, about: those answered out of their order are forgotten some time later. */
    int size() {
        return waiting.size();
    }

    void add(OpenRequest request) {
        forgetAnswered();
        waiting.add(new Waiting(request, nanos.getAsLong() + timeoutNanos));
        if (!timerIsSet) {
            timerIsSet = true;
            setTimer.accept(Duration.ofNanos(timeoutNanos));
        }
    }

    private void forgetAnswered() {
        while (!waiting.isEmpty() && !waiting.peek().request().isOpen()) {
            waiting.poll();
        }
    }

    /** Passes on the requests whose time is up. */
    void timeIsUp(Consumer<OpenRequest> expired) {
        long now = nanos.getAsLong();
        timerIsSet = false;
        while (!waiting.isEmpty()
                && (!waiting.peek().request().isOpen() || waiting.peek().deadline() - now <= 0)) {
            OpenRequest request = waiting.poll().request();
            if (request.isOpen()) {
                expired.accept(request);
            }
        }
        if (!waiting.isEmpty()) {
            timerIsSet = true;
            setTimer.accept(Duration.ofNanos(waiting.peek().deadline() - now));
        }
    }
}
