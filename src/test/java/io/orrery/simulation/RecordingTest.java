package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.history.Op;
import io.orrery.scenario.Run;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {
    @Test
    void allThreeWaysInWhichAnOperationEndsAreRecordedInVirtualTime() {
        Run run = run("""
                protocol = lamport-lww
                replicas = [A, B]
                timeout  = 1s
                steps = [
                  { at = 1s, via = A, client = alice, put = { key = x, value = 1 } }
                  { at = 2s, pause = A }
                  { at = 2s, via = A, client = alice, put = { key = x, value = 2 } }
                  { at = 5s, crash = B }
                  { at = 5s, via = B, client = alice, get = x }
                  { at = 6s, resume = A }
                  { at = 7s, via = A, client = alice, get = x }
                ]
                """);
        assertEquals(
                List.of(
                        "alice wrote x = 1 at version 1@A",
                        "alice wrote x = 2 (outcome unknown)",
                        "alice/2 read x (failed)",
                        "alice/2 read x = 2 at version 2@A"),
                run.history().ops().stream().map(Op::words).toList());
        Op unknown = run.history().ops().get(1);
        assertEquals(2_000_000_000L, unknown.invocation().time());
        assertEquals(4_000_000_000L, unknown.completion().time(), "the replica's time-out and the client's grace");
        assertEquals("A", unknown.node().name());
    }

    private static Run run(String scenario) {
        try (Simulation simulation = Simulation.start()) {
            return ScenarioRunner.run(simulation, ScenarioLoader.parse("some.conf", scenario), 1, WorldObserver.NONE);
        }
    }
}
