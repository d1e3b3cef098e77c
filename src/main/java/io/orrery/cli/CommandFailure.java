package io.orrery.cli;

/** A command cannot do what it was asked, for a reason that its user can understand: the message, with no stack trace. */
final class CommandFailure extends RuntimeException {
    private final int exitCode;

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
