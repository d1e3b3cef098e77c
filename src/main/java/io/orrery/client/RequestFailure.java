package io.orrery.client;

import io.orrery.model.Printable;

/** A request to a replica did not do what was asked. The message is one line for people. */
public final class RequestFailure extends RuntimeException {
    /** What is known of the request. */
    public enum Kind {
        /** It was understood and refused, or the replica cannot do it now. */
        REFUSED,
        /** It was wrong, or nothing answers: nothing was done. */
        WRONG,
        /** Nobody knows whether it was carried out. */
        UNKNOWN
    }

    private final Kind kind;

    public RequestFailure(Kind kind, String message) {
        super(Printable.of(message));
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
