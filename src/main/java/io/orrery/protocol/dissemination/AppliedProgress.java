package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.CounterLimits;
import io.orrery.model.Origin;

/**
 * The progress of a replica with an origin, as a journal entry. It is written after the write itself: a crash between
 * the two makes the replica fetch the write again, never miss it.
 *
 * @param origin whose writes
 * @param upTo all writes of the origin up to this sequence have been taken in
 * @param clock the Lamport clock at that moment
 */
@JsonTypeName("progress")
record AppliedProgress(Origin origin, long upTo, long clock) implements ReplicationEntry {
    AppliedProgress {
        CounterLimits.require("a replica's progress", upTo, 0);
        CounterLimits.require("a time of the clock", clock, 0);
    }

    @Override
    public Object slot() {
        return origin;
    }
}
