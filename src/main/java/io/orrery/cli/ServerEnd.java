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
 * How the process of a server ends: by a signal in order, and by a fatal error at once; in any case within a time. What is
 * needed for that is made when the server starts: when it is to end, the heap may be full.
 */
final class ServerEnd {
    private final IntConsumer halt;
    private final Thread hook = new Thread(this::told, "stop");
    private final CountDownLatch ending = new CountDownLatch(1);
    /** How it is stopped; null as long as it starts. */
    private volatile Stop stop;
    /** What it was when a signal came: a start may go on meanwhile. */
    private volatile Stop asked;

    private record Stop(Supplier<CompletionStage<?>> action, Duration deadline) {}

    /** @param halt ends the process with an exit code, whatever else goes on in it */
    ServerEnd(IntConsumer halt) {
        this.halt = halt;
        DaemonThreads.start("end-of-server", this::watch);
    }

    /** From now on a signal ends the process with exit code 0: at once, as long as nothing has begun that must be ended. */
    static ServerEnd prepare() {
        ServerEnd end = new ServerEnd(Runtime.getRuntime()::halt);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /**
     * The server has started.
     *
     * @param stop stops it in order
     * @param deadline how long that may take
     */
    void started(Supplier<CompletionStage<?>> stop, Duration deadline) {
        this.stop = new Stop(stop, deadline);
    }

    /** The server has not started: the process ends by itself, with an exit code of its own. */
    void notStarted() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came before.
        }
    }

    /** Runs when a signal ends the process. A signal that is obeyed is no error: the exit code is 0 and not 128 and some. */
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
            // The heap is full, perhaps.
            fatal("the shutdown could not be done: " + e);
            return;
        }
        halt.accept(exitCode);
    }

    private void watch() {
        try {
            ending.await();
            if (asked != null) {
                TimeUnit.NANOSECONDS.sleep(asked.deadline().toNanos());
                fatal("the shutdown was not done within " + Durations.format(asked.deadline()));
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** Ends the process: what is not acknowledged is lost, as if it had been killed. */
    void fatal(String why) {
        try {
            System.err.println(Printable.of(why) + "; the server ends with exit code " + ExitCode.FATAL);
        } finally {
            halt.accept(ExitCode.FATAL);
        }
    }
}
