package io.orrery.bench;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkRule;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Client;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The speed of the simulation: delivered messages per second in one long world, and new worlds per second. Five
 * replicas; ten clients write, each to its own replica, with 1 ms between an answer and the next write; links take 1 to
 * 10 ms.
 */
public final class SimulationBenchmark {
    private static final int FIGURES = 5;
    private static final int REPLICAS = 5;
    private static final int CLIENTS = 10;
    private static final int KEYS = 1_000;
    private static final int OPERATIONS_OF_A_WORLD = 50;
    private static final Delay LINK = new Delay.Uniform(Duration.ofMillis(1), Duration.ofMillis(10));
    private static final Delay THINK_TIME = new Delay.Fixed(Duration.ofMillis(1));

    private final WorldSpec spec;
    private final int rounds;
    private final Duration roundTime;
    private final long seed;

    /** A number of delivered messages or finished worlds, and the time taken. */
    private record Work(long count, double seconds) {}

    /** @param rates in the unit, by rounds */
    public record Figure(String name, String unit, Spread rates) {}

    /**
     * @param rounds how often each result is measured, after as many warm-up rounds
     * @param roundTime the approximate length of a round
     * @param seed decides all random choices
     */
    public SimulationBenchmark(ProtocolType protocol, int rounds, Duration roundTime, long seed) {
        List<NodeId> replicas = IntStream.range(0, REPLICAS)
                .mapToObj(i -> NodeId.of(String.valueOf((char) ('A' + i))))
                .toList();
        this.spec = new WorldSpec(
                protocol,
                replicas,
                ProtocolOptions.usual(replicas),
                new LinkRule(LINK, 0, 0, false),
                Delay.NONE,
                ReplicaSettings.Tuning.DEFAULT,
                ReplicaLimits.DEFAULT);
        this.rounds = rounds;
        this.roundTime = roundTime;
        this.seed = seed;
    }

    /** The total number of rounds. */
    public int steps() {
        return FIGURES * 2 * rounds;
    }

    /**
     * Measures everything. Takes about ten times the rounds times their length.
     *
     * @param progress called after each round, including warm-up, on any thread
     */
    public List<Figure> run(Consumer<String> progress) {
        return List.of(
                measure("messages, 1 thread", "messages/s", 1, false, this::messages, progress),
                measure("messages, 2 threads", "messages/s", 2, false, this::messages, progress),
                measure("messages with trace, 1 thread", "messages/s", 1, true, this::messages, progress),
                measure("fresh worlds, 1 thread", "worlds/s", 1, false, this::worlds, progress),
                measure("fresh worlds, 2 threads", "worlds/s", 2, false, this::worlds, progress));
    }

    private interface Round {
        Work run(Simulation simulation, boolean traced, long firstSeed);
    }

    private Figure measure(
            String name, String unit, int threads, boolean traced, Round round, Consumer<String> progress) {
        List<Callable<double[]>> measured = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            // The threads proceed in step, so one of them reports for all.
            Consumer<String> told = thread == 0 ? progress : ofAnother -> {};
            measured.add(() -> ratesOfOneThread(name, round, traced, seed + thread, told));
        }
        double[] sums = new double[rounds];
        for (double[] rates : Parallel.run(threads, measured, "the benchmark failed")) {
            Arrays.setAll(sums, i -> sums[i] + rates[i]);
        }
        return new Figure(name, unit, Spread.of(sums));
    }

    private double[] ratesOfOneThread(String name, Round round, boolean traced, long firstSeed, Consumer<String> told) {
        try (Simulation simulation = Simulation.start()) {
            double[] rates = new double[rounds];
            for (int i = -rounds; i < rounds; i++) {
                Work work = round.run(simulation, traced, firstSeed);
                if (i >= 0) {
                    rates[i] = work.count() / work.seconds();
                }
                told.accept(name);
            }
            return rates;
        }
    }

    /** Counts deliveries. */
    private static final class Deliveries implements WorldObserver {
        private long count;

        @Override
        public void delivered(InFlightMessage inFlightMessage) {
            count++;
        }
    }

    private Work messages(Simulation simulation, boolean traced, long firstSeed) {
        long next = firstSeed;
        long began = System.nanoTime();
        long until = began + roundTime.toNanos();
        long delivered = 0;
        // A world's trace grows without bound, so a round runs many worlds of fixed size.
        while (System.nanoTime() < until) {
            Deliveries deliveries = new Deliveries();
            WorldObserver observer = traced ? WorldObserver.all(deliveries, new Trace()) : deliveries;
            World world = simulation.begin(spec, next++, observer);
            load(world, 25_000, next);
            world.runTo(Duration.ofSeconds(8));
            delivered += deliveries.count;
        }
        return new Work(delivered, (System.nanoTime() - began) / 1e9);
    }

    private Work worlds(Simulation simulation, boolean traced, long firstSeed) {
        long next = firstSeed;
        long began = System.nanoTime();
        long until = began + roundTime.toNanos();
        long count = 0;
        while (System.nanoTime() < until) {
            World world = simulation.begin(spec, next++, WorldObserver.NONE);
            load(world, OPERATIONS_OF_A_WORLD, next);
            world.runTo(Duration.ofMillis(100));
            count++;
        }
        return new Work(count, (System.nanoTime() - began) / 1e9);
    }

    private void load(World world, int operations, long worldSeed) {
        SeededRandom random = SeededRandom.stream(worldSeed, "workload");
        int[] left = {operations};
        for (int i = 0; i < CLIENTS; i++) {
            Client client = world.client("client" + i);
            next(world, client, spec.replicas().get(i % REPLICAS), random, left);
        }
    }

    private void next(World world, Client client, NodeId via, SeededRandom random, int[] left) {
        if (left[0] > 0) {
            left[0]--;
            Operation write = new Operation.Write(Key.of("k" + random.nextInt(KEYS)), Value.of(left[0]));
            client.invoke(via, write, outcome -> {
                // A follower that refuses a write names the leader; the client then writes there.
                boolean elsewhere = outcome instanceof Outcome.Refused it && it.reason() == Outcome.Reason.NOT_LEADER;
                NodeId next = elsewhere ? NodeId.of(((Outcome.Refused) outcome).detail()) : via;
                world.after(THINK_TIME, random, () -> next(world, client, next, random, left));
            });
        }
    }
}
