package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.simulation.Simulation;
import io.orrery.testkit.protocol.GeneratedConditions;
import io.orrery.testkit.protocol.GeneratedScenarios;
import io.orrery.testkit.protocol.Invariants;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a protocol promises holds under the conditions of live replicas, and no history of theirs is a false alarm. */
class GeneratedConditionsTest {
    private static final int WORLDS = Integer.getInteger("worlds", 60);

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void promisesHoldUnderTheConditionsOfLiveReplicas(ProtocolType protocol) {
        int undecided = 0;
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < WORLDS; number++) {
                Scenario ideal = GeneratedScenarios.withinPromises(protocol, number);
                Scenario scenario = ideal.withConditions(GeneratedConditions.draw(
                        SeededRandom.stream(number, "conditions"), ideal.replicas(), ideal.timeout()));
                Run run = ScenarioRunner.run(simulation, scenario, number, new Invariants(protocol));
                String what = protocol + ", world " + number + ", " + scenario.conditions();
                assertEquals(0, run.unmet().size(), () -> what + run.unmet());
                for (String promise : protocol.promises().models()) {
                    Model model = Model.parse(promise);
                    if (model.judgesHistories()) {
                        Verdict verdict = Checker.check(run.history(), model, CheckOptions.DEFAULT.withStates(100_000));
                        assertTrue(!(verdict instanceof Verdict.Violated), () -> what + ": " + model + ": " + verdict);
                        undecided += verdict instanceof Verdict.Undecided ? 1 : 0;
                    }
                }
            }
        }
        assertTrue(undecided <= WORLDS / 10, "undecided: " + undecided);
    }
}
