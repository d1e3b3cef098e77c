package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;
import java.util.Optional;

/** The messages of dissemination. */
sealed interface DisseminationMessage extends Message {
    /** A write, pushed by its origin to every peer when it happens. */
    @JsonTypeName("update")
    record Push(Write write) implements DisseminationMessage {
        @Override
        public String kind() {
            return "update";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(write.dot().origin(), by);
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
            return "update " + write;
        }
    }

    /**
     * The sender's summary, sent periodically: what the receiver lacks may still be in flight. It omits earlier starts
     * whose writes all replicas have.
     */
    @JsonTypeName("digest")
    record Digest(Origin sender, Summary known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "digest";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(sender, by);
            known.check(plausibilityCheck);
        }

        @Override
        public String toString() {
            return "digest " + known;
        }
    }

    /**
     * The sender has just started or become reachable; carries its full summary and asks for an answer.
     *
     * @param sender who it is, in which start, by which number
     * @param isNew whether the receiver has not answered this start yet: read by nodes of earlier versions
     */
    @JsonTypeName("hello")
    record Hello(Started sender, boolean isNew, Summary known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "hello";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(sender.origin(), by);
            plausibilityCheck.start(sender.origin(), sender.number());
            known.check(plausibilityCheck);
        }

        @Override
        public String toString() {
            return "hello from " + sender.origin() + ", having " + known;
        }
    }

    /**
     * Answers a hello: tells all that the sender has, and that it takes no more of what earlier starts have under way. Heard
     * by every process that runs under the id of the replica to which it goes.
     *
     * @param to who said hello
     * @param current the start that the sender takes for the replica: that one, or another that wins over it
     */
    @JsonTypeName("answer")
    record Answer(Origin to, Started current, Summary known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "answer";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.receiver(to);
            plausibilityCheck.receiver(current.origin());
            plausibilityCheck.start(current.origin(), current.number());
            known.check(plausibilityCheck);
        }

        @Override
        public String toString() {
            return "answer to " + to + ", having " + known;
        }
    }

    /**
     * The sender has been replaced by another start, and ends when the receiver has its writes.
     *
     * @param known what it has: to be fetched from this very start
     */
    @JsonTypeName("farewell")
    record Farewell(Origin sender, Summary known) implements DisseminationMessage {
        @Override
        public String kind() {
            return "farewell";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(sender, by);
            known.check(plausibilityCheck);
        }

        @Override
        public String toString() {
            return "farewell of " + sender + ", having " + known;
        }
    }

    /**
     * Asks for all that the receiver has and the sender has not.
     *
     * @param sender who asks, in which start
     * @param of the start that is asked, if it has been replaced by another; otherwise any start of the receiver
     * @param part which answers of this catch-up the asker has taken in, by a number that it uses for no others; 0 for
     *     none
     * @param known what the sender has, and what those answers have brought
     * @param scanned how far the receiver's answers of the same catch-up have come: nothing up to there is wanted again
     */
    @JsonTypeName("fetch")
    record Fetch(Origin sender, Optional<Origin> of, long part, Summary known, VersionVector scanned)
            implements DisseminationMessage {
        @Override
        public String kind() {
            return "fetch";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(sender, by);
            of.ifPresent(plausibilityCheck::receiver);
            PlausibilityCheck.number(part);
            known.check(plausibilityCheck);
            plausibilityCheck.counts(scanned);
        }

        @Override
        public String toString() {
            return "fetch, having " + known + (scanned.equals(VersionVector.EMPTY) ? "" : ", scanned " + scanned);
        }
    }

    /**
     * Answers a fetch, or a part of it.
     *
     * @param from who answers, in which start: another may have something else
     * @param to who asked; another start is not meant, as it has forgotten what the answer builds on
     * @param part the answers on which this one builds, as the fetch said: who has not taken in those can do nothing with it
     * @param scanned how far the answers have come, this one included
     * @param complete all that the sender knows, when nothing is left to send. Who has taken in all answers knows it too:
     *     each write of it, or the one by which it was superseded
     */
    @JsonTypeName("delta")
    record Delta(
            Origin from, Origin to, long part, List<Write> writes, VersionVector scanned, Optional<Summary> complete)
            implements DisseminationMessage {
        @Override
        public String kind() {
            return "delta";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.sender(from, by);
            plausibilityCheck.receiver(to);
            PlausibilityCheck.number(part);
            writes.forEach(write -> write.check(plausibilityCheck));
            plausibilityCheck.counts(scanned);
            complete.ifPresent(summary -> summary.check(plausibilityCheck));
        }

        @Override
        public long bytes() {
            return writes.stream().mapToLong(Write::bytes).sum();
        }

        @Override
        public String toString() {
            return "delta " + writes
                    + complete.map(summary -> ", complete to " + summary).orElse(", more to come");
        }
    }
}
