package io.orrery.protocol.singleleader;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;

/** What a replica of the family keeps, besides its copy of the data. */
sealed interface LeaderEntry extends JournalEntry {
    /** How many writes a replica may have handed to the leader without an answer; the slots of the others are used again. */
    int WINDOW = 4096;

    /** The leader has ordered this forwarded write: it must not do so again. */
    @JsonTypeName("taken")
    record Taken(NodeId caller, long incarnation, long number, Dot dot, Version version) implements LeaderEntry {
        @Override
        public Object slot() {
            return "taken from " + caller + "/" + number % WINDOW;
        }
    }

    /** A write that was answered before the leader had it: it must reach the leader, whatever happens. */
    @JsonTypeName("handed")
    record Handed(long number, Operation operation) implements LeaderEntry {
        @Override
        public Object slot() {
            return "handed/" + number % WINDOW;
        }

        @Override
        public long bytes() {
            return operation.bytes();
        }
    }

    /** The leader has a {@link Handed} write. */
    @JsonTypeName("settled")
    record Settled(long number) implements LeaderEntry {
        @Override
        public Object slot() {
            return "handed/" + number % WINDOW;
        }
    }
}
