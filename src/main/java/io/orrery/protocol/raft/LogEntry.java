package io.orrery.protocol.raft;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.RequestId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/** An entry of the replicated log (paper, section 5.3): its index, and the term of the leader that made it. */
@JsonSubTypes({
    @JsonSubTypes.Type(LogEntry.Command.class),
    @JsonSubTypes.Type(LogEntry.Begun.class),
    @JsonSubTypes.Type(LogEntry.Admitted.class)
})
sealed interface LogEntry extends JournalEntry {
    /** So many entries after its snapshot a log may have: the slots of the others are used again. */
    int RING = 8_192;

    long index();

    long term();

    @Override
    default Object slot() {
        return "log/" + index() % RING;
    }

    /**
     * A client's write.
     *
     * @param leader that of the term, by its start: after a loss of all memory an index is given again, and no version is
     * @param caller the start of the replica that took it, which knows it again when it is applied
     * @param number tells the writes of the caller apart
     * @param request the client's own id of its request, if it gave one
     */
    @JsonTypeName("command")
    record Command(
            long index,
            long term,
            Origin leader,
            Origin caller,
            long number,
            Optional<RequestId> request,
            Operation operation)
            implements LogEntry, Update {
        @Override
        public Key key() {
            return operation.key();
        }

        @Override
        public Optional<Value> value() {
            return operation.newValue();
        }

        /** The place in the order of all writes. */
        @Override
        public Version version() {
            return new Version(index, leader);
        }

        @Override
        public long bytes() {
            return operation.bytes();
        }

        @Override
        public String toString() {
            return operation.name() + " " + key() + " " + version() + " of term " + term;
        }
    }

    /**
     * The first entry of a term: once it is committed, all before it is (paper, section 8).
     *
     * @param unanimous whether all replicas have voted for the leader: see {@link Ballots#counts}
     */
    @JsonTypeName("begun")
    record Begun(long index, long term, NodeId leader, boolean unanimous) implements LogEntry {
        @Override
        public String toString() {
            return "term " + term + " of " + leader;
        }
    }

    /** A replica that had nothing on disk counts from here on: see {@link Ballots#counts}. */
    @JsonTypeName("admitted")
    record Admitted(long index, long term, NodeId replica, Origin start) implements LogEntry {
        @Override
        public String toString() {
            return "admitted " + replica;
        }
    }
}
