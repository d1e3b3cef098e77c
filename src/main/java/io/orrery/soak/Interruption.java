package io.orrery.soak;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Signals the early end of a soak. Thread-safe. */
public final class Interruption {
    private final CountDownLatch latch = new CountDownLatch(1);

    public void interrupt() {
        latch.countDown();
    }

    boolean isDone() {
        return latch.getCount() == 0;
    }

    /** Waits, and returns early when the soak is to end. Returns whether it is to end. */
    boolean await(Duration time) throws InterruptedException {
        return latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
