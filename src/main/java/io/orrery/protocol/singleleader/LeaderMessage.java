package io.orrery.protocol.singleleader;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Preconditions;
import io.orrery.model.Version;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.dissemination.Range;
import java.util.Optional;

/** The messages of the family, besides those of replication. */
sealed interface LeaderMessage extends Message {
    /**
     * Hands a client's write to the leader. Sent again until it is answered.
     *
     * @param caller which start of the replica took the write
     * @param number tells the caller's writes apart; higher than all before
     * @param settled the caller has had the answers to all up to this number
     * @param leader the start of the leader that the caller knew when it took the write: of what another one has ordered a
     *     process of the leader may not know; none where the caller knew none
     * @param leaderNumber the number of that start, as the caller knew it; none from an earlier version
     */
    @JsonTypeName("forward")
    record Forward(
            Origin caller,
            long number,
            long settled,
            Optional<Origin> leader,
            Optional<Long> leaderNumber,
            Operation operation)
            implements LeaderMessage {
        @Override
        public String kind() {
            return "forward";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(caller, by);
            PlausibilityCheck.number(number);
            PlausibilityCheck.number(settled);
            leader.ifPresent(plausibilityCheck::receiver);
            leaderNumber.ifPresent(PlausibilityCheck::number);
            Preconditions.require(
                    settled < number
                            && !(operation instanceof Operation.Read)
                            && !(operation instanceof Operation.HandMadeWrite),
                    () -> "no replica forwards " + operation.name() + " " + number + " after " + settled);
        }

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
            return "forward " + operation.name() + " " + operation.key();
        }
    }

    /**
     * Answers a forward: the write is done, as far as its level asks of the leader.
     *
     * @param by which start of the leader answers: it may have been ordered by an earlier one
     * @param caller which start took it
     * @param declined whether it was a compare-and-set that did not match, and was not ordered: dot and version mean nothing then
     */
    @JsonTypeName("ordered")
    record Ordered(Origin by, Origin caller, long number, Dot dot, Version version, Optional<Boolean> declined)
            implements LeaderMessage {
        boolean isDeclined() {
            return declined.orElse(false);
        }

        @Override
        public String kind() {
            return "ordered";
        }

        @Override
        public void check(NodeId sender, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(by, sender);
            plausibilityCheck.receiver(caller);
            PlausibilityCheck.number(number);
            plausibilityCheck.count(dot.origin(), dot.sequence());
            plausibilityCheck.version(version);
        }

        @Override
        public String toString() {
            return isDeclined() ? "does not match" : "ordered " + dot + " " + version;
        }
    }

    /**
     * Tells the leader that these of its writes have been applied.
     *
     * @param by which start of the follower has them: those of one whose place another has taken do not count
     */
    @JsonTypeName("ack")
    record Acknowledge(Origin by, Origin origin, long first, long last) implements LeaderMessage {
        @Override
        public String kind() {
            return "ack";
        }

        @Override
        public void check(NodeId sender, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(by, sender);
            new Range(origin, first, last).check(plausibilityCheck);
        }

        @Override
        public String toString() {
            return "ack " + origin + ":" + first + (first == last ? "" : ".." + last);
        }
    }

    /** Asks what the receiver has, for a read: a follower asks the leader, and the leader its followers. Sent again until it is answered. */
    @JsonTypeName("ask")
    record AskPosition(Origin caller, long number) implements LeaderMessage {
        @Override
        public String kind() {
            return "ask";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(caller, by);
            PlausibilityCheck.number(number);
        }

        @Override
        public String toString() {
            return "ask for the position";
        }
    }

    /**
     * Answers with all that the sender has. To the leader it says besides that this follower knows of no later start of it.
     *
     * @param by which start answers: one whose place another has taken does not know the position
     */
    @JsonTypeName("position")
    record Position(Origin by, Origin caller, long number, VersionVector known) implements LeaderMessage {
        @Override
        public String kind() {
            return "position";
        }

        @Override
        public void check(NodeId sender, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(by, sender);
            plausibilityCheck.receiver(caller);
            PlausibilityCheck.number(number);
            plausibilityCheck.counts(known);
        }

        @Override
        public String toString() {
            return "position " + known;
        }
    }
}
