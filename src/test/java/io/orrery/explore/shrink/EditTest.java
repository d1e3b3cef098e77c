package io.orrery.explore.shrink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EditTest {
    /** Timers go on for ever; no file can say so little, but a candidate can. */
    @Test
    @Timeout(20)
    void aRunOfNoStepsEnds() {
        Scenario scenario = ScenarioLoader.parse("one.conf", """
                protocol = cops
                replicas = [A, B]
                steps = [{ at = 0s, via = A, put = { key = x, value = 1 } }]
                expect { converged = true }
                """);
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(
                    simulation, Edit.of(scenario).steps(List.of()).scenario(), 1, WorldObserver.NONE, List.of());
            assertTrue(run.holds());
        }
    }
}
