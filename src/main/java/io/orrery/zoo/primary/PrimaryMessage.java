package io.orrery.zoo.primary;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the replicas say to each other. */
sealed interface PrimaryMessage extends Message {
    @Override
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    default void check(NodeId by, PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.peer(by);
    }

    /** Hands a client's operation to the leader. Sent again until it is answered. */
    @JsonTypeName("forward")
    record Forward(Entry.Call call, Operation operation) implements PrimaryMessage {
        @Override
        public Optional<Key> key() {
            return Optional.of(operation.key());
        }

        @Override
        public String toString() {
            return "forward " + call.number() + ": " + operation.name() + " " + operation.key();
        }
    }

    /** The answer. */
    @JsonTypeName("answer")
    record Answer(Entry.Call call, Optional<Value> value, Optional<Version> version) implements PrimaryMessage {
        @Override
        public String toString() {
            return "answer to " + call.number() + ": "
                    + version.map(Version::toString).orElse("nothing");
        }
    }

    /** Entries of the log in a row, and how far it is committed. */
    @JsonTypeName("append")
    record Append(List<Entry> entries, long committed) implements PrimaryMessage {
        @Override
        public String toString() {
            return "append " + entries + ", committed " + committed;
        }
    }

    /**
     * How many entries the sender has on its disk.
     *
     * @param asks whether it has still to hear how many of them are committed
     */
    @JsonTypeName("ack")
    record Ack(long upTo, boolean asks) implements PrimaryMessage {
        @Override
        public String toString() {
            return "has " + upTo;
        }
    }
}
