package io.orrery.zoo.gossip;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;
import java.util.Optional;

/** What the replicas say to each other. */
sealed interface GossipMessage extends Message {
    @Override
    default void check(NodeId by, PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.peer(by);
    }

    /** Sent to all when a write is made, and again to who lacks it. */
    @JsonTypeName("spread")
    record Spread(Write write) implements GossipMessage {
        @Override
        public String kind() {
            return "spread";
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(write.key());
        }

        @Override
        public String toString() {
            return write.toString();
        }
    }

    /** Says what the sender has: the receiver answers with what it lacks. */
    @JsonTypeName("compare")
    record Compare(VersionVector known) implements GossipMessage {
        @Override
        public String kind() {
            return "compare";
        }

        @Override
        public String toString() {
            return "has " + known;
        }
    }

    /** Writes that the receiver lacks, in the order in which the sender applied them. */
    @JsonTypeName("missed")
    record Missed(List<Write> writes) implements GossipMessage {
        @Override
        public String kind() {
            return "missed";
        }

        @Override
        public String toString() {
            return writes.size() + " writes that you missed";
        }
    }
}
