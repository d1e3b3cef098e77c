package io.orrery.protocol.raft;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.RequestId;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.raft.RaftEntry.Content;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the replicas say to each other. */
sealed interface RaftMessage extends Message {
    @Override
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    default void check(NodeId by, PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.peer(by);
        numbers().forEach(number -> CounterLimits.require("a number of raft", number, 0));
    }

    /** The terms, indexes and counts in it. */
    List<Long> numbers();

    /**
     * Asks for a vote (paper, section 5.2).
     *
     * @param term that in which the sender wants to lead
     * @param trial whether it only asks whether it would get the vote (dissertation, section 9.6)
     * @param transfer whether the leader has asked it to (dissertation, section 3.10)
     */
    @JsonTypeName("vote")
    record Vote(long term, boolean trial, boolean transfer, long last, long lastTerm) implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, last, lastTerm);
        }

        @Override
        public String toString() {
            return (trial ? "would you vote for me in term " : "vote for me in term ") + term + "? my log ends with "
                    + last + " of term " + lastTerm;
        }
    }

    /**
     * The answer.
     *
     * @param term that of the voter
     * @param asked that of the candidate
     * @param blank the start of a voter that is not counted yet: its vote is good only where all vote alike
     */
    @JsonTypeName("voted")
    record Voted(long term, long asked, boolean trial, boolean granted, Optional<Origin> blank) implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, asked);
        }

        @Override
        public String toString() {
            return (granted ? "yes" : "no") + (trial ? ", I would" : "") + ", in term " + asked
                    + (granted ? "" : "; mine is " + term);
        }
    }

    /**
     * Entries for a follower, or none: a heartbeat (paper, section 5.3).
     *
     * @param epoch what the leader believes of the follower since it was heard to be new; repeated in the answer
     * @param round a count that the answer repeats: it shows that the sender still leads then (dissertation, section 6.4)
     * @param previous the index of the entry before these
     * @param commit up to where all is committed
     */
    @JsonTypeName("append")
    record Append(
            long term, long epoch, long round, long previous, long previousTerm, List<LogEntry> entries, long commit)
            implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, epoch, round, previous, previousTerm, commit);
        }

        @Override
        public long bytes() {
            return entries.stream().mapToLong(LogEntry::bytes).sum();
        }

        @Override
        public String toString() {
            String what = entries.isEmpty()
                    ? "heartbeat"
                    : entries.size() == 1 ? entries.get(0).toString() : entries.size() + " entries";
            return "term " + term + ": " + what + " after " + previous + ", committed " + commit;
        }
    }

    /**
     * The answer of a follower.
     *
     * @param isStored whether it has all up to an index
     * @param index that one; otherwise from where on to try again
     * @param otherTerm the term in which it has something else there; 0 if it has nothing there
     * @param previous that of the append, or 0
     * @param blank the start of a follower that is not counted yet
     */
    @JsonTypeName("appended")
    record Appended(
            long term,
            long epoch,
            long round,
            boolean isStored,
            long index,
            long otherTerm,
            long previous,
            Optional<Origin> blank)
            implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, epoch, round, index, otherTerm, previous);
        }

        @Override
        public String toString() {
            return "term " + term + ": " + (isStored ? "stored up to " + index : "not after " + previous)
                    + (blank.isPresent() ? ", new here" : "");
        }
    }

    /** All up to an index is committed. Sent at once, so that nobody waits for the next heartbeat. */
    @JsonTypeName("commit")
    record Commit(long term, long index) implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, index);
        }

        @Override
        public String toString() {
            return "term " + term + ": committed " + index;
        }
    }

    /**
     * A part of the leader's snapshot, for a follower that lacks what the leader's log no longer has (paper, section 7).
     *
     * @param index of the last entry in the snapshot
     * @param offset how many parts came before these
     * @param items keys of the store, and requests that are remembered
     * @param size how many there are
     */
    @JsonTypeName("snapshot")
    record Snapshot(long term, long epoch, long index, long indexTerm, int offset, List<Content> items, int size)
            implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, epoch, index, indexTerm, (long) offset, (long) size);
        }

        @Override
        public long bytes() {
            return items.stream().mapToLong(Content::bytes).sum();
        }

        @Override
        public String toString() {
            return "term " + term + ": snapshot at " + index + ", " + (offset + items.size()) + " of " + size
                    + " parts";
        }
    }

    /** A follower has so many parts of a snapshot. */
    @JsonTypeName("taken")
    record Taken(long term, long epoch, long index, int items) implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(term, epoch, index, (long) items);
        }

        @Override
        public String toString() {
            return "term " + term + ": has " + items + " parts of the snapshot at " + index;
        }
    }

    /**
     * Hands a client's write to the leader of a term. Sent again until it is applied, or the term is over.
     *
     * @param oldest all writes of the caller with lower numbers are over
     */
    @JsonTypeName("forward")
    record Forward(long term, Origin caller, long number, long oldest, Optional<RequestId> request, Operation operation)
            implements RaftMessage {
        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            RaftMessage.super.check(by, plausibilityCheck);
            plausibilityCheck.sender(caller, by);
            if (operation instanceof Operation.Read || operation instanceof Operation.HandMadeWrite) {
                throw new IllegalArgumentException("no replica forwards " + operation.name());
            }
        }

        @Override
        public List<Long> numbers() {
            return List.of(term, number, oldest);
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

    /** Asks the leader up to where a read that comes now must see (dissertation, section 6.4). */
    @JsonTypeName("ask")
    record Ask(Origin caller, long number) implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(number);
        }

        @Override
        public String toString() {
            return "ask for the read index";
        }
    }

    /** The answer. */
    @JsonTypeName("index")
    record Index(Origin caller, long number, long index) implements RaftMessage {
        @Override
        public List<Long> numbers() {
            return List.of(number, index);
        }

        @Override
        public String toString() {
            return "read at " + index;
        }
    }
}
