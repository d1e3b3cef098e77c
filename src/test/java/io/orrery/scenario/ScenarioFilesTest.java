package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orrery.config.IncludePolicy;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every scenario of the project does what it says, whatever is left to chance. */
class ScenarioFilesTest {
    private static final int SEEDS = 12;

    @TestFactory
    List<DynamicTest> scenarios() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("scenarios"))) {
            List<Path> scenarios = files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
            assertFalse(scenarios.isEmpty());
            return scenarios.stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> holds(file)))
                    .toList();
        }
    }

    private static void holds(Path file) {
        List<String> warnings = new ArrayList<>();
        Scenario scenario = ScenarioLoader.load(file, IncludePolicy.STRANGER, warnings::add);
        assertEquals(List.of(), warnings);
        try (Simulation simulation = Simulation.start()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
                assertEquals(List.of(), run.unmet(), "to see it: ./run.sh sim " + file + " --trace --seed " + seed);
                assertFalse(run.checks().isEmpty(), "a scenario that expects nothing shows nothing");
            }
        }
    }
}
