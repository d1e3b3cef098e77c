package io.orrery.explore.sweep;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a sweep came to. But for the time that it took it depends on its plan and the number of its worlds alone, and not on
 * the number of threads.
 *
 * @param tallies one for each scenario of the plan
 * @param end why there were no more worlds
 * @param took in real time
 */
public record SweepResult(SweepPlan plan, List<Tally> tallies, End end, Duration took) {
    public SweepResult {
        tallies = List.copyOf(tallies);
    }

    /** Why a sweep ends. */
    public enum End {
        /** All seeds have been played. */
        SEEDS,
        /** Its time was over. */
        TIME,
        /** It looked for one violation, and found it. */
        VIOLATION,
        /** Somebody ended it. */
        INTERRUPTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How many worlds were played. */
    public long worlds() {
        return tallies.stream().mapToLong(Tally::worlds).sum();
    }

    /** Whether something went otherwise than expected. */
    public boolean isViolated() {
        return tallies.stream().anyMatch(tally -> !tally.findings().isEmpty());
    }

    /** Whether there were worlds, and all went as expected, with nothing undecided. */
    public boolean holds() {
        return worlds() > 0 && !isViolated() && tallies.stream().noneMatch(Tally::isUndecided);
    }
}
