package io.orrery.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a signal end a long command early: it tells what there is, and the process exits as the command would. */
final class EarlyEnd {
    private final Duration lastWords;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int exitCode = ExitCode.UNKNOWN;
    private Thread hook;

    /** @param lastWords how long the command may take after a signal */
    EarlyEnd(Duration lastWords) {
        this.lastWords = lastWords;
    }

    /**
     * From now on a signal ends the command.
     *
     * @param thread the name of the thread that does so
     * @param interrupt has the command come to its end
     */
    void watch(String thread, Runnable interrupt) {
        hook = new Thread(() -> end(interrupt), thread);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end(Runnable interrupt) {
        interrupt.run();
        try {
            if (over.await(lastWords.toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.UNKNOWN);
    }

    /** The command has come to this answer. */
    int answer(int code) {
        exitCode = code;
        return code;
    }

    /** All is told. */
    void isOver() {
        over.countDown();
    }

    /** From now on a signal ends the process as usual. */
    void forget() {
        try {
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            // The shutdown has begun; its hook waits for the command to be over.
        }
    }
}
