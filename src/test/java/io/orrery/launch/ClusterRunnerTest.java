package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.Server;
import io.orrery.live.BindFailure;
import io.orrery.model.NodeId;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.TimeScale;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The player alone: the replicas are in this process, behind the same HTTP routes as those of nodes. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ClusterRunnerTest {
    private static final TimeScale AS_WRITTEN = new TimeScale(1);

    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    private Run play(Scenario scenario, TimeScale scale) throws IOException, BindFailure, InterruptedException {
        Server server = Server.start(deployment(scale.apply(scenario)));
        try {
            Map<NodeId, String> urls = new TreeMap<>();
            server.addresses().forEach((id, address) -> urls.put(id, "http://" + address));
            return ClusterRunner.run(scenario, scale, 1, urls, List.of(), progress::add);
        } finally {
            server.stop().toCompletableFuture().join();
        }
    }

    private Deployment deployment(Scenario scenario) throws IOException {
        Path conf = directory.resolve("deployment.conf");
        return DeploymentLoader.load(Files.writeString(conf, ScenarioDeployment.text(scenario)));
    }

    private static Run simulate(Scenario scenario) {
        try (Simulation simulation = Simulation.start()) {
            return ScenarioRunner.run(simulation, scenario, 1, WorldObserver.NONE);
        }
    }

    /** Those that leave most room, as tests run on busy machines; those that expect durations are given more of it. */
    @ParameterizedTest
    @CsvSource({
        "lamport-outage, 1",
        "cops-two-versions, 1",
        "vector-sync, 1",
        "primary-blocking-causal, 2",
        "quorum-stale-read, 2"
    })
    void aScenarioFileMeetsItsExpectations(String name, double scale) throws Exception {
        Scenario scenario = ScenarioLoader.load(Path.of("scenarios", name + ".conf"));
        Run run = play(scenario, new TimeScale(scale));
        assertEquals(List.of(), run.unmet());
        assertEquals(simulate(scenario).checks(), run.checks());
    }

    @Test
    void aWorkloadUnderFaultsMeetsItsExpectations() throws Exception {
        Path file = Path.of("scenarios", "vector-load.conf");
        Run run = play(ScenarioLoader.load(file), AS_WRITTEN);
        assertEquals(List.of(), run.unmet());
        assertEquals(2_000, run.history().ops().size());
    }

    @Test
    void allFaultsDoWhatTheyDoInTheSimulation() throws Exception {
        Scenario scenario = ScenarioLoader.parse("faults.conf", """
                protocol = lamport-lww
                replicas = [A, B, C]
                timeout = 500ms
                patience = 1m
                anti-entropy = 1m
                steps = [
                  { at = 0s,     link = { from = A, to = B, key = x, kind = update, cut = true } }
                  { at = 0s,     via = A, put = { key = x, value = 1 } }
                  { at = 0s,     via = A, put = { key = y, value = 1 } }
                  { at = 500ms,  via = B, get = x, expect = null }
                  { at = 500ms,  via = B, get = y, expect = 1 }
                  { at = 500ms,  wipe = C }
                  { at = 500ms,  via = C, get = y, outcome = refused }
                  { at = 600ms,  restart = C }
                  { at = 1s,     via = C, get = x, expect = 1 }
                  { at = 1s,     pause = B }
                  { at = 1s,     via = B, get = y, outcome = unknown, at-least = 500ms }
                  { at = 2800ms, resume = B }
                  { at = 2800ms, isolate = B }
                  { at = 2800ms, via = A, put = { key = z, value = 1 } }
                  { at = 3100ms, via = B, get = z, expect = null }
                  { at = 3100ms, heal { from = A, to = B } }
                  { at = 3100ms, heal { from = B, to = A } }
                  { at = 3500ms, via = B, get = z, expect = 1 }
                  { at = 3500ms, via = B, get = x, expect = 1 }
                  { at = 3500ms, partition = [[A, B], [C]] }
                  { at = 3500ms, via = A, delete = z }
                  { at = 3900ms, via = B, get = z, expect = null }
                  { at = 3900ms, via = C, get = z, expect = 1 }
                  { at = 3900ms, crash = A }
                  { at = 3900ms, via = A, get = x, outcome = refused }
                  { at = 4200ms, restart = A }
                  { at = 4200ms, heal = all }
                ]
                expect { converged = true, linearizable = false }
                """);
        Run run = play(scenario, AS_WRITTEN);
        assertEquals(List.of(), run.unmet());
        assertEquals(simulate(scenario).checks(), run.checks());
        assertTrue(progress.stream().anyMatch(line -> line.endsWith(": isolate B")), progress.toString());
    }

    @Test
    void whatIsNotMetIsSaidInTheSamePlaces() throws Exception {
        Scenario scenario = ScenarioLoader.parse("unmet.conf", """
                protocol = primary-sequential
                replicas = [A, B]
                links = [{ delay = 200ms }]
                steps = [
                  { at = 0s, via = B, client = alice, put = { key = x, value = 1 }, within = 10ms, version = 2 }
                  { at = 0s, via = B, client = bob, get = x, expect = 1 }
                  { at = 1s, via = B, client = bob, get = x, outcome = refused, at-least = 300ms }
                ]
                expect { converged = true, linearizable = false }
                """);
        Run run = play(scenario, AS_WRITTEN);
        List<Run.Result> results = run.checks().stream().map(Run.Check::result).toList();
        assertEquals(simulate(scenario).checks().stream().map(Run.Check::result).toList(), results);
        assertEquals(Run.Result.UNMET, results.get(0));
        String late = run.checks().get(0).problem();
        assertTrue(late.contains("expected version 2, saw 1@A"), late);
        assertTrue(late.contains("expected within 10ms (give or take 250ms), took "), late);
    }

    @Test
    void replicasThatStayApartHaveNotConvergedAndTimeMayBeScaled() throws Exception {
        Scenario scenario = ScenarioLoader.parse("apart.conf", """
                protocol = lamport-lww
                replicas = [A, B]
                settle = 100ms
                steps = [
                  { at = 0s,    isolate = B }
                  { at = 100ms, via = A, put = { key = x, value = 1 } }
                ]
                expect { converged = false }
                """);
        Run run = play(scenario, new TimeScale(3));
        assertEquals(List.of(), run.unmet());
        long asked = run.history().ops().get(0).invocation().time();
        assertTrue(Duration.ofNanos(asked).compareTo(Duration.ofMillis(300)) >= 0, () -> "asked after " + asked);
        assertTrue(run.wallTime().compareTo(Duration.ofMillis(600)) >= 0, () -> "took " + run.wallTime());
    }

    @Test
    void whatOnlyASimulationCanDoIsRefused() {
        Scenario badDisk = ScenarioLoader.parse("bad.conf", """
                protocol = lamport-lww
                replicas = [A]
                steps = [
                  { at = 0s, fail-disk = A }
                ]
                """);
        assertEquals(
                "bad.conf:4: the fault exists only in a simulation: fail-disk A; play it without --cluster",
                assertThrows(ConfigProblem.class, () -> ClusterRunner.requirePlayable(badDisk))
                        .getMessage());
        String head = "protocol = lamport-lww\nreplicas = [A]\n";
        for (String line : List.of(
                "steps = [{ reset = A }]",
                "clients { loss = 0.1 }, steps = [{ via = A, get = x }]",
                "start { absent = [A] }, steps = [{ via = A, get = x }]",
                "encoding = true, steps = [{ via = A, get = x }]")) {
            Scenario scenario = ScenarioLoader.parse("bad.conf", head + line);
            assertThrows(ConfigProblem.class, () -> ClusterRunner.requirePlayable(scenario), line);
        }
    }
}
