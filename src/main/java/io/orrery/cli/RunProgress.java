package io.orrery.cli;

import java.io.Console;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a long run: a bar on a terminal, a line for each tenth elsewhere. */
final class RunProgress implements AutoCloseable {
    private static final int PARTS = 10;

    private final PrintWriter err;
    private final int steps;
    private final ProgressBar bar;
    private int done;

    /** @param err takes lines; a bar goes to the terminal */
    RunProgress(String task, int steps, PrintWriter err) {
        this(task, steps, err, isTerminal());
    }

    RunProgress(String task, int steps, PrintWriter err, boolean terminal) {
        this.err = err;
        this.steps = steps;
        this.bar = terminal
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(steps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build()
                : null;
    }

    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJava22) {
            // System.console() is null without a terminal.
            return true;
        }
    }

    /** Counts a finished step. Callable from any thread. */
    synchronized void step(String what) {
        int partsBefore = done * PARTS / steps;
        done++;
        if (bar != null) {
            bar.step().setExtraMessage(what);
        } else if (done * PARTS / steps > partsBefore) {
            err.println(done + " of " + steps + ": " + what);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
