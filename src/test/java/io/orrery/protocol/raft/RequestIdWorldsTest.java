package io.orrery.protocol.raft;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.testkit.protocol.Contract;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that ask again with an id, in generated worlds: a state machine that forgets ids is found out. */
class RequestIdWorldsTest {
    private static final int WORLDS = 30;

    /** It remembers the last request alone. */
    private static final ProtocolType FORGETFUL = RaftProtocol.TYPE.variant(
            "raft", "raft that forgets request ids", (settings, effects) -> new Raft(settings, effects, 1));

    @Test
    void theInvariantFindsAStateMachineThatForgets() {
        AssertionError found = assertThrows(AssertionError.class, () -> new Contract(FORGETFUL).actsOnce(WORLDS));
        assertTrue(found.getMessage().contains("a-request-acts-once"), found.getMessage());
    }

    /** Nobody looks inside: the history counts each write once, and so shows a second effect by itself. */
    @Test
    void soDoesTheCheckerOfTheHistory() {
        try (Simulation simulation = Simulation.start()) {
            assertTrue(
                    IntStream.range(0, WORLDS).anyMatch(world -> !isLinearizable(simulation, FORGETFUL, world)),
                    "no history shows it");
        }
    }

    private static boolean isLinearizable(Simulation simulation, ProtocolType type, int world) {
        Scenario scenario = GeneratedScenarios.repeating(GeneratedScenarios.withinPromises(type, world), world);
        Run run = ScenarioRunner.run(
                simulation,
                scenario.with(type, scenario.links(), scenario.workload(), scenario.steps()),
                world,
                WorldObserver.NONE,
                List.of(Model.LINEARIZABLE));
        return !(run.verdicts().get(Model.LINEARIZABLE) instanceof Verdict.Violated);
    }
}
