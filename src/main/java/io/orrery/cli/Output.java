package io.orrery.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * The standard output, which remembers what went wrong with it: who prints does not look, and a program that reads JSON from
 * a disk that is full must not take half of it for all.
 */
final class Output extends OutputStream {
    /** What the systems call it when the reader wants no more, as {@code head} does: that is none of our business. */
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

    /** Why something could not be written; empty when all was, or when the reader wanted no more. */
    Optional<String> problem() {
        return Optional.ofNullable(problem)
                .map(it -> String.valueOf(it.getMessage()))
                .filter(it -> !it.toLowerCase(Locale.ROOT).startsWith(NO_MORE_WANTED));
    }
}
