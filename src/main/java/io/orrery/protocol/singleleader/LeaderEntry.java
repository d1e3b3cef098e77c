package io.orrery.protocol.singleleader;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/** The journal entries of the family, besides those of replication. */
sealed interface LeaderEntry extends JournalEntry {
    /** How many writes a replica may have handed to the leader without an answer; the slots of the others are used again. */
    int WINDOW = 4096;

    /**
     * The leader has ordered this forwarded write: it must not do so again.
     *
     * @param place among those that the leader has ordered for the caller's replica
     * @param declined whether it was a compare-and-set that did not match: it was not ordered, and must not be, as its client may
     *     know that it did not match. Dot and version mean nothing then
     */
    @JsonTypeName("ordered")
    record OrderedFor(Origin caller, long number, long place, Dot dot, Version version, Optional<Boolean> declined)
            implements LeaderEntry {
        /** Room for two processes under one id, each with a full window. */
        static final int PLACES = 2 * WINDOW;

        @Override
        public Object slot() {
            return "ordered for " + caller.node() + "/" + place % PLACES;
        }
    }

    /** What the first format of data directories kept in the place of {@link OrderedFor}: it is read, and passed over. */
    @JsonTypeName("taken")
    record Taken(NodeId caller, long incarnation, long number, Dot dot, Version version) implements LeaderEntry {
        @Override
        public Object slot() {
            return "obsolete";
        }
    }

    /**
     * Peers knew of writes of the leader that it did not know itself: another process has ordered them, or its memory was
     * lost. It does not know which forwards they were made for, and orders none again whose caller knew an earlier start.
     *
     * @param start that of the leader which found this
     * @param number its number then: above those of all starts whose orders it may not know
     */
    @JsonTypeName("fenced")
    record Fenced(Origin start, long number) implements LeaderEntry {
        @Override
        public Object slot() {
            return "fence of forwards";
        }
    }

    /**
     * A write that was answered before the leader had it: it must reach the leader, whatever happens.
     *
     * @param caller the start of this replica that took it, by which the leader knows it again; none in a directory of the
     *     first format
     */
    @JsonTypeName("handed")
    record Handed(Optional<Origin> caller, long number, Operation operation) implements LeaderEntry {
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
