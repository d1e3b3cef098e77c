package io.orrery.model;

import java.util.Objects;
import java.util.Optional;

/** How an operation ended. It took effect, it did not, or the outcome is unknown. A timeout is never a failure. */
public sealed interface Outcome {
    /** The client's session token after the operation, opaque to the client; empty if the protocol needs none. */
    default String session() {
        return "";
    }

    /** Whether its client knows now what has happened, and what was there: that a version did not match, too. */
    default boolean isAnswer() {
        return this instanceof Done || this instanceof Mismatch;
    }

    /**
     * The operation took effect.
     *
     * @param value the value written or read; empty after a delete or if the key is absent
     * @param version the version written or read; empty if the key never had one
     */
    record Done(Optional<Value> value, Optional<Version> version, Status status, String session) implements Outcome {
        public Done {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(session, "session");
        }
    }

    /**
     * A compare-and-set found another version than the expected one, and changed nothing. That is an observation, as a read is.
     *
     * @param value the value found; empty if the key is absent
     * @param version the version found; empty if the key never had one
     */
    record Mismatch(Optional<Value> value, Optional<Version> version, String session) implements Outcome {
        public Mismatch {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(session, "session");
        }

        /** What a read has found in the place of the expected version. */
        public static Mismatch of(Done read) {
            return new Mismatch(read.value(), read.version(), read.session());
        }
    }

    /** The operation did not take effect and never will. */
    record Refused(Reason reason, String detail) implements Outcome {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** Unknown: it may have taken effect, may take effect later, or never. */
    record Unknown(String detail) implements Outcome {
        public Unknown {
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** How far a successful operation has got when it returns. */
    enum Status {
        /** The replica that was asked shows it. */
        APPLIED,
        /** The replica that was asked buffers it until its dependencies are applied. */
        BUFFERED,
        /** It was forwarded; no replica is known to show it yet. */
        ACCEPTED,
        /** An earlier request with the same id did it; this is the result of that one. */
        REPEATED;

        private final String word = name().toLowerCase(java.util.Locale.ROOT);

        @Override
        public String toString() {
            return word;
        }
    }

    /** Why an operation was refused. */
    enum Reason {
        /** Too many requests are waiting: try again later. */
        OVERLOADED,
        /** The replica that was asked is down. */
        UNAVAILABLE,
        /** The replica that was asked refuses this operation; the detail is the id of the replica that accepts it. */
        NOT_LEADER,
        /** The write was made by hand, and the replica that was asked has one that is as new or newer. */
        OUTDATED,
        /** The write would take the store beyond its memory limit: a delete makes room. */
        FULL,
        /** The request contradicts what the replica knows, or its session token cannot be read. */
        INVALID,
        /** The protocol does not offer this operation. */
        UNSUPPORTED,
        /** The request has the id of another one. */
        REUSED,
        /** A request with this id may have been carried out, so long ago that nobody remembers. */
        FORGOTTEN
    }
}
