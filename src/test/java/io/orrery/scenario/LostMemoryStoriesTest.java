package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import org.junit.jupiter.api.Test;

/** Replicas whose memory was lost, or is an older copy, beside others that run on: what oracles found in generated worlds. */
class LostMemoryStoriesTest {
    private static void allIsWell(String scenario) {
        try (Simulation simulation = Simulation.start()) {
            Run run =
                    ScenarioRunner.run(simulation, ScenarioLoader.parse("story.conf", scenario), 1, WorldObserver.NONE);
            assertTrue(run.holds(), run.unmet()::toString);
        }
    }

    /** It knows no start of the leader, which has no reason to say hello again. */
    @Test
    void aFollowerWithoutMemoryHasItsWritesAnswered() {
        allIsWell("""
                protocol = primary-causal
                replicas = [A, B]
                steps = [
                  { at = 1s, wipe = B }
                  { at = 2s, restart = B }
                  { at = 3s, via = B, put = { key = x, value = 1 }, outcome = ok, within = 1s }
                ]
                invariants = all
                """);
    }

    /** It knows an earlier start of the leader, and takes the answers of the later one for those of another process. */
    @Test
    void aFollowerWithAnOlderMemoryHasItsWritesAnswered() {
        allIsWell("""
                protocol = primary-causal
                replicas = [A, B]
                steps = [
                  { at = 0s, via = B, put = { key = x, value = 0 } }
                  { at = 2s, crash = A }
                  { at = 3s, restart = A }
                  { at = 10s, restore = { replica = B, to = 1s } }
                  { at = 11s, restart = B }
                  { at = 20s, via = B, put = { key = x, value = 1 }, outcome = ok, within = 1s }
                ]
                invariants = all
                """);
    }

    /** The leader has forgotten the answer, as the replica said that it had it. */
    @Test
    void anAcceptedWriteOfAnOlderMemoryIsNotOpenForEver() {
        allIsWell("""
                protocol = primary-eventual
                replicas = [A, B]
                links = [{ from = A, to = B, delay = 500ms }]
                steps = [
                  { at = 1s, via = B, put = { key = x, value = 1 }, status = accepted }
                  { at = 3s, via = B, put = { key = x, value = 2 }, status = accepted }
                  { at = 6s, restore = { replica = B, to = 1200ms } }
                  { at = 7s, restart = B }
                ]
                invariants = all
                expect { converged = true }
                """);
    }
}
