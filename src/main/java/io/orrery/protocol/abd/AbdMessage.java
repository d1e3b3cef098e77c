package io.orrery.protocol.abd;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Preconditions;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.dissemination.Write;
import java.util.Optional;

/** The messages of the phases, besides those of replication. */
sealed interface AbdMessage extends Message {
    /**
     * Asks what a replica has of a key.
     *
     * @param caller which start of which replica asks
     * @param number tells the caller's queries apart
     * @param whole whether it asks for the value, and not for the version alone
     */
    @JsonTypeName("query")
    record Query(Origin caller, long number, Key of, boolean whole) implements AbdMessage {
        @Override
        public String kind() {
            return "query";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(caller, by);
            PlausibilityCheck.number(number);
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(of);
        }

        @Override
        public long bytes() {
            return of.name().length();
        }

        @Override
        public String toString() {
            return "query " + of;
        }
    }

    /**
     * Answers a query: it is on disk.
     *
     * @param version of what the key shows; empty where it has never been written
     * @param write the same with its value, where that was asked for
     */
    @JsonTypeName("state")
    record State(Origin caller, long number, Key of, Optional<Version> version, Optional<Write> write)
            implements AbdMessage {
        @Override
        public String kind() {
            return "state";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.receiver(caller);
            PlausibilityCheck.number(number);
            version.ifPresent(plausibilityCheck::version);
            write.ifPresent(it -> {
                it.check(plausibilityCheck);
                Preconditions.require(
                        it.key().equals(of) && version.equals(Optional.of(it.version())),
                        () -> "the write " + it + " is not that of " + of + " at " + version);
            });
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(of);
        }

        @Override
        public long bytes() {
            return write.map(Write::bytes).orElse((long) of.name().length());
        }

        @Override
        public String toString() {
            return "state " + of
                    + write.map(it -> " = " + it.value().map(Value::json).orElse("(deleted)"))
                            .orElse("") + version.map(it -> " " + it).orElse(": never written");
        }
    }

    /** Asks to keep a write, which any replica made: until it is answered, again and again. */
    @JsonTypeName("store")
    record Store(Write write) implements AbdMessage {
        @Override
        public String kind() {
            return "store";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            write.check(plausibilityCheck);
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(write.key());
        }

        @Override
        public long bytes() {
            return write.bytes();
        }

        @Override
        public String toString() {
            return "store " + write;
        }
    }

    /** The sender has this write of the key, or a newer one, on its disk. */
    @JsonTypeName("stored")
    record Stored(Key of, Dot dot) implements AbdMessage {
        @Override
        public String kind() {
            return "stored";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.count(dot.origin(), dot.sequence());
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(of);
        }

        @Override
        public long bytes() {
            return of.name().length();
        }

        @Override
        public String toString() {
            return "stored " + of + " " + dot;
        }
    }
}
