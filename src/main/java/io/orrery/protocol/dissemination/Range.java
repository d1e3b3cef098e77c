package io.orrery.protocol.dissemination;

import io.orrery.model.CounterLimits;
import io.orrery.model.Origin;
import io.orrery.model.Preconditions;
import io.orrery.protocol.PlausibilityCheck;

/** A run of writes of one origin, both ends included. */
public record Range(Origin origin, long first, long last) {
    public Range {
        CounterLimits.require("the end of a range", last, 1);
        Preconditions.require(first >= 1 && last >= first, () -> "not a range: " + first + ".." + last);
    }

    /** Checks that an origin can have made so many writes. */
    public void check(PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.count(origin, last);
    }

    @Override
    public String toString() {
        return first == last ? origin + ":" + first : origin + ":" + first + ".." + last;
    }
}
