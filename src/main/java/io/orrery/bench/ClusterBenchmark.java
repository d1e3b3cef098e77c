package io.orrery.bench;

import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.launch.NodeProcess;
import io.orrery.model.NodeId;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Measures a cluster of JVMs on this machine: the time until a node serves clients, the throughput and latency of
 * writes, and the start of a node with much to recover. Each JVM has the flags of the command {@code cluster}, plus
 * those given.
 */
public final class ClusterBenchmark {
    private static final List<NodeId> THREE = List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long BETWEEN_LOOKS_MILLIS = 5;
    /** Enough for the JIT compilers of the JVMs to finish. */
    private static final int WARM_UP_ROUNDS = 8;

    /** Large enough for the recovered data. */
    private static final String LARGE_HEAP = "-Xmx1g";

    private final Path directory;
    private final List<String> flags;
    private final int rounds;
    private final long seed;
    private final Consumer<String> progress;
    private int clusters;

    /** @param seconds from the start of the JVM until {@code GET /ready} returned 200 */
    public record Start(String node, Spread seconds) {}

    /**
     * Writes to the leader of three nodes.
     *
     * @param quorum how many followers had each write before it was answered
     * @param perSecond by rounds
     * @param latencies of all rounds, in nanoseconds
     * @param loadCpu the share of all processors that the load generator itself used, from 0 to 1
     */
    public record Writes(JournalKind journal, int quorum, Spread perSecond, Histogram latencies, double loadCpu) {}

    /**
     * @param directory an empty directory on the disk to be measured
     * @param flags additional flags for the JVM of each node
     * @param rounds how often each result is measured, after some warm-up
     * @param seed decides which keys are written
     * @param progress called after each round, including warm-up
     */
    public ClusterBenchmark(Path directory, List<String> flags, int rounds, long seed, Consumer<String> progress) {
        this.directory = directory;
        this.flags = List.copyOf(flags);
        this.rounds = rounds;
        this.seed = seed;
        this.progress = progress;
    }

    /** The number of rounds for so many results of starts (recovery included) and of writes. */
    public static int steps(int starts, int writes, int rounds) {
        return starts * (rounds + 1) + writes * (rounds + WARM_UP_ROUNDS);
    }

    /** Starts the only replica of a deployment. */
    public Start startAlone() throws IOException, InterruptedException {
        return start("alone", THREE.subList(0, 1));
    }

    /** Starts the third of three nodes while the other two run. */
    public Start startBesideTwo() throws IOException, InterruptedException {
        return start("joins two others", THREE);
    }

    private Start start(String name, List<NodeId> ids) throws IOException, InterruptedException {
        try (MeasuredCluster measuredCluster = cluster(ids, JournalKind.ROCKSDB, Math.min(1, ids.size() - 1))) {
            List<NodeId> others = ids.subList(0, ids.size() - 1);
            others.forEach(id -> measuredCluster.nodes().node(id).start());
            measuredCluster.nodes().awaitReady(PATIENCE);
            return new Start(name, starts(measuredCluster, ids.get(others.size()), "start, " + name));
        }
    }

    private Spread starts(MeasuredCluster measuredCluster, NodeId id, String what) throws InterruptedException {
        NodeProcess node = measuredCluster.nodes().node(id);
        double[] seconds = new double[rounds];
        for (int i = -1; i < rounds; i++) {
            long began = System.nanoTime();
            node.start();
            awaitReady(node, measuredCluster.url(id));
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - began) / 1e9;
            }
            node.terminate(measuredCluster.nodes().grace());
            tell(what, i);
        }
        return Spread.of(seconds);
    }

    private static void awaitReady(NodeProcess node, String url) throws InterruptedException {
        RestClient client = new RestClient(url);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady(client)) {
            if (!node.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("node " + node.id() + " did not become ready; " + node.lastWords());
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    private static boolean isReady(RestClient client) {
        try {
            return client.get("/ready").status() == 200;
        } catch (RequestFailure nobodyListensYet) {
            return false;
        }
    }

    /**
     * Measures writes through all layers, from HTTP to the disks of several nodes. Each quorum has its own cluster, and
     * all clusters run at once. Rounds alternate between them, so that background load slows all of them alike.
     *
     * @param quorums how many followers must have a write: 1 or 2
     * @param connections the number of clients, each with one write in flight
     * @param roundTime the length of a round
     * @return in the order of the quorums
     */
    public List<Writes> writes(JournalKind journal, List<Integer> quorums, int connections, Duration roundTime)
            throws IOException, InterruptedException {
        List<Writers> writers = new ArrayList<>();
        try {
            for (int quorum : quorums) {
                writers.add(new Writers(journal, quorum, connections));
            }
            List<Writers> turn = new ArrayList<>(writers);
            for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
                for (Writers one : turn) {
                    one.write(i, roundTime);
                    tell("writes, journal " + name(journal) + ", W = " + one.quorum, i);
                }
                // The order is reversed in every other round, so that a drift of the machine's speed favours none.
                Collections.reverse(turn);
            }
            return writers.stream().map(Writers::figures).toList();
        } finally {
            for (Writers one : writers) {
                one.close();
            }
        }
    }

    private static String name(JournalKind journal) {
        return journal.name().toLowerCase(Locale.ROOT);
    }

    /** Three nodes, the clients of their leader, and the results of these clients. */
    private final class Writers implements AutoCloseable {
        private final JournalKind journal;
        private final int quorum;
        private final MeasuredCluster measuredCluster;
        private final LoadGenerator load;
        private final double[] perSecond = new double[rounds];
        private final Histogram latencies = new Histogram(3);
        private double cpu;

        Writers(JournalKind journal, int quorum, int connections) throws IOException, InterruptedException {
            this.journal = journal;
            this.quorum = quorum;
            measuredCluster = cluster(THREE, journal, quorum);
            try {
                measuredCluster.nodes().all().forEach(NodeProcess::start);
                measuredCluster.nodes().awaitReady(PATIENCE);
                load = new LoadGenerator(measuredCluster.url(THREE.get(0)), connections, seed);
            } catch (IOException | InterruptedException | RuntimeException e) {
                measuredCluster.close();
                throw e;
            }
        }

        void write(int round, Duration roundTime) throws InterruptedException {
            LoadGenerator.Load done = load.run(LoadGenerator.Request.PUT, roundTime);
            if (round >= 0) {
                perSecond[round] = done.perSecond();
                latencies.add(done.latencies());
                cpu += done.cpu() / rounds;
            }
        }

        Writes figures() {
            return new Writes(journal, quorum, Spread.of(perSecond), latencies, cpu);
        }

        @Override
        public void close() throws IOException {
            load.close();
            measuredCluster.close();
        }
    }

    /**
     * Starts a node whose journal has much to recover.
     *
     * @param keys how many keys it holds
     */
    public Start recovery(int keys) throws IOException, InterruptedException {
        NodeId id = THREE.get(0);
        String name = String.format(Locale.ROOT, "recovers %,d keys", keys);
        try (MeasuredCluster measuredCluster = cluster(List.of(id), JournalKind.ROCKSDB, 0, LARGE_HEAP)) {
            JournalBenchmark.fill(measuredCluster.dataOf(id), id, Protocols.named(measuredCluster.protocol()), keys);
            return new Start(name, starts(measuredCluster, id, name));
        }
    }

    private MeasuredCluster cluster(List<NodeId> ids, JournalKind journal, int quorum, String... further)
            throws IOException {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(further));
        return new MeasuredCluster(directory.resolve("cluster-" + ++clusters), ids, journal, quorum, all);
    }

    private void tell(String what, int round) {
        progress.accept(what + ": " + (round < 0 ? "warm-up" : "round " + (round + 1) + " of " + rounds));
    }
}
