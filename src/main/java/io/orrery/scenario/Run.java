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
 * The result of playing a scenario.
 *
 * @param checks all expectations, in the order of the file, with what was seen
 * @param history the history of the clients
 * @param verdicts on the models that were judged
 * @param wallTime how long the run took in real time, without the verdicts
 * @param simulated figures that only a simulation has; empty if the scenario was played in real time
 * @param faults how many random faults of each kind there were; empty if the scenario has none
 */
public record Run(
        Scenario scenario,
        long seed,
        List<Check> checks,
        History history,
        Map<Model, Verdict> verdicts,
        Duration wallTime,
        Optional<Simulated> simulated,
        List<FaultCount> faults) {
    /**
     * One expectation and its result.
     *
     * @param line its line in the file
     * @param model the model whose verdict was expected; empty for the expectation of a step
     * @param expected in a few words, such as "C read x" or "not linearizable"
     * @param problem what was seen instead, or why it is undecided; empty if it was met
     */
    public record Check(OptionalInt line, Optional<Model> model, String expected, Result result, String problem) {}

    /** The result of an expectation. */
    public enum Result {
        MET,
        UNMET,
        /** The verdict is undecided. */
        UNDECIDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Figures that only a simulation has.
     *
     * @param virtualTime how long the run took in virtual time
     * @param deliveries how many messages arrived at replicas
     * @param losses how many messages did not
     */
    public record Simulated(Duration virtualTime, long deliveries, long losses) {}

    /**
     * Random faults of one kind.
     *
     * @param planned how many there were in the plan of this seed
     * @param fired how many of them had an effect: something was stopped, lost, doubled or slow; in real time, how many
     *     were carried out
     */
    public record FaultCount(RandomFaults.Kind kind, int planned, int fired) {}

    /** Whether all expectations were met. */
    public boolean holds() {
        return unmet().isEmpty();
    }

    /** Whether an expectation was not met. */
    public boolean isViolated() {
        return checks.stream().anyMatch(check -> check.result() == Result.UNMET);
    }

    /** The expectations that were not met, and the undecided ones. */
    public List<Check> unmet() {
        return checks.stream().filter(check -> check.result() != Result.MET).toList();
    }
}
