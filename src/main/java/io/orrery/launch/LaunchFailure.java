package io.orrery.launch;

/** A node did not do what it should have done. The message says which, and how its output ends. */
public final class LaunchFailure extends RuntimeException {
    LaunchFailure(String message) {
        super(message);
    }

    LaunchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
