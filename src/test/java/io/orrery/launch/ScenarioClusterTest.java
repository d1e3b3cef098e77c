package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    /** What the file expects of a simulation is also expected of a cluster. */
    @Test
    void aScenarioMeetsItsExpectationsOnARealCluster() throws Exception {
        List<String> progress = new ArrayList<>();
        // Slower than written, as other tests and new JVMs share the machine.
        Run run = new ScenarioCluster(new TimeScale(1.5), 1)
                .play(ScenarioLoader.load(Path.of("scenarios", "vector-faults.conf")), List.of(), progress::add);
        assertEquals(List.of(), run.unmet(), progress.toString());
        assertTrue(progress.get(0).matches("starting \\d nodes"), progress.toString());
        assertFalse(progress.stream().anyMatch(line -> line.contains("are kept in")), progress.toString());
    }
}
