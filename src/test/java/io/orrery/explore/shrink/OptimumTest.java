package io.orrery.explore.shrink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.explore.Finding;
import io.orrery.loop.Schedule;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.Step;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is shrunk is as small as the smallest scenario that enumeration finds: operations of two clients at each of two
 * replicas, on two keys, at once or one after the other, with one link late or cut, for all messages or those of a key.
 */
class OptimumTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final int SEEDS = 3;
    private static final int MOST = 4;

    private static final String LOAD = """
            protocol = %s
            replicas = [A, B, C]
            workload { clients = 3, operations = 60, keys = 2, think-time = "exponential(5ms)", reads = 0.6 }
            expect { %s = true }
            """;

    private static final String SMALL = """
            protocol = %s
            replicas = [A, B]
            steps = [{ via = A, get = x }]
            expect { %s = true }
            """;

    @ParameterizedTest
    @CsvSource({
        "lamport-lww, linearizable",
        "lamport-lww, causal-ccv",
        "last-arrival, converged",
        "primary-sequential, linearizable"
    })
    void nothingSmallerShowsTheSame(String protocol, String model) {
        Scenario load = ScenarioLoader.parse("load.conf", LOAD.formatted(protocol, model));
        Scenario small = ScenarioLoader.parse("small.conf", SMALL.formatted(protocol, model));
        try (Simulation simulation = Simulation.startSilently()) {
            int optimum = optimum(simulation, small);
            int shown = 0;
            for (long seed = 1; shown < SEEDS; seed++) {
                Run run = ScenarioRunner.run(simulation, load, seed, WorldObserver.NONE);
                for (Finding finding : Finding.of(load, seed, Schedule.USUAL, run)) {
                    shown++;
                    Scenario shrunk = Shrinker.shrink(finding, 2).scenario();
                    assertTrue(shrunk.steps().size() <= optimum, shrunk.steps() + " with seed " + seed);
                }
            }
        }
    }

    private static int optimum(Simulation simulation, Scenario small) {
        for (int size = 1; size < MOST; size++) {
            List<List<Step>> all = new ArrayList<>();
            List<Duration> pauses =
                    size < 3 ? List.of(Duration.ZERO, Duration.ofMillis(10)) : List.of(Duration.ofMillis(10));
            for (Duration pause : pauses) {
                extend(all, List.of(), size, pause);
            }
            for (List<Step> steps : all) {
                for (List<Fault.ChangeLinks> links : links()) {
                    Scenario candidate =
                            Edit.of(small).steps(steps).links(links).scenario();
                    Run run = ScenarioRunner.run(simulation, candidate, 1, WorldObserver.NONE);
                    if (run.isViolated()) {
                        return size;
                    }
                }
            }
        }
        return MOST;
    }

    private static void extend(List<List<Step>> all, List<Step> steps, int size, Duration pause) {
        if (steps.size() == size) {
            all.add(steps);
            return;
        }
        Duration at = pause.multipliedBy(steps.size());
        // The first of them is at A, of x: names make no difference.
        for (NodeId via : steps.isEmpty() ? List.of(A) : List.of(A, B)) {
            for (int client = 1; client <= (steps.isEmpty() ? 1 : 2); client++) {
                for (Key key : steps.isEmpty() ? List.of(Key.of("x")) : List.of(Key.of("x"), Key.of("y"))) {
                    for (Operation operation :
                            List.of(new Operation.Read(key), new Operation.Write(key, Value.of(steps.size() + 1L)))) {
                        List<Step> more = new ArrayList<>(steps);
                        more.add(new Step.Ask(at, 0, "c" + client + via, via, operation, Expectation.NOTHING));
                        extend(all, more, size, pause);
                    }
                }
            }
        }
    }

    private static List<List<Fault.ChangeLinks>> links() {
        Fault.ChangeLinks usual = new Fault.ChangeLinks(
                Optional.empty(), Optional.empty(), LinkChange.delay(new Delay.Fixed(Duration.ofMillis(5))));
        List<List<Fault.ChangeLinks>> all = new ArrayList<>(List.of(List.of(usual)));
        LinkChange late = LinkChange.delay(new Delay.Fixed(Duration.ofSeconds(1)));
        for (Map.Entry<NodeId, NodeId> link : List.of(Map.entry(A, B), Map.entry(B, A))) {
            for (Selector selector : List.of(Selector.ALL, Selector.key(Key.of("x")))) {
                all.add(List.of(
                        usual,
                        new Fault.ChangeLinks(
                                Optional.of(link.getKey()), Optional.of(link.getValue()), selector, late)));
            }
        }
        return all;
    }
}
