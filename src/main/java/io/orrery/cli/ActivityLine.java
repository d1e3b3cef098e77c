package io.orrery.cli;

import io.orrery.model.DaemonThreads;
import io.orrery.model.Printable;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Shows what a long task is doing: on a terminal in a line that is redrawn, elsewhere in an occasional line. */
final class ActivityLine implements AutoCloseable {
    private static final long TERMINAL_MILLIS = 250;
    private static final long ELSEWHERE_MILLIS = 10_000;

    private final PrintWriter err;
    private final boolean terminal;
    private final Thread thread;
    private Supplier<String> now;
    private int shown;

    /** @param err takes lines; a redrawn line goes to the terminal */
    ActivityLine(PrintWriter err) {
        this(
                RunProgress.isTerminal() ? new PrintWriter(System.err, true, StandardCharsets.UTF_8) : err,
                RunProgress.isTerminal(),
                TERMINAL_MILLIS,
                ELSEWHERE_MILLIS);
    }

    ActivityLine(PrintWriter err, boolean terminal, long terminalMillis, long elsewhereMillis) {
        this.err = err;
        this.terminal = terminal;
        thread = DaemonThreads.start("activity", () -> run(terminal ? terminalMillis : elsewhereMillis));
    }

    /** Begins to show an activity. */
    synchronized void begin(Supplier<String> what) {
        now = what;
    }

    /** Stops showing the activity, so that others may write to the terminal. */
    synchronized void end() {
        now = null;
        clear();
    }

    /** Prints a line beside the activity. */
    synchronized void say(String line) {
        clear();
        err.println(Printable.of(line));
        err.flush();
    }

    private void clear() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            err.flush();
            shown = 0;
        }
    }

    private void run(long millis) {
        try {
            while (true) {
                Thread.sleep(millis);
                tell();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private synchronized void tell() {
        if (now == null) {
            return;
        }
        String text = Printable.of(now.get());
        if (!terminal) {
            err.println(text);
            return;
        }
        err.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
        err.flush();
        shown = text.length();
    }

    @Override
    public void close() {
        thread.interrupt();
        end();
    }
}
