package io.orrery.explore.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.coverage.Names;
import io.orrery.explore.coverage.Watch;
import io.orrery.history.Event;
import io.orrery.loop.Choices;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;
import io.orrery.report.SweepReport;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.zoo.Zoo;
import io.orrery.zoo.kit.Exhibit;
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

    /** It shows in one of a hundred worlds or fewer; with these seeds going on from a rare world is quicker. */
    @Test
    void aDeepMistakeIsFoundSoonerThanByFreshSeedsAlone() throws InterruptedException {
        Exhibit exhibit = Zoo.named("dependency-dropped");
        Scenario scenario = ScenarioLoader.parse("deep.conf", exhibit.scenario())
                .expecting(new Scenario.Expected(Map.of(Model.parse(exhibit.shows()), true), Map.of()));
        SweepResult guided = until(scenario, 300, Strategy.GUIDED);
        assertEquals(SweepResult.End.VIOLATION, guided.end());
        Finding finding = guided.tallies().get(0).findings().get(0);
        assertFalse(finding.schedule().choices().redraws().isEmpty(), finding.toString());
        SweepResult fresh = until(scenario, guided.worlds(), Strategy.RANDOM);
        assertEquals(SweepResult.End.SEEDS, fresh.end());
        try (Simulation simulation = Simulation.startSilently()) {
            Schedule schedule = new Schedule(
                    Strategy.parse("guided"),
                    Choices.parse(finding.schedule().choices().toString()));
            Run again = ScenarioRunner.run(
                    simulation,
                    scenario,
                    finding.seed(),
                    schedule.chooser(finding.seed()),
                    WorldObserver.NONE,
                    List.of());
            assertTrue(again.isViolated());
        }
    }

    private static SweepResult until(Scenario scenario, long worlds, Strategy strategy) throws InterruptedException {
        return new Sweep(new SweepPlan(List.of(scenario), 201, 200 + worlds, Optional.empty(), true, 2, strategy))
                .run();
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
