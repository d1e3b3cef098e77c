package io.orrery.live;

import io.orrery.deployment.Deployment;
import io.orrery.network.DelayScheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delays messages in real time, to a fraction of a millisecond. Pekko's scheduler would have to wake a thread a thousand
 * times a second to be as exact as a millisecond, whether anything is to happen or not; this one sleeps until something is.
 */
final class RealTimeScheduler implements DelayScheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RealTimeScheduler.class);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "orrery-delays");
        thread.setDaemon(true);
        return thread;
    });

    /** A task that is due after the end is left. */
    @Override
    public void after(long nanos, Runnable task) {
        try {
            timer.schedule(() -> run(task), Math.min(nanos, Deployment.LONGEST_TIME.toNanos()), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.debug("What was to happen later does not, as this has ended");
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
