package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.CounterLimits;
import io.orrery.model.Origin;

/**
 * A replica has started. Of several processes that run under one id, the start with the highest number is the replica, and
 * of equal numbers the one with the highest id.
 *
 * @param number above those of all starts of the replica that this one was told of; 1 for the first that anybody knows
 */
@JsonTypeName("started")
record Started(Origin origin, long number) implements ReplicationEntry {
    Started {
        CounterLimits.require("the number of a start", number, 0);
    }

    /** Whether this one is the replica if both run. */
    boolean winsOver(Started other) {
        return number != other.number ? number > other.number : origin.start().compareTo(other.origin.start()) > 0;
    }

    /** The same start with another number. */
    Started numbered(long other) {
        return new Started(origin, other);
    }

    /** One slot for each replica: this one's own start, and the latest of each peer that it has heard of. */
    @Override
    public Object slot() {
        return "start of " + origin.node();
    }

    @Override
    public String toString() {
        return origin + " (start " + number + ")";
    }
}
