package io.orrery.bench;

import com.sun.management.OperatingSystemMXBean;
import io.orrery.explore.Finding;
import io.orrery.explore.shrink.Shrinker;
import io.orrery.explore.shrink.Shrunk;
import io.orrery.loop.Schedule;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long it takes until a run of 10,000 operations is small. Five replicas; ten clients, half of whose operations are reads, on
 * 50 keys, with random crashes, partitions, losses and delays. Each protocol is judged by a model that it does not promise.
 */
public final class ShrinkBenchmark {
    private static final String STORY = """
            protocol = %s
            replicas = [A, B, C, D, E]
            workload { clients = 10, operations = %d, keys = 50, reads = 0.5, think-time = "exponential(10ms)" }
            faults { random = [crashes, partitions, loss, delays] }
            expect { %s = true }
            """;

    private static final List<Case> CASES = List.of(
            new Case("lamport-lww", "linearizable"),
            new Case("lamport-lww", "causal-ccv"),
            new Case("vector-causal", "sequential"),
            new Case("cops", "linearizable"),
            new Case("primary-sequential", "linearizable"),
            new Case("last-arrival", "converged"));

    private static final int THREADS = 2;
    /** Where so many seeds in a row show nothing, none is waited for. */
    private static final int PATIENCE = 500;

    private final int operations;
    private final int rounds;
    private final long firstSeed;

    private record Case(String protocol, String model) {}

    /** @param seconds of all threads, the compiler's and the collector's among them, and by the clock; by rounds */
    public record Figure(String protocol, String model, Spread cpuSeconds, Spread seconds, Spread steps) {}

    /**
     * @param operations of each run that is shrunk
     * @param rounds how many runs of each protocol are shrunk: those of the first seeds that show something
     */
    public ShrinkBenchmark(int operations, int rounds, long firstSeed) {
        this.operations = operations;
        this.rounds = rounds;
        this.firstSeed = firstSeed;
    }

    /** The total number of runs that are shrunk. */
    public int steps() {
        return CASES.size() * rounds;
    }

    /**
     * @param progress called after each run
     * @throws IllegalArgumentException if the runs have too few operations to show anything
     */
    public List<Figure> run(Consumer<String> progress) {
        return CASES.stream().map(it -> measure(it, progress)).toList();
    }

    private Figure measure(Case of, Consumer<String> progress) {
        Scenario scenario =
                ScenarioLoader.parse(of.protocol() + ".conf", STORY.formatted(of.protocol(), operations, of.model()));
        double[] cpu = new double[rounds];
        double[] seconds = new double[rounds];
        double[] steps = new double[rounds];
        List<Finding> findings = findings(of, scenario);
        for (int i = 0; i < rounds; i++) {
            long cpuBefore = cpuNanos();
            long before = System.nanoTime();
            Shrunk shrunk = Shrinker.shrink(findings.get(i), THREADS);
            seconds[i] = (System.nanoTime() - before) / 1e9;
            cpu[i] = (cpuNanos() - cpuBefore) / 1e9;
            steps[i] = shrunk.scenario().steps().size();
            progress.accept(of.protocol());
        }
        return new Figure(of.protocol(), of.model(), Spread.of(cpu), Spread.of(seconds), Spread.of(steps));
    }

    private List<Finding> findings(Case of, Scenario scenario) {
        List<Finding> findings = new ArrayList<>();
        long shown = firstSeed - 1;
        try (Simulation simulation = Simulation.startSilently()) {
            for (long seed = firstSeed; findings.size() < rounds; seed++) {
                Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
                if (findings.addAll(Finding.of(scenario, seed, Schedule.USUAL, run))) {
                    shown = seed;
                } else if (seed - shown == PATIENCE) {
                    throw new IllegalArgumentException("no run of " + of.protocol() + " with " + operations
                            + (operations == 1 ? " operation" : " operations") + " and a seed from " + (shown + 1)
                            + " to " + seed + " violates " + of.model()
                            + ", so there is nothing to shrink: more operations show more");
                }
            }
        }
        return findings;
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
