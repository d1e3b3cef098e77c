package io.orrery.model;

import java.util.Objects;
import java.util.Optional;

/**
 * How an operation ended. There are three ways, from end to end: it happened, it did not happen, or nobody knows. A
 * time-out is never a failure.
 */
public sealed interface Outcome {
    /** The client's context after the operation, opaque to the client; empty where the protocol needs none. */
    default String session() {
        return "";
    }

    /**
     * The operation took effect.
     *
     * @param value what is there now: the value written or read; empty after a delete or where the key is absent
     * @param version the version written or read; empty where the key never had one
     */
    record Done(Optional<Value> value, Optional<Version> version, Status status, String session) implements Outcome {
        public Done {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(session, "session");
        }
    }

    /** The operation did not take effect and never will. */
    record Refused(Reason reason, String detail) implements Outcome {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** Nobody knows: it may have taken effect, may take effect later, or never. */
    record Unknown(String detail) implements Outcome {
        public Unknown {
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** How far a successful operation has come when it answers. */
    enum Status {
        /** The asked replica shows it. */
        APPLIED,
        /** The asked replica holds it until what it depends on is there. */
        BUFFERED,
        /** It was handed on; no replica is known to show it yet. */
        ACCEPTED;

        private final String word = name().toLowerCase(java.util.Locale.ROOT);

        @Override
        public String toString() {
            return word;
        }
    }

    /** Why an operation was refused. */
    enum Reason {
        /** Too much is waiting already: try again a little later. */
        OVERLOADED,
        /** The asked replica is down. */
        UNAVAILABLE,
        /** The asked replica takes no such operation; the detail is the id of the one that does. */
        NOT_LEADER,
        /** The write was made by hand, and the asked replica has one that is as new: it was not taken. */
        OUTDATED,
        /** The write would take more memory than the asked replica has for its store: a delete makes room. */
        FULL,
        /** The request contradicts what the replica knows, or its session token cannot be read. */
        INVALID
    }
}
