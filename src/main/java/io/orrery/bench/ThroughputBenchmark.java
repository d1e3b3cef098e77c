package io.orrery.bench;

import io.orrery.launch.ServerProcess;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How many requests a replica answers over HTTP, next to a bare route of Pekko HTTP that answers a constant. All replicas of a
 * deployment are in one JVM, with their journals in memory; the bare route is in a JVM of its own, and so is the load: this
 * one. The two are asked by turns, for a short while each, so that what else the machine does meanwhile slows both.
 */
public final class ThroughputBenchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What is asked of a replica. */
    public enum Operation {
        GET(LoadGenerator.Request.GET),
        PUT(LoadGenerator.Request.PUT);

        private final LoadGenerator.Request request;

        Operation(LoadGenerator.Request request) {
            this.request = request;
        }
    }

    /**
     * How much is measured, and for how long.
     *
     * @param replicas how many there are; the first is asked, and leads where the protocol has a leader
     * @param connections how many clients ask at a time: a figure for each
     * @param rounds how often each figure is measured
     * @param roundTime how long a round takes
     * @param warmUp how long each server is asked before, for each operation, until its compiler has come to rest
     * @param seed decides which keys are asked for
     */
    public record Options(
            int replicas, List<Integer> connections, int rounds, Duration roundTime, Duration warmUp, long seed) {
        /** @throws IllegalArgumentException when a number is below 1, or a round takes no time */
        public Options {
            connections = List.copyOf(connections);
            if (replicas < 1
                    || rounds < 1
                    || connections.isEmpty()
                    || connections.stream().anyMatch(it -> it < 1)) {
                throw new IllegalArgumentException("--replicas, --rounds and --connections are 1 or more, not "
                        + replicas + ", " + rounds + " and " + connections);
            }
            if (roundTime.isZero()) {
                throw new IllegalArgumentException("a round takes some time, such as 1s");
            }
        }

        /** How many figures there are for so many protocols. */
        public int figures(int protocols) {
            return protocols * Operation.values().length * connections.size();
        }
    }

    /**
     * What one of the two did.
     *
     * @param perSecond requests in a second, by rounds
     * @param latencies of all rounds, in nanoseconds
     * @param cpuNanos the time of processors that its process took for a request, over all rounds
     */
    public record Side(Spread perSecond, Histogram latencies, double cpuNanos) {}

    /** @param ratio requests in a second to those of the bare route right before or after, by rounds */
    public record Figure(
            ProtocolType protocol, Operation operation, int connections, Side orrery, Side bare, Spread ratio) {
        /** As the ratio of times, by the time of processors instead of the clock: it counts only what the servers did. */
        public double cpuRatio() {
            return bare.cpuNanos() / orrery.cpuNanos();
        }
    }

    private final Path directory;
    private final Options options;
    private final Consumer<String> progress;

    /**
     * @param directory an empty one, for files of the servers
     * @param progress told of each figure that has been measured
     */
    public ThroughputBenchmark(Path directory, Options options, Consumer<String> progress) {
        this.directory = directory;
        this.options = options;
        this.progress = progress;
    }

    /** Measures each operation of each protocol, with each number of connections. */
    public List<Figure> run(List<ProtocolType> protocols) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (ServerProcess process =
                        ServerProcess.start(BareRoute.class, List.of(), directory.resolve("bare.log"), PATIENCE);
                Target bare = new Target(process)) {
            bare.warmUp();
            for (ProtocolType protocol : protocols) {
                Path conf = Files.writeString(directory.resolve(protocol + ".conf"), deployment(protocol));
                try (ServerProcess server = ServerProcess.start(conf, directory.resolve(protocol + ".log"), PATIENCE);
                        Target orrery = new Target(server)) {
                    orrery.warmUp();
                    for (Operation operation : Operation.values()) {
                        for (int connections : options.connections()) {
                            figures.add(measure(protocol, operation, connections, orrery, bare));
                            progress.accept(protocol + ", " + operation + ", " + connections + " connections");
                        }
                    }
                }
            }
        }
        return figures;
    }

    private Figure measure(ProtocolType protocol, Operation operation, int connections, Target orrery, Target bare)
            throws InterruptedException {
        Tally ours = new Tally(options.rounds());
        Tally theirs = new Tally(options.rounds());
        double[] ratios = new double[options.rounds()];
        for (int round = 0; round < options.rounds(); round++) {
            // Who was last goes first: a machine that gets slower, or quicker, favours nobody.
            if (round % 2 == 0) {
                bare.ask(operation, connections, theirs, round);
                orrery.ask(operation, connections, ours, round);
            } else {
                orrery.ask(operation, connections, ours, round);
                bare.ask(operation, connections, theirs, round);
            }
            ratios[round] = ours.perSecond[round] / theirs.perSecond[round];
        }
        return new Figure(protocol, operation, connections, ours.side(), theirs.side(), Spread.of(ratios));
    }

    private String deployment(ProtocolType protocol) {
        List<NodeId> ids = IntStream.rangeClosed(1, options.replicas())
                .mapToObj(number -> NodeId.of("R" + number))
                .toList();
        return String.join(
                "\n",
                "protocol = " + protocol,
                "leader = " + ids.get(0),
                "write-quorum = " + Math.min(1, options.replicas() - 1),
                "journal = memory",
                "replicas = "
                        + ids.stream()
                                .map(id -> "{ id = " + id + ", http { port = 0 } }")
                                .collect(Collectors.joining(", ", "[", "]")));
    }

    /** What the rounds of one side add up to. */
    private static final class Tally {
        private final double[] perSecond;
        private final Histogram latencies = new Histogram(3);
        private Duration cpu = Duration.ZERO;

        Tally(int rounds) {
            perSecond = new double[rounds];
        }

        Side side() {
            return new Side(Spread.of(perSecond), latencies, (double) cpu.toNanos() / latencies.getTotalCount());
        }
    }

    /** A server that is asked, with the connections to it. */
    private final class Target implements AutoCloseable {
        private final ServerProcess server;
        private final Map<Integer, LoadGenerator> loads = new LinkedHashMap<>();

        Target(ServerProcess server) throws IOException {
            this.server = server;
            String url = server.urls().values().iterator().next();
            for (int connections : options.connections()) {
                loads.put(connections, new LoadGenerator(url, connections, options.seed()));
            }
        }

        void warmUp() throws IOException, InterruptedException {
            loads.values().iterator().next().fill();
            for (LoadGenerator load : loads.values()) {
                for (Operation operation : Operation.values()) {
                    load.run(operation.request, options.warmUp().dividedBy(loads.size()));
                }
            }
        }

        void ask(Operation operation, int connections, Tally tally, int round) throws InterruptedException {
            Duration before = server.cpuTime();
            LoadGenerator.Load load = loads.get(connections).run(operation.request, options.roundTime());
            tally.cpu = tally.cpu.plus(server.cpuTime()).minus(before);
            tally.perSecond[round] = load.perSecond();
            tally.latencies.add(load.latencies());
        }

        @Override
        public void close() throws IOException {
            for (LoadGenerator load : loads.values()) {
                load.close();
            }
        }
    }
}
