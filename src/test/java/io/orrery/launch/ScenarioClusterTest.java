package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.Run;
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
    @Test
    void aScenarioMeetsItsExpectationsOnARealCluster() throws Exception {
        List<String> progress = new ArrayList<>();
        // Twice as slow as written, as other tests and three new JVMs share the machine.
        ScenarioCluster cluster = new ScenarioCluster(new TimeScale(2), 1);
        Run run = cluster.play(
                ScenarioLoader.load(Path.of("scenarios", "lamport-outage.conf")), List.of(), progress::add);
        assertEquals(List.of(), run.unmet());
        assertEquals("starting 3 nodes", progress.get(0));
        assertTrue(progress.stream().anyMatch(line -> line.endsWith(": restart B")), progress.toString());
    }
}
