package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.TimeScale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With real JVMs. */
@Tag("process")
@Timeout(120)
class ScenarioClusterTest {
    /** What the file expects of a simulation is also expected of a cluster. */
    @Test
    void aScenarioMeetsItsExpectationsOnARealCluster() throws Exception {
        List<String> progress = new ArrayList<>();
        Run run = play(ScenarioLoader.load(Path.of("scenarios", "lamport-outage.conf")), progress);
        assertEquals(List.of(), run.unmet());
        assertTrue(progress.get(0).matches("starting \\d nodes"), progress.toString());
        assertFalse(progress.stream().anyMatch(line -> line.contains("are kept in")), progress.toString());
    }

    @Test
    void allThatCanGoWrongGoesWrongOnARealCluster() throws Exception {
        List<String> progress = new ArrayList<>();
        Run run = play(ScenarioLoader.parse("faults.conf", """
                protocol = vector-causal
                replicas = [A, B, C]
                links    = [{ delay = 5ms, loss = 0.2, duplicate = 0.2 }]
                anti-entropy = 300ms
                steps = [
                  { at = 0s,     via = A, put = { key = x, value = 1 } }
                  { at = 500ms,  pause = B }
                  { at = 600ms,  via = C, put = { key = y, value = 1 } }
                  { at = 700ms,  via = B, client = waits, get = y, at-least = 500ms }
                  { at = 1500ms, resume = B }
                  { at = 2s,     partition = [[A], [B, C]] }
                  { at = 2100ms, via = A, put = { key = x, value = 2 } }
                  { at = 3s,     via = B, get = x, expect = 1 }
                  { at = 3100ms, heal = all }
                  { at = 4s,     link = { from = A, to = C, delay = 2s, loss = 0 } }
                  { at = 4s,     isolate = B }
                  { at = 4100ms, via = A, put = { key = z, value = 1 } }
                  { at = 5s,     via = C, get = z, expect = null }
                  { at = 7s,     via = C, get = z, expect = 1 }
                  { at = 7s,     via = B, get = z, expect = null }
                  { at = 7100ms, heal = all }
                  { at = 8s,     crash = A }
                  { at = 8100ms, via = A, get = x, outcome = refused }
                  { at = 9s,     wipe = C }
                  { at = 9500ms, restart = C }
                  { at = 9500ms, restart = A }
                ]
                expect { converged = true }
                """), progress);
        assertEquals(List.of(), run.unmet(), progress.toString());
    }

    private static Run play(Scenario scenario, List<String> progress) throws Exception {
        // Slower than written, as other tests and new JVMs share the machine.
        return new ScenarioCluster(new TimeScale(1.5), 1).play(scenario, List.of(), progress::add);
    }
}
