package io.orrery.protocol.dissemination;

import io.orrery.model.Origin;

/** A run of writes of one origin, both ends included. */
public record Range(Origin origin, long first, long last) {
    public Range {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("not a range: " + first + ".." + last);
        }
    }

    @Override
    public String toString() {
        return first == last ? origin + ":" + first : origin + ":" + first + ".." + last;
    }
}
