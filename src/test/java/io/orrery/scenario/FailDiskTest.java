package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failed sync is fatal for the replica; what it acknowledged before is there after the restart. */
class FailDiskTest {
    @Test
    void aReplicaWhoseDiskFailsIsDownUntilItIsRestarted() {
        Scenario scenario = ScenarioLoader.parse("fail-disk.conf", """
                protocol = lamport-lww
                invariants = all
                replicas = [A, B]
                timeout = 500ms
                disk { sync = 2ms }
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 }, outcome = ok }
                  { at = 1s, fail-disk = A }
                  { at = 1s, via = A, put = { key = x, value = 2 }, outcome = unknown }
                  { at = 3s, via = A, get = x, outcome = refused }
                  { at = 3s, via = B, get = x, expect = 1 }
                  { at = 4s, restart = A }
                  { at = 5s, via = A, get = x, expect = 1 }
                  { at = 5s, via = A, put = { key = x, value = 3 }, outcome = ok }
                  { at = 6s, via = B, get = x, expect = 3 }
                ]
                expect { converged = true }
                """);
        try (Simulation simulation = Simulation.start()) {
            assertEquals(
                    List.of(),
                    ScenarioRunner.run(simulation, scenario, 1, WorldObserver.NONE)
                            .unmet());
        }
    }
}
