package io.orrery.client;

import io.orrery.model.Printable;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** A request to a replica did not do what was asked. The message is one line for people. */
public final class RequestFailure extends RuntimeException {
    /** What is known of the request. */
    public enum Kind {
        /** It was understood and refused, or the replica cannot do it now. */
        REFUSED,
        /** It was wrong, or nothing answers: nothing was done. */
        WRONG,
        /** The outcome is unknown. */
        UNKNOWN
    }

    private final Kind kind;

    public RequestFailure(Kind kind, String message) {
        this(kind, message, null);
    }

    /** @param cause how the connection failed; null when it did not */
    RequestFailure(Kind kind, String message, IOException cause) {
        super(Printable.of(message), cause);
        this.kind = kind;
    }

    /** Whether the time was over before there was an answer. */
    public boolean isTimeout() {
        return getCause() instanceof SocketTimeoutException;
    }

    public Kind kind() {
        return kind;
    }
}
