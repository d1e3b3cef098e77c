package io.orrery.bench;

import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.launch.NodeProcess;
import io.orrery.launch.Nodes;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * What a cluster of JVMs on this machine does: how soon a node serves clients, how many writes are done in a second and
 * how long each takes, and how soon a node that has much to read again serves clients. Each JVM has the flags that the
 * command {@code cluster} gives it.
 */
public final class ClusterBenchmark {
    private static final List<NodeId> THREE = List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long BETWEEN_LOOKS_MILLIS = 5;
    /** Until the compilers of the JVMs have come to rest. */
    private static final int WARM_UP_ROUNDS = 4;

    private static final long SEED = 1;
    /** Room for what is recovered. */
    private static final String LARGE_HEAP = "-Xmx1g";

    private final Path directory;
    private final int rounds;
    private final Consumer<String> progress;
    private int clusters;

    /** @param seconds from the start of the JVM until {@code GET /ready} was answered with 200 */
    public record Start(String node, Spread seconds) {}

    /**
     * Writes to the leader of three nodes.
     *
     * @param quorum how many followers had each write before it was answered
     * @param perSecond by rounds
     * @param latencies of all rounds, in nanoseconds
     * @param loadCpu the part of all processors that the load generator itself used, from 0 to 1
     */
    public record Writes(JournalKind journal, int quorum, Spread perSecond, Histogram latencies, double loadCpu) {}

    /**
     * @param directory an empty one, on the disk that is to be measured
     * @param rounds how often each figure is measured, after some warm-up
     * @param progress told what is being done, in words for people
     */
    public ClusterBenchmark(Path directory, int rounds, Consumer<String> progress) {
        this.directory = directory;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** Starts the only replica of a deployment. */
    public Start startAlone() throws IOException, InterruptedException {
        return start("alone", THREE.subList(0, 1));
    }

    /** Starts the third of three nodes, while the other two run. */
    public Start startBesideTwo() throws IOException, InterruptedException {
        return start("joins two others", THREE);
    }

    private Start start(String name, List<NodeId> ids) throws IOException, InterruptedException {
        try (Cluster cluster = cluster(ids, JournalKind.ROCKSDB, ids.size() - 1)) {
            List<NodeId> others = ids.subList(0, ids.size() - 1);
            others.forEach(id -> cluster.nodes().node(id).start());
            cluster.nodes().awaitReady(PATIENCE);
            return new Start(name, starts(cluster, ids.get(others.size()), "start, " + name));
        }
    }

    private Spread starts(Cluster cluster, NodeId id, String what) throws InterruptedException {
        NodeProcess node = cluster.nodes().node(id);
        double[] seconds = new double[rounds];
        for (int i = -1; i < rounds; i++) {
            tell(what, i);
            long began = System.nanoTime();
            node.start();
            awaitReady(node, cluster.url(id));
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - began) / 1e9;
            }
            node.terminate(Nodes.GRACE);
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
     * Measures writes through all layers, from HTTP to the disks of several nodes.
     *
     * @param quorum how many followers must have a write: 1 or 2
     * @param connections how many clients write, each one write after the other
     * @param roundTime how long a round takes
     */
    public Writes writes(JournalKind journal, int quorum, int connections, Duration roundTime)
            throws IOException, InterruptedException {
        String what = "writes, journal " + journal.name().toLowerCase(Locale.ROOT) + ", W = " + quorum;
        double[] perSecond = new double[rounds];
        double cpu = 0;
        Histogram latencies = new Histogram(3);
        try (Cluster cluster = cluster(THREE, journal, quorum)) {
            cluster.nodes().all().forEach(NodeProcess::start);
            cluster.nodes().awaitReady(PATIENCE);
            try (LoadGenerator load = new LoadGenerator(cluster.url(THREE.get(0)), connections, SEED)) {
                for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
                    tell(what, i);
                    LoadGenerator.Load round = load.run(LoadGenerator.Request.PUT, roundTime);
                    if (i >= 0) {
                        perSecond[i] = round.perSecond();
                        latencies.add(round.latencies());
                        cpu += round.cpu() / rounds;
                    }
                }
            }
        }
        return new Writes(journal, quorum, Spread.of(perSecond), latencies, cpu);
    }

    /**
     * Starts a node that has much in its journal.
     *
     * @param keys how many keys it holds
     */
    public Start recovery(int keys) throws IOException, InterruptedException {
        NodeId id = THREE.get(0);
        String name = String.format(Locale.ROOT, "recovers %,d keys", keys);
        try (Cluster cluster = cluster(List.of(id), JournalKind.ROCKSDB, 0, LARGE_HEAP)) {
            progress.accept(name + ": writing them");
            JournalBenchmark.fill(cluster.dataOf(id), id, keys);
            return new Start(name, starts(cluster, id, name));
        }
    }

    private Cluster cluster(List<NodeId> ids, JournalKind journal, int quorum, String... flags) throws IOException {
        return new Cluster(directory.resolve("cluster-" + ++clusters), ids, journal, quorum, List.of(flags));
    }

    private void tell(String what, int round) {
        progress.accept(what + ": " + (round < 0 ? "warm-up" : "round " + (round + 1) + " of " + rounds));
    }
}
