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

/** Compares what the nodes of a cluster hold: when one has caught up with others, and when somebody asks. */
final class ClusterVerification {
    /** For so long a node may take to catch up before it counts that it differs. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Nodes nodes;
    private final Security security;
    private final Consumer<String> out;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("verify"));
    private final AtomicBoolean isAsked = new AtomicBoolean();

    /** @param out takes a line with each verdict */
    ClusterVerification(Nodes nodes, Security security, Consumer<String> out) {
        this.nodes = nodes;
        this.security = security;
        this.out = out;
    }

    /** Compares all nodes as soon as they have caught up. Returns at once; who asks meanwhile has the same answer. */
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
                isAsked.set(false); // Who has asked by now is answered by what is looked at now.
                result = now();
            } while (result.verdict() != Verdict.EQUAL && System.nanoTime() < deadline);
            out.accept(VerifyCommand.verdict(result)
                    + (result.verdict() == Verdict.EQUAL ? "" : "; \"verify\" looks again, and says more"));
        } catch (RequestFailure e) {
            // They have ended meanwhile.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws RequestFailure when no node answers */
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
