package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a scenario.
 *
 * @param checks all that was expected, in the order of the file, and what was seen
 * @param history what the clients asked and what they were told
 * @param verdicts on the models that were judged
 * @param wallTime how long it took here, without the verdicts
 * @param simulated what only a simulation knows; empty when the scenario was played in real time
 */
public record Run(
        Scenario scenario,
        long seed,
        List<Check> checks,
        History history,
        Map<Model, Verdict> verdicts,
        Duration wallTime,
        Optional<Simulated> simulated) {
    /**
     * One thing that was expected.
     *
     * @param line where it stands in the file
     * @param model the model whose verdict was expected; empty where a step expects something
     * @param expected in a few words, such as "C read x" or "not linearizable"
     * @param problem what was seen instead, or why nobody knows; empty when it was met
     */
    public record Check(OptionalInt line, Optional<Model> model, String expected, Result result, String problem) {}

    /** What came of an expectation. */
    public enum Result {
        MET,
        UNMET,
        /** There is no verdict, so nobody knows. */
        UNDECIDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What only a simulation knows.
     *
     * @param virtualTime how long it took in the world
     * @param deliveries how many messages arrived at replicas
     * @param losses how many did not
     */
    public record Simulated(Duration virtualTime, long deliveries, long losses) {}

    /** Whether all that was expected was seen. */
    public boolean holds() {
        return unmet().isEmpty();
    }

    /** Whether something that was expected was not seen. */
    public boolean isViolated() {
        return checks.stream().anyMatch(check -> check.result() == Result.UNMET);
    }

    /** The expectations that were not met, and those that nobody knows of. */
    public List<Check> unmet() {
        return checks.stream().filter(check -> check.result() != Result.MET).toList();
    }
}
