package io.orrery.loop;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Pekko's scheduler, in virtual time. Instantiated by Pekko, once per actor system, as {@code
 * pekko.scheduler.implementation}.
 */
public final class VirtualScheduler extends AbstractScheduler {
    private final EventLoop loop = new EventLoop();

    /** Called by Pekko. */
    public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

    /** The loop of the actor system that this scheduler belongs to. */
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
        Timer timer = loop.actorTimer(delay.toNanos(), inThisStep(task, executor));
        return new Cancellable() {
            @Override
            public boolean cancel() {
                return timer.cancel();
            }

            @Override
            public boolean isCancelled() {
                return timer.isDone();
            }
        };
    }

    /** A timer is one step: what it does needs no second one. */
    private static Runnable inThisStep(Runnable task, ExecutionContext executor) {
        return executor instanceof LoopDispatcher ? task : () -> executor.execute(task);
    }

    // Pekko's name for a task at a fixed rate; scheduleAtFixedRate comes down to it.
    @Override
    @SuppressWarnings("deprecation")
    public Cancellable schedule(
            FiniteDuration initialDelay, FiniteDuration interval, Runnable task, ExecutionContext executor) {
        Repeated repeated = new Repeated(interval.toNanos(), task, executor);
        repeated.timer = loop.actorTimer(initialDelay.toNanos(), repeated);
        return repeated;
    }

    private final class Repeated implements Runnable, Cancellable {
        private final long interval;
        private final Runnable task;
        private final ExecutionContext executor;
        private Timer timer;
        private boolean cancelled;

        Repeated(long interval, Runnable task, ExecutionContext executor) {
            this.interval = interval;
            this.task = task;
            this.executor = executor;
        }

        @Override
        public void run() {
            timer = loop.actorTimer(interval, this);
            inThisStep(task, executor).run();
        }

        @Override
        public boolean cancel() {
            boolean first = !cancelled;
            cancelled = true;
            timer.cancel();
            return first;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    @Override
    public double maxFrequency() {
        return 1e9;
    }
}
