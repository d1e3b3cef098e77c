package io.orrery.config;

/**
 * A mistake in a configuration file. The message is one line for people: where it is ({@code file:line}), what is
 * wrong, and what would be right. If a file has several mistakes, there is a line for each.
 */
public final class ConfigProblem extends RuntimeException {
    private final int line;

    public ConfigProblem(String message) {
        this(message, 0, null);
    }

    public ConfigProblem(String message, Throwable cause) {
        this(message, 0, cause);
    }

    ConfigProblem(String message, int line, Throwable cause) {
        super(message, cause);
        this.line = line;
    }

    /** The line; 0 if it is not known. */
    int line() {
        return line;
    }
}
