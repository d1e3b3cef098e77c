package io.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTextTest {
    private static List<String> trace(String scenario, long seed) {
        Trace trace = new Trace();
        try (Simulation simulation = Simulation.start()) {
            ScenarioRunner.run(simulation, ScenarioLoader.load(Path.of("scenarios", scenario)), seed, trace);
        }
        return TraceText.lines(trace.events());
    }

    /**
     * A golden trace: whatever changes it changes what everyone's seeds mean. To renew it on purpose: {@code ./run.sh sim
     * scenarios/lamport-order.conf --trace}.
     */
    @Test
    void theStoryOfALateArrivalIsTheSameEverywhereToTheByte() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("/lamport-order.trace")) {
            List<String> expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertEquals(expected, trace("lamport-order.conf", 1));
        }
    }

    @Test
    void theStoryOfAnOutageTellsOfCrashLossAndCatchUp() {
        String story = String.join("\n", trace("lamport-outage.conf", 1));
        assertTrue(story.contains("crash B"), story);
        assertTrue(story.contains("lost update x = 2 2@A: the receiver is down"), story);
        assertTrue(story.contains("refused: replica B is down"), story);
        assertTrue(story.contains("sent hello from B"), story);
        assertTrue(story.contains("complete to {A: 3}"), story);
    }
}
