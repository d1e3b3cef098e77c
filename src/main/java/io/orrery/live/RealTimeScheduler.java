package io.orrery.live;

import io.orrery.deployment.Deployment;
import io.orrery.model.DaemonThreads;
import io.orrery.network.DelayScheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delays messages in real time, with sub-millisecond precision. Pekko's scheduler would have to wake a thread a
 * thousand times per second for a precision of 1 ms; this one sleeps until the next task.
 */
final class RealTimeScheduler implements DelayScheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RealTimeScheduler.class);

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.named("orrery-delays"));

    /** A task that is due after the end is dropped. */
    @Override
    public void after(long nanos, Runnable task) {
        try {
            timer.schedule(() -> run(task), Math.min(nanos, Deployment.LONGEST_TIME.toNanos()), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.debug("A delayed task is dropped, because the scheduler has ended");
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("A delayed message could not be delivered", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
