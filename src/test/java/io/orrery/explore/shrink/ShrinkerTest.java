package io.orrery.explore.shrink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.Finding;
import io.orrery.loop.Schedule;
import io.orrery.network.Delay;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.ScenarioWriter;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.zoo.Zoo;
import io.orrery.zoo.kit.Exhibit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShrinkerTest {
    private static final String LOAD = """
            protocol = %s
            replicas = [r1, r2, r3, r4, r5]
            anti-entropy = 500ms
            workload { clients = 5, operations = %d, keys = 3, think-time = "exponential(10ms)", reads = 0.6 }
            faults { random = [crashes, partitions, pauses, loss, delays] }
            expect { %s = true }
            """;

    private static Scenario load(String protocol, int operations, String model) {
        return ScenarioLoader.parse("load.conf", LOAD.formatted(protocol, operations, model));
    }

    private static Finding found(Scenario scenario) {
        try (Simulation simulation = Simulation.startSilently()) {
            for (long seed = 1; seed < 200; seed++) {
                Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
                List<Finding> findings = Finding.of(scenario, seed, Schedule.USUAL, run);
                if (!findings.isEmpty()) {
                    return findings.get(0);
                }
            }
        }
        throw new AssertionError("no seed shows it");
    }

    @ParameterizedTest
    @CsvSource({
        "lamport-lww, linearizable, 2",
        "lamport-lww, sequential, 4",
        "lamport-lww, causal-ccv, 4",
        "last-arrival, converged, 2",
        "vector-causal, linearizable, 2",
        "cops, linearizable, 2",
        "primary-causal, linearizable, 2",
        "primary-sequential, linearizable, 3"
    })
    void aLoadUnderFaultsBecomesAFewStepsThatReplayFromTheirFile(String protocol, String model, int most) {
        Finding finding = found(load(protocol, 200, model));
        Shrunk shrunk = Shrinker.shrink(finding, 2);
        String text = ScenarioWriter.write(shrunk.scenario());
        assertTrue(shrunk.scenario().steps().size() <= most, text);
        assertEquals(1, shrunk.seed(), text);
        try (Simulation simulation = Simulation.start()) {
            Scenario read = ScenarioLoader.parse("shrunk.conf", text);
            assertTrue(
                    ScenarioRunner.run(simulation, read, 1, WorldObserver.NONE).holds(), text);
        }
    }

    @Test
    void whatAStepExpectsInVainStaysExpectedAndCanBeRead() {
        Scenario scenario = ScenarioLoader.parse("late.conf", """
                protocol = lamport-lww
                replicas = [A, B, C]
                links = [{ from = A, to = C, delay = 3s }, { from = B, to = C, cut = true }]
                steps = [
                  { at = 17ms, via = A, put = { key = x, value = 7 } }
                  { at = 100ms, via = B, put = { key = y, value = 8 } }
                  { at = 101ms, crash = B }
                  { at = 1234ms, via = C, get = x, expect = 7 }
                  { at = 1500ms, restart = B }
                  { at = 1600ms, via = B, get = y, expect = 8 }
                ]
                """);
        Shrunk shrunk = Shrinker.shrink(found(scenario), 2);
        assertEquals("C read x", shrunk.kind().name());
        String text = ScenarioWriter.write(shrunk.scenario());
        assertEquals(2, shrunk.scenario().steps().size(), text);
        try (Simulation simulation = Simulation.start()) {
            Scenario read = ScenarioLoader.parse("shrunk.conf", text);
            Run run = ScenarioRunner.run(simulation, read, 1, WorldObserver.NONE);
            assertEquals(1, run.unmet().size(), text);
        }
    }

    /** Where delays are drawn, each step that goes moves what is drawn after it: many steps would fit one seed alone. */
    @Test
    void noStepStaysForTheDrawsOfASeed() {
        Exhibit exhibit = Zoo.named("dependency-dropped");
        Shrunk shrunk = Shrinker.shrink(shown(exhibit), 2);
        String text = ScenarioWriter.write(shrunk.scenario());
        assertEquals(exhibit.shows(), shrunk.kind().name());
        assertTrue(shrunk.scenario().steps().size() <= 6, text);
        assertEquals(1, shrunk.seed(), text);
        assertTrue(
                shrunk.scenario().links().stream()
                        .allMatch(link -> link.change().delay().orElseThrow() instanceof Delay.Fixed),
                text);
    }

    /** No step goes without another order of many messages: each side counts the answers of one replica twice. */
    @Test
    void whatTwoSidesOfReplicasShowBecomesSmall() {
        Shrunk shrunk = Shrinker.shrink(shown(Zoo.named("answers-counted-twice"), 838), 2);
        String text = ScenarioWriter.write(shrunk.scenario());
        assertTrue(shrunk.scenario().steps().size() <= 3, text);
        assertEquals(1, shrunk.seed(), text);
    }

    private static Finding shown(Exhibit exhibit) {
        return shown(exhibit, exhibit.seed());
    }

    private static Finding shown(Exhibit exhibit, long seed) {
        Scenario scenario = ScenarioLoader.parse(exhibit.name() + ".conf", exhibit.scenario());
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
            return Finding.of(scenario, seed, Schedule.USUAL, run).stream()
                    .filter(it -> it.kind().name().equals(exhibit.shows()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A write and a link that is cut would be enough for replicas to differ, and say nothing of a mistake. */
    @ParameterizedTest
    @ValueSource(strings = {"number-reused", "tombstone-forgotten", "gap-counted-as-known"})
    void replicasDifferForGoodAndNotWithoutTheMistake(String name) {
        Exhibit exhibit = Zoo.named(name);
        String text = ScenarioWriter.write(Shrinker.shrink(shown(exhibit), 2).scenario());
        Scenario sound = ScenarioLoader.parse(
                "sound.conf",
                text.replace(
                        "protocol = zoo-" + name,
                        "protocol = " + exhibit.sound().name()));
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(simulation, sound, 1, WorldObserver.NONE);
            assertEquals(Verdict.HOLDS, run.verdicts().get(Model.CONVERGED), text);
        }
    }

    /** Nothing else can be asked of a run that ends before a repair. */
    @Test
    void replicasThatStayCutOffMayDiffer() {
        Scenario scenario = ScenarioLoader.parse("cut.conf", """
                protocol = lamport-lww
                replicas = [A, B, C]
                steps = [
                  { at = 0s, isolate = C }
                  { at = 10ms, via = A, put = { key = x, value = 1 } }
                  { at = 20ms, via = B, put = { key = y, value = 2 } }
                ]
                expect { converged = true }
                """);
        Shrunk shrunk = Shrinker.shrink(found(scenario), 2);
        assertTrue(
                shrunk.scenario().steps().size() <= 2,
                () -> shrunk.scenario().steps().toString());
    }

    @Test
    void whatIsSmallestSoFarIsKeptWhereTheSearchIsEnded() {
        Finding finding = found(load("lamport-lww", 60, "sequential"));
        Shrunk all = Shrinker.shrink(finding, 1);
        assertTrue(all.isComplete());
        AtomicInteger asked = new AtomicInteger();
        Shrunk some = Shrinker.shrink(finding, 1, () -> asked.incrementAndGet() > 40);
        assertFalse(some.isComplete());
        assertTrue(some.runs() < all.runs());
        try (Simulation simulation = Simulation.startSilently()) {
            assertTrue(ScenarioRunner.run(simulation, some.scenario(), some.seed(), WorldObserver.NONE)
                    .holds());
        }
        assertThrows(IllegalArgumentException.class, () -> Shrinker.shrink(finding, 1, () -> true));
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        Finding finding = found(load("last-arrival", 30, "sequential"));
        assertEquals(Shrinker.shrink(finding, 1), Shrinker.shrink(finding, 3));
    }
}
