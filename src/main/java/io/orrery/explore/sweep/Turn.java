package io.orrery.explore.sweep;

import io.orrery.loop.Choices;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;

/** A world to play. */
public record Turn(long seed, Schedule schedule) {
    /** That of which the seed alone decides. */
    public static Turn fresh(long seed, Strategy strategy) {
        return new Turn(seed, new Schedule(strategy, Choices.NONE));
    }
}
