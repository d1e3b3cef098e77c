package io.orrery.client;

import io.orrery.model.Printable;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** A request to a replica failed. The message is one line for people. */
public final class RequestFailure extends RuntimeException {
    /** What is known about the request's effect. */
    public enum Kind {
        /** The replica understood the request and refused it, or cannot serve it now. */
        REFUSED,
        /** The request was malformed, or nothing answers: it had no effect. */
        WRONG,
        /** The outcome is unknown. */
        UNKNOWN
    }

    private final Kind kind;

    public RequestFailure(Kind kind, String message) {
        this(kind, message, null);
    }

    /** @param cause the connection error; null if there was none */
    RequestFailure(Kind kind, String message, IOException cause) {
        super(Printable.of(message), cause);
        this.kind = kind;
    }

    /** Whether the request timed out. */
    public boolean isTimeout() {
        return getCause() instanceof SocketTimeoutException;
    }

    /** Whether there was no connection, so that nothing was sent. */
    boolean isUnsent() {
        return kind == Kind.WRONG && getCause() != null;
    }

    public Kind kind() {
        return kind;
    }
}
