package io.orrery.cli;

import io.orrery.model.DaemonThreads;
import io.orrery.model.Durations;
import io.orrery.model.Printable;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Ends a server's process: in order after a signal, at once after a fatal error, and within a time limit in each case.
 * Everything needed is allocated at the start, because the heap may be full at the end.
 */
final class ServerEnd {
    private final IntConsumer halt;
    private final Thread hook = new Thread(this::told, "stop");
    private final CountDownLatch ending = new CountDownLatch(1);
    /** How to stop the server; null while it starts. */
    private volatile Stop stop;
    /** The value of {@code stop} when a signal arrived: the start may complete meanwhile. */
    private volatile Stop asked;

    private record Stop(Supplier<CompletionStage<?>> action, Duration deadline) {}

    /** @param halt ends the process at once with an exit code */
    ServerEnd(IntConsumer halt) {
        this.halt = halt;
        DaemonThreads.start("end-of-server", this::watch);
    }

    /**
     * Installs the hook by which a signal ends the process with exit code 0; at once, until {@link #started} names
     * something to stop.
     */
    static ServerEnd prepare() {
        ServerEnd end = new ServerEnd(Runtime.getRuntime()::halt);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /**
     * Declares that the server has started.
     *
     * @param stop stops it in order
     * @param deadline how long that may take
     */
    void started(Supplier<CompletionStage<?>> stop, Duration deadline) {
        this.stop = new Stop(stop, deadline);
    }

    /** Declares that the server failed to start: the process ends by itself with its own exit code. */
    void notStarted() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal arrived before.
        }
    }

    /** Runs when a signal ends the process. An obeyed signal is no error: the exit code is 0, not 128 + n. */
    void told() {
        int exitCode = ExitCode.OK;
        asked = stop;
        ending.countDown();
        try {
            if (asked != null) {
                asked.action().get().toCompletableFuture().join();
            }
        } catch (RuntimeException e) {
            System.err.println("the shutdown was not clean: " + e.getMessage());
            exitCode = ExitCode.NO;
        } catch (Error e) {
            // Possibly the heap is full.
            fatal("the shutdown failed: " + e);
            return;
        }
        halt.accept(exitCode);
    }

    private void watch() {
        try {
            ending.await();
            if (asked != null) {
                TimeUnit.NANOSECONDS.sleep(asked.deadline().toNanos());
                fatal("the shutdown did not end within " + Durations.format(asked.deadline()));
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** Ends the process at once; as after a kill, unacknowledged writes may be lost. */
    void fatal(String why) {
        try {
            System.err.println(Printable.of(why) + "; the server ends with exit code " + ExitCode.FATAL);
        } finally {
            halt.accept(ExitCode.FATAL);
        }
    }
}
