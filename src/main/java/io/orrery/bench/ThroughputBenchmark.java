package io.orrery.bench;

import io.orrery.bench.ServerUnderLoad.Turn;
import io.orrery.launch.ServerProcess;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How many requests a replica answers over HTTP, next to a bare route of Pekko HTTP that answers a constant. All replicas of a
 * deployment are in one JVM, with their journals in memory; the bare route is in a JVM of its own, and so is the load: this
 * one. The two are warm when they are asked by turns, for a short while each and until they are at rest again, so that what
 * else the machine does meanwhile slows both.
 */
public final class ThroughputBenchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double AIM_OF_GET = 0.90;
    private static final double AIM_OF_PUT = 0.75;
    /** The protocol that adds the least to a write, and so the one that there is an aim for. */
    private static final String LIGHTEST = "lamport-lww";

    /** What is asked of a replica. */
    public enum Operation {
        GET(LoadGenerator.Request.GET),
        PUT(LoadGenerator.Request.PUT);

        private final LoadGenerator.Request request;

        Operation(LoadGenerator.Request request) {
            this.request = request;
        }

        LoadGenerator.Request request() {
            return request;
        }
    }

    /**
     * How much is measured, and for how long.
     *
     * @param replicas how many there are; the first is asked, and leads where the protocol has a leader
     * @param connections how many clients ask at a time: a figure for each
     * @param rounds how often each figure is measured
     * @param roundTime how long a round takes
     * @param warmUp how long each server is asked before, at the most; no longer than until it gets no quicker
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

        /** How often progress is told, for so many protocols. */
        public int steps(int protocols) {
            return protocols * (1 + Operation.values().length * connections.size());
        }
    }

    /**
     * What one of the two did.
     *
     * @param perSecond requests in a second, by rounds
     * @param latencies of all rounds, in nanoseconds
     * @param cpuNanos the time of processors that its process took for a request, by rounds
     */
    public record Side(Spread perSecond, Histogram latencies, Spread cpuNanos) {
        private static Side of(List<Turn> turns) {
            Histogram latencies = new Histogram(3);
            turns.forEach(turn -> latencies.add(turn.latencies()));
            return new Side(spread(turns, Turn::perSecond), latencies, spread(turns, Turn::cpuNanos));
        }

        private static Spread spread(List<Turn> turns, ToDoubleFunction<Turn> figure) {
            return Spread.of(turns.stream().mapToDouble(figure).toArray());
        }
    }

    /**
     * @param ratio requests in a second to those of the bare route right before or after, by rounds
     * @param cpuRatio the same by the time of processors instead of the clock: it counts only what the servers did
     */
    public record Figure(
            ProtocolType protocol,
            Operation operation,
            int connections,
            Side orrery,
            Side bare,
            Spread ratio,
            Spread cpuRatio) {
        /** The ratio that is aimed at; empty where there is none. */
        public OptionalDouble aim() {
            if (operation == Operation.GET) {
                return OptionalDouble.of(AIM_OF_GET);
            }
            return protocol.name().equals(LIGHTEST) ? OptionalDouble.of(AIM_OF_PUT) : OptionalDouble.empty();
        }

        /** Whether the median ratio is what is aimed at, or more; and so where nothing is. */
        public boolean isMet() {
            return aim().isEmpty() || ratio.median() >= aim().getAsDouble();
        }
    }

    private final Path directory;
    private final Options options;
    private final Consumer<String> progress;

    /**
     * @param directory an empty one, for files of the servers
     * @param progress told of each figure that has been measured, and before those of a protocol that its servers are warm
     */
    public ThroughputBenchmark(Path directory, Options options, Consumer<String> progress) {
        this.directory = directory;
        this.options = options;
        this.progress = progress;
    }

    /** Measures each operation of each protocol, with each number of connections. */
    public List<Figure> run(List<ProtocolType> protocols) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        for (ProtocolType protocol : protocols) {
            Path conf = Files.writeString(directory.resolve(protocol + ".conf"), deployment(protocol));
            Path bareLog = directory.resolve(protocol + "-bare.log");
            // Both are new for each protocol: neither has been asked for longer than the other.
            try (ServerProcess process = ServerProcess.start(BaselineServer.class, List.of(), bareLog, PATIENCE);
                    ServerProcess server = ServerProcess.start(conf, directory.resolve(protocol + ".log"), PATIENCE);
                    ServerUnderLoad bare = new ServerUnderLoad(process, options);
                    ServerUnderLoad orrery = new ServerUnderLoad(server, options)) {
                bare.warmUp();
                orrery.warmUp();
                progress.accept(protocol + ", warm");
                for (Operation operation : Operation.values()) {
                    for (int connections : options.connections()) {
                        figures.add(measure(protocol, operation, connections, orrery, bare));
                        progress.accept(protocol + ", " + operation + ", " + connections + " connections");
                    }
                }
            }
        }
        return figures;
    }

    private Figure measure(
            ProtocolType protocol, Operation operation, int connections, ServerUnderLoad orrery, ServerUnderLoad bare)
            throws InterruptedException {
        List<Turn> ours = new ArrayList<>();
        List<Turn> theirs = new ArrayList<>();
        double[] ratios = new double[options.rounds()];
        double[] cpuRatios = new double[options.rounds()];
        for (int round = 0; round < options.rounds(); round++) {
            // Who was last goes first: a machine that gets slower, or quicker, favours nobody.
            if (round % 2 == 0) {
                theirs.add(bare.ask(operation, connections));
                ours.add(orrery.ask(operation, connections));
            } else {
                ours.add(orrery.ask(operation, connections));
                theirs.add(bare.ask(operation, connections));
            }
            Turn our = ours.get(round);
            Turn their = theirs.get(round);
            ratios[round] = our.perSecond() / their.perSecond();
            cpuRatios[round] = their.cpuNanos() / our.cpuNanos();
        }
        return new Figure(
                protocol,
                operation,
                connections,
                Side.of(ours),
                Side.of(theirs),
                Spread.of(ratios),
                Spread.of(cpuRatios));
    }

    private String deployment(ProtocolType protocol) {
        List<NodeId> ids = IntStream.rangeClosed(1, options.replicas())
                .mapToObj(number -> NodeId.of("R" + number))
                .toList();
        return String.join(
                "\n",
                "protocol = " + protocol,
                "limits { connections = 1024 }",
                "leader = " + ids.get(0),
                "write-quorum = " + Math.min(1, options.replicas() - 1),
                "journal = memory",
                "replicas = "
                        + ids.stream()
                                .map(id -> "{ id = " + id + ", http { port = 0 } }")
                                .collect(Collectors.joining(", ", "[", "]")));
    }
}
