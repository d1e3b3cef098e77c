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
 * The HTTP throughput of a replica, compared with a bare Pekko HTTP route that answers with a constant. All replicas of
 * a deployment run in one JVM, with their journals in memory; the bare route runs in a second JVM, the load generator
 * in this one. Once warm, the two servers are measured in short alternating rounds, each until the server is idle
 * again, so that background load slows both alike.
 */
public final class ThroughputBenchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double AIM_OF_GET = 0.90;
    private static final double AIM_OF_PUT = 0.75;
    /** The protocol with the least overhead per write, to which the target applies. */
    private static final String LIGHTEST = "lamport-lww";

    /** An operation of the load. */
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
     * What is measured, and for how long.
     *
     * @param replicas how many there are; the load goes to the first, which leads if the protocol has a leader
     * @param connections numbers of concurrent clients: one result each
     * @param rounds how often each result is measured
     * @param roundTime the length of a round
     * @param warmUp the longest warm-up of each server; it ends earlier when the server gets no faster
     * @param seed decides which keys are requested
     */
    public record Options(
            int replicas, List<Integer> connections, int rounds, Duration roundTime, Duration warmUp, long seed) {
        /** @throws IllegalArgumentException if a number is below 1 or the round time is zero */
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
                throw new IllegalArgumentException("a round takes a time above 0, such as 1s");
            }
        }

        /** The number of progress calls for so many protocols. */
        public int steps(int protocols) {
            return protocols * (1 + Operation.values().length * connections.size());
        }
    }

    /**
     * The results of one server.
     *
     * @param perSecond requests per second, by rounds
     * @param latencies of all rounds, in nanoseconds
     * @param cpuNanos the CPU time of the server process per request, by rounds
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
     * @param ratio requests per second, relative to the bare route in the adjacent round; by rounds
     * @param cpuRatio the same by CPU time instead of wall clock: it counts only the work of the servers
     */
    public record Figure(
            ProtocolType protocol,
            Operation operation,
            int connections,
            Side orrery,
            Side bare,
            Spread ratio,
            Spread cpuRatio) {
        /** The target ratio; empty if there is none. */
        public OptionalDouble aim() {
            if (operation == Operation.GET) {
                return OptionalDouble.of(AIM_OF_GET);
            }
            return protocol.name().equals(LIGHTEST) ? OptionalDouble.of(AIM_OF_PUT) : OptionalDouble.empty();
        }

        /** Whether the median ratio reaches the target; true if there is none. */
        public boolean isMet() {
            return aim().isEmpty() || ratio.median() >= aim().getAsDouble();
        }
    }

    private final Path directory;
    private final Options options;
    private final Consumer<String> progress;

    /**
     * @param directory an empty directory for the servers' files
     * @param progress called after each result, and once per protocol when its servers are warm
     */
    public ThroughputBenchmark(Path directory, Options options, Consumer<String> progress) {
        this.directory = directory;
        this.options = options;
        this.progress = progress;
    }

    /** Measures each operation of each protocol with each number of connections. */
    public List<Figure> run(List<ProtocolType> protocols) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        for (ProtocolType protocol : protocols) {
            Path conf = Files.writeString(directory.resolve(protocol + ".conf"), deployment(protocol));
            Path bareLog = directory.resolve(protocol + "-bare.log");
            // New servers for each protocol, so that both have served equally long.
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
            // The order is reversed in every other round, so that a drift of the machine's speed favours neither.
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
