package io.orrery.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
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
