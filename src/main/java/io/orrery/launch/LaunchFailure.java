package io.orrery.launch;

/** A node failed to start or stop as expected. The message names the node and quotes the end of its output. */
public final class LaunchFailure extends RuntimeException {
    LaunchFailure(String message) {
        super(message);
    }

    LaunchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
