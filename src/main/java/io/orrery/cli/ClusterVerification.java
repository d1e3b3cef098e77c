package io.orrery.cli;

import io.orrery.client.ReplicaVerification;
import io.orrery.client.ReplicaVerification.Verdict;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Security;
import io.orrery.launch.NodeProcess;
import io.orrery.launch.Nodes;
import io.orrery.model.DaemonThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Compares the contents of the nodes of a cluster: after a node has caught up, and on request. */
final class ClusterVerification {
    /** A node that differs for no longer than this may still be catching up. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Nodes nodes;
    private final Security security;
    private final Consumer<String> out;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("verify"));
    private final AtomicBoolean isAsked = new AtomicBoolean();

    /** @param out takes a line for each verdict */
    ClusterVerification(Nodes nodes, Security security, Consumer<String> out) {
        this.nodes = nodes;
        this.security = security;
        this.out = out;
    }

    /**
     * Schedules a comparison for when all nodes have caught up. Returns at once; requests made before the comparison
     * begins share its result.
     */
    void later() {
        if (isAsked.compareAndSet(false, true)) {
            thread.execute(this::whenCaughtUp);
        }
    }

    private void whenCaughtUp() {
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            ReplicaVerification result;
            do {
                isAsked.set(false); // requests made until here are answered by this comparison
                result = now();
            } while (result.verdict() != Verdict.EQUAL && System.nanoTime() < deadline);
            out.accept(VerifyCommand.verdict(result)
                    + (result.verdict() == Verdict.EQUAL ? "" : "; \"verify\" compares again and says more"));
        } catch (RequestFailure e) {
            // The nodes have ended meanwhile.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws RequestFailure if no node answers */
    ReplicaVerification now() throws InterruptedException {
        List<RestClient> clients = nodes.all().stream()
                .filter(node -> node.isAlive() && node.listens())
                .map(NodeProcess::url)
                .map(url -> new RestClient(url).withAccessTo(security))
                .toList();
        if (clients.isEmpty()) {
            throw new RequestFailure(RequestFailure.Kind.WRONG, "no node listens");
        }
        return ReplicaVerification.of(clients);
    }
}
