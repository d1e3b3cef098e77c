package io.orrery.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * The standard output, which remembers write errors: {@code PrintWriter} hides them, and a program must not take JSON
 * that a full disk has truncated for the whole.
 */
final class Output extends OutputStream {
    /** The system's message when the reader has closed the pipe, as {@code head} does; that is no error. */
    private static final String NO_MORE_WANTED = "broken pipe";

    private final OutputStream out;
    private IOException problem;

    Output(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            problem = problem == null ? e : problem;
            throw e;
        }
    }

    /** The first write error; empty if there was none or the reader closed the pipe. */
    Optional<String> problem() {
        return Optional.ofNullable(problem)
                .map(it -> String.valueOf(it.getMessage()))
                .filter(it -> !it.toLowerCase(Locale.ROOT).startsWith(NO_MORE_WANTED));
    }
}
