package io.orrery.launch;

import io.orrery.deployment.Deployment;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The nodes of a deployment on this machine, each in its own JVM. No node outlives this process: {@link #close} ends
 * them, otherwise a shutdown hook, and if this process is killed, the {@link ParentWatch} in each node.
 */
public final class Nodes implements AutoCloseable {
    /** The minimum time that nodes may take to stop in order. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** The longest time that a node needs after its last answer, to leave the cluster and close its journal. */
    private static final Duration LEAVING = Duration.ofSeconds(15);

    /**
     * How many nodes start concurrently. More would slow each other down until they suspect each other of having
     * failed.
     */
    private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());
    /** A node that does not listen by then no longer delays the next one. */
    private static final long TURN_SECONDS = 30;

    /** A copy takes its place when a node joins. */
    private volatile Map<NodeId, NodeProcess> nodes = new LinkedHashMap<>();

    private final Path conf;
    private final LaunchOptions options;
    private final Path data;
    private final Duration grace;
    private final Thread hook = new Thread(this::stopAtShutdown, "stop-nodes");
    /** Guards starts against the shutdown: a start happens before the shutdown begins, or sees that it has begun. */
    private final Object turn = new Object();

    /** Guarded by {@link #turn}. */
    private boolean ending;

    /**
     * Does not start anything.
     *
     * @param conf the deployment file, which the nodes read again at each start
     */
    public Nodes(Path conf, Deployment deployment, LaunchOptions options) {
        Duration longest = deployment.limits().requestTimeout().plus(LEAVING);
        grace = longest.compareTo(GRACE) > 0 ? longest : GRACE;
        this.conf = conf;
        this.options = options;
        data = options.data();
        deployment.ids().forEach(id -> nodes.put(id, new NodeProcess(id, conf, options)));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Like {@link #startAll(Runnable)}, without an action. */
    public void startAll() {
        startAll(() -> {});
    }

    /**
     * Starts all nodes in the order of the deployment, as many concurrently as the machine has processors. The next
     * node starts as soon as one listens or has ended, because a node may need the next one to become ready. Nodes
     * without data start after all that have some: a majority of them would found a new cluster, which keeps out who
     * has data of the old one. Skips nodes that have already been started. Returns when the last node has been started, or
     * earlier if the shutdown has begun; does not wait until they are ready.
     *
     * @param begun runs when the first node has been started
     * @throws LaunchFailure if nodes that another process started still run with this data; nothing has been changed
     *     then. Or if a JVM cannot be started; no node is left running then
     */
    public void startAll(Runnable begun) {
        requireUnused();
        List<CompletableFuture<String>> starting = new ArrayList<>();
        boolean isFirst = true;
        Map<Boolean, List<NodeProcess>> byData = all().stream().collect(Collectors.partitioningBy(this::hasData));
        NodeProcess firstWithout = byData.get(false).stream().findFirst().orElse(null);
        List<NodeProcess> inTurn = new ArrayList<>(byData.get(true));
        inTurn.addAll(byData.get(false));
        for (NodeProcess node : inTurn) {
            while (starting.size() >= (node == firstWithout ? 1 : AT_ONCE)) {
                awaitOne(starting);
            }
            try {
                if (!startInTurn(node)) {
                    return;
                }
            } catch (LaunchFailure e) {
                close();
                throw e;
            }
            if (isFirst) {
                begun.run();
                isFirst = false;
            }
            starting.add(node.whenListening().copy().orTimeout(TURN_SECONDS, TimeUnit.SECONDS));
        }
    }

    /** A start moves the log of the run before, so none may begin where a later one would fail. */
    private void requireUnused() {
        try {
            all().stream().filter(node -> !node.wasStarted()).forEach(NodeProcess::requireUnused);
        } catch (LaunchFailure e) {
            close();
            throw e;
        }
    }

    private boolean hasData(NodeProcess node) {
        return DataDirectory.hasStore(DataDirectory.of(data, node.id()));
    }

    /** Returns false if the shutdown has begun. */
    private boolean startInTurn(NodeProcess node) {
        synchronized (turn) {
            if (!ending && !node.wasStarted()) {
                node.start();
            }
            return !ending;
        }
    }

    /**
     * Starts one node: one that {@link #startAll} has not reached yet, or one that has ended.
     *
     * @throws IllegalArgumentException if there is no such node
     * @throws IllegalStateException if it is already running or the shutdown has begun
     * @throws LaunchFailure if its JVM cannot be started
     */
    public void start(NodeId id) {
        NodeProcess node = node(id);
        synchronized (turn) {
            if (ending) {
                throw new IllegalStateException("node " + id + " is not started: the cluster is stopping");
            }
            node.start();
        }
    }

    /**
     * Starts a node of a replica that is not in the file: one that was added to the running cluster.
     *
     * @param url the address of a replica of that cluster
     * @throws IllegalStateException if there is such a node, or the shutdown has begun
     * @throws LaunchFailure if its JVM cannot be started
     */
    public NodeProcess join(NodeId id, String url) {
        synchronized (turn) {
            if (nodes.containsKey(id) || ending) {
                throw new IllegalStateException(
                        "node " + id + " is not started: " + (ending ? "the cluster is stopping" : "it is there"));
            }
            NodeProcess node = new NodeProcess(id, conf, options.withArguments(List.of("--join", url)));
            Map<NodeId, NodeProcess> more = new LinkedHashMap<>(nodes);
            more.put(id, node);
            nodes = more;
            node.start();
            return node;
        }
    }

    private void beginEnd() {
        synchronized (turn) {
            ending = true;
        }
    }

    private static void awaitOne(List<CompletableFuture<String>> starting) {
        // awaitReady reports why a node does not listen.
        CompletableFuture.anyOf(starting.toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
        starting.removeIf(CompletableFuture::isDone);
    }

    /** In the order of the deployment. */
    public Collection<NodeProcess> all() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** @throws IllegalArgumentException if there is no such node */
    public NodeProcess node(NodeId id) {
        NodeProcess node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("there is no node " + id + "; there are " + nodes.keySet());
        }
        return node;
    }

    /**
     * Waits until each started node has been ready.
     *
     * @throws LaunchFailure if a node is not ready in time, or at once if one ends before it is
     */
    public void awaitReady(Duration timeout) throws InterruptedException {
        List<NodeProcess> started = started();
        CompletableFuture<Void> allReady = CompletableFuture.allOf(
                started.stream().map(NodeProcess::whenReady).toArray(CompletableFuture[]::new));
        // Fails at the first failure instead of waiting for the other nodes.
        started.forEach(node -> node.whenReady().exceptionally(failure -> {
            allReady.completeExceptionally(failure);
            return null;
        }));
        NodeProcess.await(
                allReady,
                timeout,
                () -> started.stream()
                        .filter(node -> !node.wasReady())
                        .map(node -> node.late("was not ready", timeout))
                        .collect(Collectors.joining("\n")));
    }

    private List<NodeProcess> started() {
        return all().stream().filter(NodeProcess::wasStarted).toList();
    }

    /** How long nodes of this deployment may take to stop in order: each answers its open requests first. */
    public Duration grace() {
        return grace;
    }

    /** Like {@link #stop(Duration)} within {@link #grace()}. */
    public List<NodeId> stop() throws InterruptedException {
        return stop(grace);
    }

    /**
     * Asks all nodes to stop in order, and kills those that have not ended in time. A second call waits for the first.
     *
     * @return the nodes that had to be killed
     */
    public synchronized List<NodeId> stop(Duration grace) throws InterruptedException {
        beginEnd();
        List<NodeProcess> running = all().stream().filter(NodeProcess::isAlive).toList();
        running.forEach(NodeProcess::requestEnd);
        long deadline = System.nanoTime() + grace.toNanos();
        List<NodeId> killed = new ArrayList<>();
        for (NodeProcess node : running) {
            try {
                node.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            } catch (LaunchFailure late) {
                killed.add(node.id());
                node.kill();
            }
        }
        return killed;
    }

    /** Kills the nodes that still run. */
    @Override
    public void close() {
        beginEnd();
        started().forEach(NodeProcess::kill);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook runs in any case.
        }
    }

    private void stopAtShutdown() {
        try {
            stop();
        } catch (InterruptedException e) {
            close();
        }
    }
}
