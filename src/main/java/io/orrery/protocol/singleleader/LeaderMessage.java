package io.orrery.protocol.singleleader;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.Credible;
import io.orrery.protocol.Message;
import io.orrery.protocol.dissemination.Range;
import io.orrery.protocol.dissemination.Replication;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What replicas with a leader say to each other, besides what they say to replicate. */
sealed interface LeaderMessage extends Message {
    /**
     * The kinds of all messages of the family: {@code forward} hands a write to the leader, {@code ordered} answers it;
     * {@code ack} tells the leader that a write has been applied; {@code ask} wants the leader's position for a read,
     * {@code position} tells it; the others are those by which replicas replicate.
     */
    List<String> KINDS = Stream.concat(
                    Stream.of("forward", "ordered", "ack", "ask", "position"), Replication.KINDS.stream())
            .toList();

    /**
     * Hands a client's write to the leader. Sent again until it is answered.
     *
     * @param caller who forwards, in which incarnation
     * @param number tells the caller's writes apart; higher than all before
     * @param settled the caller has had the answers to all up to this number
     */
    @JsonTypeName("forward")
    record Forward(Origin caller, long number, long settled, Operation operation) implements LeaderMessage {
        @Override
        public String kind() {
            return "forward";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.sender(caller, by);
            Credible.number(number);
            Credible.number(settled);
            if (settled >= number || !(operation instanceof Operation.Write || operation instanceof Operation.Delete)) {
                throw new IllegalArgumentException(
                        "no replica forwards " + operation.name() + " " + number + " after " + settled);
            }
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
     * @param caller who forwarded it; another incarnation has forgotten it, and calls another write by its number
     */
    @JsonTypeName("ordered")
    record Ordered(Origin caller, long number, Dot dot, Version version) implements LeaderMessage {
        @Override
        public String kind() {
            return "ordered";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.receiver(caller);
            Credible.number(number);
            credible.count(dot.origin(), dot.sequence());
            credible.version(version);
        }

        @Override
        public String toString() {
            return "ordered " + dot + " " + version;
        }
    }

    /** Tells the leader that these of its writes have been applied. */
    @JsonTypeName("ack")
    record Acknowledge(Origin origin, long first, long last) implements LeaderMessage {
        @Override
        public String kind() {
            return "ack";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            new Range(origin, first, last).check(credible);
        }

        @Override
        public String toString() {
            return "ack " + origin + ":" + first + (first == last ? "" : ".." + last);
        }
    }

    /** Asks the leader what it has ordered, for a read. Sent again until it is answered. */
    @JsonTypeName("ask")
    record AskPosition(Origin caller, long number) implements LeaderMessage {
        @Override
        public String kind() {
            return "ask";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.sender(caller, by);
            Credible.number(number);
        }

        @Override
        public String toString() {
            return "ask for the leader's position";
        }
    }

    /** Answers with all that the leader has ordered. */
    @JsonTypeName("position")
    record Position(Origin caller, long number, VersionVector known) implements LeaderMessage {
        @Override
        public String kind() {
            return "position";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.receiver(caller);
            Credible.number(number);
            credible.counts(known);
        }

        @Override
        public String toString() {
            return "position " + known;
        }
    }
}
