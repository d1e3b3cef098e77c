package io.orrery.config;

/**
 * A mistake in a configuration file. The message is one line for people: where it is ({@code file:line}), what is wrong,
 * and what would be right.
 */
public final class ConfigProblem extends RuntimeException {
    public ConfigProblem(String message) {
        super(message);
    }

    public ConfigProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
