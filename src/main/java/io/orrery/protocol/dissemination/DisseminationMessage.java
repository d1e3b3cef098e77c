package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Credible;
import io.orrery.protocol.Message;
import java.util.List;
import java.util.Optional;

/** What multi-master replicas say to each other. */
sealed interface DisseminationMessage extends Message {
    /** A write, pushed by its origin to every peer when it happens. */
    @JsonTypeName("update")
    record Push(Write write) implements DisseminationMessage {
        @Override
        public String kind() {
            return "update";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.sender(write.dot().origin(), by);
            write.check(credible);
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
            return "update " + write;
        }
    }

    /** What the sender has, told from time to time: what the receiver lacks may be on its way to it. */
    @JsonTypeName("digest")
    record Digest(Known known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "digest";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            known.check(credible);
        }

        @Override
        public String toString() {
            return "digest " + known;
        }
    }

    /**
     * The sender has just come (back), tells what it has, and wants an answer.
     *
     * @param sender who it is, in which incarnation
     */
    @JsonTypeName("hello")
    record Hello(Origin sender, Known known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "hello";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.sender(sender, by);
            known.check(credible);
        }

        @Override
        public String toString() {
            return "hello from " + sender + ", having " + known;
        }
    }

    /**
     * Answers a hello: tells what the sender has, and that it has sealed the earlier incarnations.
     *
     * @param to who said hello; another incarnation is not meant
     */
    @JsonTypeName("answer")
    record Answer(Origin to, Known known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "answer";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.receiver(to);
            known.check(credible);
        }

        @Override
        public String toString() {
            return "answer to " + to + ", having " + known;
        }
    }

    /**
     * Asks for all that the receiver has and the sender has not.
     *
     * @param sender who asks, in which incarnation
     * @param part which answers of this catch-up the asker has taken in, by a number that it uses for no others; 0 for none
     * @param known what the sender has, and what those answers have brought
     * @param scanned how far the receiver's answers of the same catch-up have come: nothing up to there is wanted again
     */
    @JsonTypeName("fetch")
    record Fetch(Origin sender, long part, Known known, VersionVector scanned) implements DisseminationMessage {
        @Override
        public String kind() {
            return "fetch";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.sender(sender, by);
            Credible.number(part);
            known.check(credible);
            credible.counts(scanned);
        }

        @Override
        public String toString() {
            return "fetch, having " + known + (scanned.equals(VersionVector.EMPTY) ? "" : ", scanned " + scanned);
        }
    }

    /**
     * Answers a fetch, or a part of it.
     *
     * @param from who answers, in which incarnation: a later one may have something else
     * @param to who asked; another incarnation is not meant, as it has forgotten what the answer builds on
     * @param part the answers on which this one builds, as the fetch said: who has not taken in those can do nothing with it
     * @param scanned how far the answers have come, this one included
     * @param complete all that the sender knows, when nothing is left to send. Who has taken in all answers knows it too:
     *     each write of it, or the one by which it was superseded
     */
    @JsonTypeName("delta")
    record Delta(Origin from, Origin to, long part, List<Write> writes, VersionVector scanned, Optional<Known> complete)
            implements DisseminationMessage {
        @Override
        public String kind() {
            return "delta";
        }

        @Override
        public void check(NodeId by, Credible credible) {
            credible.sender(from, by);
            credible.receiver(to);
            Credible.number(part);
            writes.forEach(write -> write.check(credible));
            credible.counts(scanned);
            complete.ifPresent(known -> known.check(credible));
        }

        @Override
        public long bytes() {
            return writes.stream().mapToLong(Write::bytes).sum();
        }

        @Override
        public String toString() {
            return "delta " + writes
                    + complete.map(known -> ", complete to " + known).orElse(", more to come");
        }
    }
}
