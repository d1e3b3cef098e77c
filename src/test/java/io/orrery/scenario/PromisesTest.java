package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Options;
import io.orrery.check.Verdict;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.report.VerdictText;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every protocol to its promises, in worlds where messages are lost, doubled, late and cut off, and replicas crash
 * and pause; and shows that it keeps no more than it promises, so that neither the checker nor the workload is blind.
 *
 * <p>No replica is wiped here: what only a wiped replica had is gone, whatever the protocol.
 */
class PromisesTest {
    private static final int WORLDS = 1_000;
    /** Some violations are rare. */
    private static final int MORE_WORLDS = 4_000;

    private static final Options OPTIONS = Options.DEFAULT.withStates(1_000_000);

    /**
     * What else holds where a model holds. Causal memory and causal convergence imply neither each other nor, for causal
     * memory, the session guarantees, which speak of one order of the writes to a key.
     */
    private static final Map<Model, Set<Model>> IMPLIED = Map.of(
            Model.LINEARIZABLE,
            EnumSet.range(Model.SEQUENTIAL, Model.WRITES_FOLLOW_READS),
            Model.SEQUENTIAL,
            EnumSet.range(Model.CAUSAL_CC, Model.WRITES_FOLLOW_READS),
            Model.CAUSAL_CM,
            EnumSet.of(Model.CAUSAL_CC, Model.PRAM),
            Model.CAUSAL_CCV,
            EnumSet.of(
                    Model.CAUSAL_CC,
                    Model.READ_YOUR_WRITES,
                    Model.MONOTONIC_READS,
                    Model.MONOTONIC_WRITES,
                    Model.WRITES_FOLLOW_READS));

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    private static Set<Model> promised(ProtocolType protocol) {
        Set<Model> promised = EnumSet.noneOf(Model.class);
        for (String name : protocol.promises().models()) {
            Model model = Model.parse(name);
            promised.add(model);
            promised.addAll(IMPLIED.getOrDefault(model, Set.of()));
        }
        return promised;
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void everyPromiseIsAModelAndNoneFollowsFromAnother(ProtocolType protocol) {
        Set<Model> named = EnumSet.noneOf(Model.class);
        protocol.promises().models().forEach(name -> {
            assertEquals(name, Model.parse(name).id(), "promises are named in full");
            assertTrue(named.add(Model.parse(name)), name + " is promised once");
        });
        assertTrue(named.contains(Model.CONVERGED), "every protocol converges in the end");
        for (Model model : named) {
            for (Model other : named) {
                assertTrue(!IMPLIED.getOrDefault(model, Set.of()).contains(other), model + " implies " + other);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void itKeepsItsPromisesWhateverGoesWrong(ProtocolType protocol) {
        Map<Model, Integer> undecided = new TreeMap<>();
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < WORLDS; number++) {
                Run run = world(simulation, protocol, number);
                for (Model model : promised(protocol)) {
                    Verdict verdict = verdict(run, model);
                    if (verdict instanceof Verdict.Violated) {
                        throw new AssertionError(protocol + " broke its promise, " + model + ", in world " + number
                                + ":\n" + String.join("\n", VerdictText.reasons(verdict)));
                    }
                    if (verdict instanceof Verdict.Undecided) {
                        undecided.merge(model, 1, Integer::sum);
                    }
                }
            }
        }
        undecided.forEach((model, count) ->
                assertTrue(count <= WORLDS / 50, () -> model + " is undecided in " + count + " worlds of " + WORLDS));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whatItDoesNotPromiseItBreaksSomewhere(ProtocolType protocol) {
        Set<Model> unbroken = EnumSet.complementOf(EnumSet.copyOf(promised(protocol)));
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < MORE_WORLDS && !unbroken.isEmpty(); number++) {
                Run run = world(simulation, protocol, number);
                unbroken.removeIf(model -> verdict(run, model) instanceof Verdict.Violated);
            }
        }
        assertEquals(Set.of(), unbroken, protocol + " could promise these too, or the workload is too tame");
    }

    private static Run world(Simulation simulation, ProtocolType protocol, int number) {
        return ScenarioRunner.run(
                simulation, GeneratedScenarios.withinPromises(protocol, number), number, WorldObserver.NONE);
    }

    private static Verdict verdict(Run run, Model model) {
        Verdict converged = run.verdicts().get(model);
        return converged != null ? converged : Checker.check(run.history(), model, OPTIONS);
    }
}
