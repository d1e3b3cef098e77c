package io.orrery.explore.sweep;

import io.orrery.loop.Strategy;
import io.orrery.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a sweep plays. Each seed is played under each scenario before the next seed begins.
 *
 * @param scenarios one or more; several are the same story under several protocols
 * @param firstSeed the seed of the first worlds
 * @param lastSeed the seed of the last ones, where nothing else ends the sweep before
 * @param time after how long no further world begins; empty for no limit
 * @param untilViolation whether the first world with a finding is the last one
 * @param threads how many worlds are played at a time
 * @param coverage whether it is also said what the worlds covered
 */
public record SweepPlan(
        List<Scenario> scenarios,
        long firstSeed,
        long lastSeed,
        Optional<Duration> time,
        boolean untilViolation,
        int threads,
        Strategy strategy,
        boolean coverage) {
    /** Without a word on coverage. */
    public SweepPlan(
            List<Scenario> scenarios,
            long firstSeed,
            long lastSeed,
            Optional<Duration> time,
            boolean untilViolation,
            int threads,
            Strategy strategy) {
        this(scenarios, firstSeed, lastSeed, time, untilViolation, threads, strategy, false);
    }

    /** @throws IllegalArgumentException when nothing is to be played, or nobody plays */
    public SweepPlan {
        scenarios = List.copyOf(scenarios);
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException("a sweep plays one scenario or more");
        }
        if (lastSeed < firstSeed) {
            throw new IllegalArgumentException(
                    "seeds go from a lower to a higher one, and not from " + firstSeed + " to " + lastSeed);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("a sweep has 1 thread or more, not " + threads);
        }
    }

    /** Whether worlds that showed something new decide which further ones are played. */
    public boolean isGuided() {
        return strategy.equals(Strategy.GUIDED);
    }

    /** The same, with so many worlds played at a time. */
    public SweepPlan withThreads(int other) {
        return new SweepPlan(scenarios, firstSeed, lastSeed, time, untilViolation, other, strategy, coverage);
    }

    /** How many worlds there are, unless the sweep ends before; {@link Long#MAX_VALUE} for more than a number can tell. */
    public long worlds() {
        long seeds = lastSeed - firstSeed + 1;
        long worlds = seeds * scenarios.size();
        return seeds <= 0 || worlds / scenarios.size() != seeds ? Long.MAX_VALUE : worlds;
    }
}
