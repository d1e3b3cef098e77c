package org.example.chain;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.Message;
import java.util.List;
import java.util.Optional;

/** What the replicas of a chain say to each other. */
sealed interface ChainMessage extends Message {
    @Override
    default String kind() {
        return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    default void check(NodeId by, PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.peer(by);
    }

    /**
     * Hands a client's operation to the head or to the tail. Sent again until it is answered.
     *
     * @param start of the replica that was asked
     * @param number tells its requests apart
     * @param oldest all with lower numbers are over
     */
    @JsonTypeName("ask")
    record Ask(String start, long number, long oldest, Operation operation) implements ChainMessage {
        @Override
        public Optional<Key> key() {
            return Optional.of(operation.key());
        }

        @Override
        public long bytes() {
            return operation.bytes();
        }

        @Override
        public String toString() {
            return "ask " + operation.name() + " " + operation.key();
        }
    }

    /** The answer. */
    @JsonTypeName("told")
    record Told(String start, long number, Optional<Value> value, Optional<Version> version) implements ChainMessage {
        @Override
        public String toString() {
            return "told " + number + " " + version.map(Version::toString).orElse("nothing");
        }
    }

    /** To the successor: all that is current and was ordered after one number, up to another. */
    @JsonTypeName("pass")
    record Pass(long after, List<Item> items, long upTo) implements ChainMessage {
        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.peer(by);
            items.forEach(item -> plausibilityCheck.version(item.version()));
            if (after < 0 || after > upTo || items.stream().anyMatch(it -> it.number() > upTo)) {
                throw new IllegalArgumentException("no chain passes " + this);
            }
        }

        @Override
        public long bytes() {
            return items.stream().mapToLong(Item::bytes).sum();
        }
    }

    /** To the predecessor: what its successor has, and what the tail has. */
    @JsonTypeName("have")
    record Have(long upTo, long stable) implements ChainMessage {}
}
