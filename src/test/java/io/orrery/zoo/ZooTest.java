package io.orrery.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.zoo.kit.Exhibit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake shows, and nothing shows where there is none. */
class ZooTest {
    private static final Simulation SIMULATION = Simulation.start();

    private static final int SEEDS = 20;

    @AfterAll
    static void stop() {
        SIMULATION.close();
    }

    private static List<Run.Check> unmet(String text, ProtocolType type, long seed) {
        Scenario scenario = ScenarioLoader.parse(type.name() + ".conf", text);
        return ScenarioRunner.run(SIMULATION, scenario, seed, WorldObserver.NONE)
                .unmet();
    }

    static List<Exhibit> exhibits() {
        return Zoo.exhibits();
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void aMistakeShowsForItsSeedAndNotWithoutIt(Exhibit exhibit) {
        List<String> broken = unmet(exhibit.scenario(), exhibit.type(), exhibit.seed()).stream()
                .map(check -> check.expected().replace("invariant ", ""))
                .toList();
        assertTrue(broken.contains(exhibit.shows()), () -> exhibit.name() + " violates " + broken);
        assertEquals(
                List.of(), unmet(exhibit.scenario(exhibit.sound()), exhibit.sound(), exhibit.seed()), exhibit.name());
    }

    @Test
    void whatIsSoundHoldsInEachScene() {
        Set<String> scenes = new LinkedHashSet<>();
        for (Exhibit exhibit : Zoo.exhibits()) {
            if (scenes.add(exhibit.scene())) {
                String text = exhibit.scenario(exhibit.sound());
                LongStream.rangeClosed(1, SEEDS)
                        .forEach(seed -> assertEquals(
                                List.of(), unmet(text, exhibit.sound(), seed), exhibit.scene() + " " + seed));
            }
        }
    }

    /** The page tells of each as the command does. */
    @Test
    void eachIsOnThePage() throws IOException {
        List<String> page = Files.readAllLines(Path.of("src", "site", "markdown", "zoo.md"));
        for (Exhibit exhibit : Zoo.exhibits()) {
            String row = "| `" + exhibit.name() + "` | `" + exhibit.shows() + "` | " + exhibit.seed() + " | "
                    + exhibit.story()
                    + (exhibit.source().isEmpty() ? "" : " *" + exhibit.source() + "*") + " |";
            assertTrue(page.contains(row), row);
        }
    }

    @Test
    void thereAreThirtyOrMoreAndNoDeploymentFindsThem() {
        assertTrue(Zoo.exhibits().size() >= 30, "there are " + Zoo.exhibits().size());
        Set<String> names = new HashSet<>();
        for (Exhibit exhibit : Zoo.exhibits()) {
            assertTrue(names.add(exhibit.name()), exhibit.name());
            assertFalse(exhibit.story().isBlank(), exhibit.name());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Protocols.named(exhibit.type().name()));
        }
    }
}
