package io.orrery.cli;

/** A command failed for a reason that its user can understand. Its message is printed without a stack trace. */
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
