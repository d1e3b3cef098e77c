package io.orrery.bench;

import io.orrery.explore.exhaustive.Exploration;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The speed of exploration: executions per second of CPU time of one thread. Three replicas, three clients that write one
 * key each, every order of the messages, judged by causal convergence and by convergence of the replicas.
 */
public final class ExploreBenchmark {
    private final Scenario scenario;
    private final int rounds;
    private final Duration roundTime;

    /** @param roundTime the approximate CPU time of a round */
    public ExploreBenchmark(String protocol, int rounds, Duration roundTime) {
        this.scenario = ScenarioLoader.parse(
                "explore",
                "title = \"three writes\", protocol = " + protocol + ", replicas = [A, B, C], steps = ["
                        + "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }, "
                        + "{ at = 0s, client = b, via = B, put = { key = x, value = 2 } }, "
                        + "{ at = 0s, client = c, via = C, put = { key = y, value = 3 } }], "
                        + "expect { causal-ccv = true, converged = true }");
        this.rounds = rounds;
        this.roundTime = roundTime;
    }

    /** The number of rounds, warm-up included. */
    public int steps() {
        return 2 * rounds;
    }

    /**
     * Explores the whole scenario again and again; the figure is executions per second.
     *
     * @param progress called after each round
     */
    public Spread run(Consumer<String> progress) {
        return Spread.measure(rounds, rounds, () -> {
            double rate = round();
            progress.accept("executions");
            return rate;
        });
    }

    private double round() {
        long began = cpu();
        long executions = 0;
        long took;
        do {
            executions +=
                    new Exploration(scenario, 0).explore(() -> false).result().executions();
            took = cpu() - began;
        } while (took < roundTime.toNanos());
        return executions / (took / 1e9);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
