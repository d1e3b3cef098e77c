package io.orrery.simulation.oracle;

import io.orrery.model.Durations;
import io.orrery.protocol.NamedInvariant;
import java.time.Duration;

/**
 * An invariant did not hold: the first time of its kind in a world.
 *
 * @param at the virtual time at which it was seen
 * @param what was seen
 */
public record Breach(NamedInvariant invariant, Duration at, String what) {
    @Override
    public String toString() {
        return invariant + " broke at " + Durations.format(at) + ": " + what + " (" + invariant.sentence() + ")";
    }
}
