package io.orrery.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a scenario.
 *
 * @param checks all that was expected, in the order of the file, and what was seen
 * @param virtualTime how long it took in the world
 * @param wallTime how long it took here
 * @param counts how much happened
 */
public record Run(
        Scenario scenario, long seed, List<Check> checks, Duration virtualTime, Duration wallTime, Counts counts) {
    /**
     * One thing that was expected.
     *
     * @param line where the step stands in the file; empty for what is expected of the whole run
     * @param expected in a few words, such as "C get x = 1"
     * @param problem what was seen instead; empty when it was met
     */
    public record Check(OptionalInt line, String expected, Optional<String> problem) {
        public boolean isMet() {
            return problem.isEmpty();
        }
    }

    /** How much happened. */
    public record Counts(long operations, long deliveries, long losses, long events) {}

    /** Whether all that was expected was seen. */
    public boolean holds() {
        return checks.stream().allMatch(Check::isMet);
    }

    public List<Check> unmet() {
        return checks.stream().filter(check -> !check.isMet()).toList();
    }
}
