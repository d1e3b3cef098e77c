package io.orrery.protocol.raft;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/** The journal entries of a replica beside its log. */
sealed interface RaftEntry extends JournalEntry {
    /**
     * The term and the vote (paper, figure 2: persistent state).
     *
     * @param counts whether the replica makes a majority with others: see {@link Ballots#counts}
     */
    @JsonTypeName("ballot")
    record Ballot(long term, Optional<NodeId> vote, boolean counts) implements RaftEntry {
        @Override
        public Object slot() {
            return "ballot";
        }
    }

    /** A part of the state machine, as the snapshot has it. */
    @JsonSubTypes({@JsonSubTypes.Type(Item.class), @JsonSubTypes.Type(Answered.class)})
    sealed interface Content extends RaftEntry {}

    /** A key of the store. */
    @JsonTypeName("item")
    record Item(Key key, Optional<Value> value, Version version) implements Content, Update {
        @Override
        public Object slot() {
            return key;
        }

        @Override
        public long bytes() {
            return Update.super.bytes();
        }

        @Override
        public String toString() {
            return key + " = " + value.map(Value::json).orElse("deleted") + " " + version;
        }
    }

    /**
     * What has become of a request with an id: see {@link Answers}.
     *
     * @param place how many such requests were carried out before it
     * @param ring the place on disk, which is used again when the request that has it is forgotten
     * @param name the id, without when it was made
     * @param digest of the operation
     * @param index that of the entry of the log
     * @param version the version that it made, or that it found in the place of the expected one
     * @param matched whether it did what it was to do
     * @param found the value that it found, if it did not
     */
    @JsonTypeName("answered")
    record Answered(
            long place,
            long ring,
            String name,
            String digest,
            long index,
            Optional<Version> version,
            boolean matched,
            Optional<Value> found)
            implements Content {
        @Override
        public Object slot() {
            return "answered/" + ring;
        }

        @Override
        public long bytes() {
            return found.map(it -> it.json().length()).orElse(0);
        }
    }

    /**
     * The items on disk are the snapshot at this entry of the log (paper, section 7).
     *
     * @param alone whether nothing of the log before it counts any more: it came from a leader, whose log was another
     */
    @JsonTypeName("kept")
    record Kept(long index, long term, boolean alone) implements RaftEntry {
        @Override
        public Object slot() {
            return "snapshot";
        }
    }

    /** All up to this entry is known to be committed: a hint that saves a replica from showing less after a crash. */
    @JsonTypeName("committed")
    record Committed(long index) implements RaftEntry {
        @Override
        public Object slot() {
            return "committed";
        }
    }
}
