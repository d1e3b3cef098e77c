package io.orrery.zoo.majority;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.Locale;
import java.util.Optional;

/** What the replicas say to each other. */
sealed interface MajorityMessage extends Message {
    /**
     * Tells a phase of an operation from all others.
     *
     * @param life the start of the replica that the client asked
     * @param number counted by that start
     */
    record Phase(String life, long number) {}

    @Override
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    default void check(NodeId by, PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.peer(by);
    }

    /** Asks for the receiver's copy. */
    @JsonTypeName("query")
    record Query(Phase phase, Key about) implements MajorityMessage {
        @Override
        public Optional<Key> key() {
            return Optional.of(about);
        }

        @Override
        public String toString() {
            return "query " + phase.number() + " of " + about;
        }
    }

    /** The answer. */
    @JsonTypeName("state")
    record State(Phase phase, Optional<Copy> copy) implements MajorityMessage {
        @Override
        public String toString() {
            return "answer to " + phase.number() + ": "
                    + copy.map(Copy::toString).orElse("nothing");
        }
    }

    /** Asks the receiver to keep a copy, unless it has a later one. */
    @JsonTypeName("store")
    record Store(Phase phase, Copy copy) implements MajorityMessage {
        @Override
        public Optional<Key> key() {
            return Optional.of(copy.key());
        }

        @Override
        public String toString() {
            return "store " + phase.number() + ": " + copy;
        }
    }

    /** The receiver has it, or a later one, on its disk. */
    @JsonTypeName("stored")
    record Stored(Phase phase) implements MajorityMessage {
        @Override
        public String toString() {
            return "stored " + phase.number();
        }
    }
}
