package io.orrery.explore.shrink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.loop.Schedule;
import io.orrery.report.Table;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.zoo.Zoo;
import io.orrery.zoo.kit.Exhibit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All planted bugs: what is shrunk, compared with the smallest scenario that enumeration finds. Prints a table. */
@Tag("long")
class OptimumTableTest {
    private static final int SEEDS_OF_EACH = 4;
    private static final long LAST_SEED = 1_000;

    /** What there is to enumerate grows with each step, and with each replica. */
    private static final int MOST_STEPS_OF_TWO = 3;

    private static final int MOST_STEPS_OF_MORE = 2;
    private static final double EQUAL = 0.95;

    private int compared;
    private int equal;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nearlyAllAreAsSmallAsCanBe() {
        Table table =
                new Table().column("bug").column("shrunk to").column("optimum").number("enumerated");
        try (Simulation simulation = Simulation.startSilently()) {
            Zoo.exhibits().forEach(exhibit -> compare(simulation, exhibit, table));
        }
        table.lines(120).forEach(System.out::println);
        System.out.println(equal + " of " + compared + " are as small as can be");
        assertTrue(compared >= 100, "compared " + compared);
        assertTrue(equal >= EQUAL * compared, equal + " of " + compared);
    }

    private void compare(Simulation simulation, Exhibit exhibit, Table table) {
        List<Shrunk> all = findings(simulation, exhibit).stream()
                .map(finding -> Shrinker.shrink(finding, 1))
                .toList();
        List<Integer> sizes =
                all.stream().map(it -> it.scenario().steps().size()).toList();
        Scenario least = all.stream()
                .map(Shrunk::scenario)
                .min(Comparator.comparing(it -> it.steps().size()))
                .orElseThrow();
        int smallest = least.steps().size();
        int feasible = least.replicas().size() > 2 ? MOST_STEPS_OF_MORE : MOST_STEPS_OF_TWO;
        int tried = Math.min(smallest - 1, feasible);
        SmallestScenarios enumeration = new SmallestScenarios(
                simulation, judged(least, exhibit), all.get(0).kind());
        OptionalInt fewer = enumeration.fewest(tried);
        boolean isKnown = fewer.isPresent() || tried == smallest - 1;
        int optimum = fewer.orElse(smallest);
        if (isKnown) {
            compared += sizes.size();
            equal += (int) sizes.stream().filter(size -> size == optimum).count();
        }
        System.out.println(
                exhibit.name() + " " + sizes + (isKnown ? ", optimum " : ", more than ") + (isKnown ? optimum : tried));
        table.row(
                exhibit.name(),
                String.join(", ", sizes.stream().map(Object::toString).toList()),
                isKnown ? optimum : "more than " + tried,
                enumeration.runs());
    }

    /** The replicas of what was shrunk, with the disks and the tuning of the load, judged by what the bug violates. */
    private static Scenario judged(Scenario shrunk, Exhibit exhibit) {
        Scenario load = ScenarioLoader.parse(exhibit.name() + ".conf", exhibit.scenario());
        Map<Model, Boolean> verdicts =
                Model.find(exhibit.shows()).map(it -> Map.of(it, true)).orElse(Map.of());
        List<String> invariants = verdicts.isEmpty() ? List.of(exhibit.shows()) : List.of();
        return Edit.of(shrunk)
                .disk(load.disk())
                .tuning(load.tuning())
                .expected(new Scenario.Expected(verdicts, Map.of(), invariants, 0))
                .scenario();
    }

    private static List<Finding> findings(Simulation simulation, Exhibit exhibit) {
        Scenario scenario = ScenarioLoader.parse(exhibit.name() + ".conf", exhibit.scenario());
        List<Finding> findings = new ArrayList<>();
        for (long seed = 1; seed <= LAST_SEED && findings.size() < SEEDS_OF_EACH; seed++) {
            Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
            Finding.of(scenario, seed, Schedule.USUAL, run).stream()
                    .filter(it -> it.kind().name().equals(exhibit.shows()))
                    .forEach(findings::add);
        }
        return findings;
    }
}
