package io.orrery.bench;

import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.loop.Strategy;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The speed of a sweep: worlds that are played and judged per second. Five replicas; ten clients do 50 operations, half of
 * them reads, on ten keys, with 1 ms between an answer and the next operation; links take 1 to 10 ms. Each world is judged by
 * causal convergence and linearizability.
 */
public final class SweepBenchmark {
    private static final String STORY = """
            protocol = %s
            replicas = [A, B, C, D, E]
            workload { clients = 10, operations = 50, keys = 10, reads = 0.5, think-time = 1ms, redirects = true }
            expect { causal-ccv = true, linearizable = true }
            """;

    private static final int MOST_THREADS = 2;

    private final Scenario scenario;
    private final int rounds;
    private final Duration roundTime;
    private final long firstSeed;
    private final Strategy strategy;

    /** @param values in the unit, by rounds */
    public record Figure(String name, String unit, Spread values) {}

    /**
     * @param rounds how often each figure is measured, after as many rounds of warm-up
     * @param roundTime the approximate length of a round
     * @param firstSeed the seed of the first world of each round
     */
    public SweepBenchmark(ProtocolType protocol, int rounds, Duration roundTime, long firstSeed, Strategy strategy) {
        this.scenario = ScenarioLoader.parse("sweep.conf", story(protocol));
        this.rounds = rounds;
        this.roundTime = roundTime;
        this.firstSeed = firstSeed;
        this.strategy = strategy;
    }

    /** The scenario as a text. */
    static String story(ProtocolType protocol) {
        return STORY.formatted(protocol.name());
    }

    /** The total number of rounds. */
    public int steps() {
        return MOST_THREADS * 2 * rounds;
    }

    /**
     * Measures everything: one round with each number of threads by turns, so that what changes meanwhile, such as the
     * compiler's progress, concerns all. Takes about four times the rounds times their length.
     *
     * @param progress called after each round, including warm-up
     */
    public List<Figure> run(Consumer<String> progress) throws InterruptedException {
        double[][] rates = new double[MOST_THREADS + 1][rounds];
        double[][] memory = new double[MOST_THREADS + 1][rounds];
        for (int i = -rounds; i < rounds; i++) {
            for (int threads = 1; threads <= MOST_THREADS; threads++) {
                SweepResult result = sweep(threads);
                if (i >= 0) {
                    rates[threads][i] = result.worlds() / (result.took().toNanos() / 1e9);
                    memory[threads][i] = liveMegabytes();
                }
                progress.accept(with(threads));
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int threads = 1; threads <= MOST_THREADS; threads++) {
            figures.add(new Figure("judged worlds, " + with(threads), "worlds/s", Spread.of(rates[threads])));
            figures.add(new Figure("memory after each round, " + with(threads), "MB", Spread.of(memory[threads])));
        }
        double[] gain = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            gain[i] = rates[2][i] / rates[1][i];
        }
        figures.add(new Figure("2 threads to 1", "times", Spread.of(gain)));
        return figures;
    }

    private static String with(int threads) {
        return threads + (threads == 1 ? " thread" : " threads");
    }

    private SweepResult sweep(int threads) throws InterruptedException {
        return new Sweep(new SweepPlan(
                        List.of(scenario), firstSeed, Long.MAX_VALUE, Optional.of(roundTime), false, threads, strategy))
                .run();
    }

    /** What is in use after a collection. */
    private static double liveMegabytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    }
}
