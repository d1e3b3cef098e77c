package io.orrery.explore.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.explore.coverage.Names;
import io.orrery.explore.coverage.Watch;
import io.orrery.history.Event;
import io.orrery.loop.Strategy;
import io.orrery.report.SweepReport;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuidedSweepTest {
    private static final String RACE = """
            protocol = vector-causal
            replicas = [A, B, C]
            links = [{ loss = 0.2, duplicate = 0.1 }]
            workload { clients = 3, operations = 6, keys = 2, reads = 0.5, moves = 0.3, think-time = 5ms }
            faults { random = [crashes], span = 0s..50ms }
            settle = 200ms
            expect { linearizable = true }
            """;

    private static SweepPlan plan(List<Scenario> scenarios, long worlds, int threads, Strategy strategy) {
        return new SweepPlan(scenarios, 1, worlds, Optional.empty(), false, threads, strategy, true);
    }

    private static Scenario race() {
        return ScenarioLoader.parse("race.conf", RACE);
    }

    private static String text(SweepResult result) {
        SweepReport report = new SweepReport(
                result, finding -> finding.seed() + " " + finding.schedule().choices(), Map.of());
        return report.title() + report.table() + report.notes() + report.json().without("speed");
    }

    @Test
    void whatItSaysDoesNotDependOnTheNumberOfThreads() throws InterruptedException {
        List<Scenario> both =
                List.of(race(), ScenarioLoader.parse("race.conf", RACE.replace("vector-causal", "lamport-lww")));
        String one = text(new Sweep(plan(both, Guide.GENERATION + 5L, 1, Strategy.GUIDED)).run());
        assertTrue(one.contains("\"worlds\":" + 2 * (Guide.GENERATION + 5)), one);
        assertEquals(one, text(new Sweep(plan(both, Guide.GENERATION + 5L, 3, Strategy.GUIDED)).run()));
    }

    @Test
    void itsFirstGenerationIsThatOfTheUsualScheduler() throws InterruptedException {
        SweepResult first = new Sweep(plan(List.of(race()), Guide.GENERATION, 2, Strategy.GUIDED)).run();
        SweepResult usual = new Sweep(plan(List.of(race()), Guide.GENERATION, 2, Strategy.RANDOM)).run();
        assertEquals(covered(usual), covered(first));
    }

    private static String covered(SweepResult result) {
        return result.tallies().get(0).coverage().orElseThrow().branches().toString();
    }

    @Test
    void whatItFindsIsPlayedAgainByItsChoices() throws InterruptedException {
        Guide guide = new Guide(1);
        try (Simulation simulation = Simulation.startSilently()) {
            List<Turn> turns = new ArrayList<>();
            for (int i = 0; i < 2 * Guide.GENERATION; i++) {
                Turn turn = guide.turn(i);
                turns.add(turn);
                Watch watch = new Watch(race(), new Names());
                ScenarioRunner.run(
                        simulation,
                        race(),
                        turn.seed(),
                        turn.schedule().chooser(turn.seed()),
                        watch,
                        List.of(),
                        watch::watched);
                guide.add(turn, Optional.of(watch.footprint()));
            }
            List<Turn> changed = turns.stream()
                    .filter(turn -> !turn.schedule().choices().isNone())
                    .toList();
            assertTrue(changed.size() > Guide.GENERATION / 4, turns.toString());
            Turn other = changed.stream()
                    .filter(turn -> !events(simulation, turn)
                            .equals(events(simulation, Turn.fresh(turn.seed(), Strategy.RANDOM))))
                    .findFirst()
                    .orElseThrow();
            assertEquals(events(simulation, other), events(simulation, other));
        }
    }

    private static List<Event> events(Simulation simulation, Turn turn) {
        return ScenarioRunner.run(
                        simulation,
                        race(),
                        turn.seed(),
                        turn.schedule().chooser(turn.seed()),
                        WorldObserver.NONE,
                        List.of())
                .history()
                .events();
    }
}
