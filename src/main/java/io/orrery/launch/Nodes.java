package io.orrery.launch;

import io.orrery.deployment.Deployment;
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
 * The nodes of a deployment on this machine, each in its own JVM. None of them outlives this process, however it ends:
 * they end when this is closed, by a shutdown hook when it is not, and by their {@link ParentWatch} when this process
 * is killed.
 */
public final class Nodes implements AutoCloseable {
    /** The default minimum of the time that nodes may take to stop in order. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** What a node takes at the most after its last request is answered: it leaves the cluster, and closes its journal. */
    private static final Duration LEAVING = Duration.ofSeconds(15);

    /** So many are started at once: more would only slow each other down, until they take each other for gone. */
    private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());
    /** If a node does not listen by then, the next one starts anyway. */
    private static final long TURN_SECONDS = 30;

    private final Map<NodeId, NodeProcess> nodes = new LinkedHashMap<>();
    private final Duration grace;
    private final Thread hook = new Thread(this::stopAtShutdown, "stop-nodes");
    /** Its holder either starts a node before the shutdown begins, or sees that it has begun. */
    private final Object turn = new Object();

    /** Guarded by {@link #turn}. */
    private boolean ending;

    /**
     * Starts nothing yet.
     *
     * @param conf the file that the deployment was read from; the nodes read it again whenever they start
     */
    public Nodes(Path conf, Deployment deployment, LaunchOptions options) {
        Duration longest = deployment.limits().requestTimeout().plus(LEAVING);
        grace = longest.compareTo(GRACE) > 0 ? longest : GRACE;
        deployment.ids().forEach(id -> nodes.put(id, new NodeProcess(id, conf, options)));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** As {@link #startAll(Runnable)}, with nothing to be done meanwhile. */
    public void startAll() {
        startAll(() -> {});
    }

    /**
     * Starts all nodes, in the order of the deployment, as many at once as the machine has processors: the next as soon as
     * one has recovered and listens, or has ended: it may be ready only when the next is there. Who has been started before its turn is not started again. Returns when the last has been
     * started, and does not wait until it is ready; earlier, when the end has begun.
     *
     * @param begun run when the first has been started
     * @throws LaunchFailure when a JVM cannot be started; none is left running then
     */
    public void startAll(Runnable begun) {
        List<CompletableFuture<String>> starting = new ArrayList<>();
        boolean isFirst = true;
        for (NodeProcess node : all()) {
            while (starting.size() >= AT_ONCE) {
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

    /** Returns whether it is not too late for it. */
    private boolean startInTurn(NodeProcess node) {
        synchronized (turn) {
            if (!ending && !node.wasStarted()) {
                node.start();
            }
            return !ending;
        }
    }

    /**
     * Starts a node, whether all are being started or not: one whose turn has not come yet, or one that has ended.
     *
     * @throws IllegalArgumentException when there is no such node
     * @throws IllegalStateException when it runs already, or the end of all has begun
     * @throws LaunchFailure when its JVM cannot be started
     */
    public void start(NodeId id) {
        NodeProcess node = node(id);
        synchronized (turn) {
            if (ending) {
                throw new IllegalStateException("node " + id + " is not started: all are to end");
            }
            node.start();
        }
    }

    private void beginEnd() {
        synchronized (turn) {
            ending = true;
        }
    }

    private static void awaitOne(List<CompletableFuture<String>> starting) {
        // Why one does not listen is told by who waits for all.
        CompletableFuture.anyOf(starting.toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
        starting.removeIf(CompletableFuture::isDone);
    }

    /** In the order of the deployment. */
    public Collection<NodeProcess> all() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** @throws IllegalArgumentException when there is no such node */
    public NodeProcess node(NodeId id) {
        NodeProcess node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("there is no node " + id + "; there are " + nodes.keySet());
        }
        return node;
    }

    /**
     * Waits until each node that was started has been ready.
     *
     * @throws LaunchFailure when one is not ready in time, and at once when one ends before it is
     */
    public void awaitReady(Duration timeout) throws InterruptedException {
        List<NodeProcess> started = started();
        CompletableFuture<Void> allReady = CompletableFuture.allOf(
                started.stream().map(NodeProcess::whenReady).toArray(CompletableFuture[]::new));
        // One that fails is told at once, and not when the others are ready.
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

    /** How long nodes of this deployment may take to end in order: each answers first what it has been asked. */
    public Duration grace() {
        return grace;
    }

    /** As {@link #stop(Duration)}, within the {@link #grace()}. */
    public List<NodeId> stop() throws InterruptedException {
        return stop(grace);
    }

    /**
     * Asks all nodes to end in order, and kills those that have not ended in time. A second call waits for the first.
     *
     * @return those that had to be killed
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

    /** Kills what runs still. */
    @Override
    public void close() {
        beginEnd();
        started().forEach(NodeProcess::kill);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook runs anyway.
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
