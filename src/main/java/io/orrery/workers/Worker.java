package io.orrery.workers;

import io.orrery.cluster.RemotingTransport;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.WorkersFile;
import io.orrery.workers.WorkerActor.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * A process that plays for sweeps: it waits for one, plays what that hands out until that is over, and waits for the next. It has
 * an actor system of its own for each sweep, as no system joins two clusters.
 */
public final class Worker {
    private static final int CONNECT_MILLIS = 2_000;
    private static final long WAIT_MILLIS = 500;
    private static final Duration ENDING = Duration.ofSeconds(3);

    private final WorkersFile file;
    private final Address at;
    private final int threads;
    private final String version;
    private final Consumer<String> told;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    /** That of the sweep under way; null between two. */
    private volatile ActorSystem<Void> system;

    /**
     * @param at where this side listens
     * @param threads how many worlds are played at a time
     * @param version of this side, which must be that of the sweep
     * @param told takes lines about what happens
     */
    public Worker(WorkersFile file, Address at, int threads, String version, Consumer<String> told) {
        this.file = file;
        this.at = at;
        this.threads = threads;
        this.version = version;
        this.told = told;
    }

    /**
     * Works until {@link #stop}.
     *
     * @throws IllegalArgumentException when it cannot listen, or a sweep refuses it, or their certificates do not go together: it says what
     *     would be right
     */
    public void run() throws InterruptedException {
        try {
            told.accept("waits for a sweep at " + file.sweep());
            for (boolean isFirst = true; awaitSweep(); isFirst = false) {
                ActorSystem<Void> begun = start(isFirst);
                if (begun == null) {
                    continue;
                }
                Outcome outcome = play(begun);
                if (outcome.end() == WorkerActor.End.REFUSED) {
                    throw new IllegalArgumentException(
                            "the sweep at " + file.sweep() + " refuses this worker: " + outcome.why());
                }
                if (!stopping.isDone()) {
                    told.accept(outcome.why() + "; waits for another at " + file.sweep());
                }
            }
        } finally {
            stopped.complete(null);
        }
    }

    /**
     * Ends it; what it has not told the sweep is played by others. Callable from any thread.
     *
     * @return completed when it has ended
     */
    public CompletionStage<Void> stop() {
        stopping.complete(null);
        leave(system);
        return stopped;
    }

    /** Who leaves in order is not waited for. */
    private static void leave(ActorSystem<Void> system) {
        if (system != null) {
            CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
        }
    }

    /** Null where that of the last sweep still has the port. */
    private ActorSystem<Void> start(boolean isFirst) throws InterruptedException {
        try {
            return ClusterSettings.start(file, at, ClusterSettings.ROLE_OF_WORKER);
        } catch (IllegalArgumentException e) {
            if (isFirst) {
                throw e;
            }
            Thread.sleep(WAIT_MILLIS);
            return null;
        }
    }

    /** Waits until somebody listens there; false if this is stopped before. */
    private boolean awaitSweep() throws InterruptedException {
        while (!stopping.isDone()) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(file.sweep().host(), file.sweep().port()), CONNECT_MILLIS);
                socket.setSoTimeout(CONNECT_MILLIS);
                RemotingTransport.objection(socket, file.tls()).ifPresent(this::refuse);
                return true;
            } catch (IOException e) {
                Thread.sleep(WAIT_MILLIS);
            }
        }
        return false;
    }

    private void refuse(String why) {
        throw new IllegalArgumentException("this worker cannot play for what listens at " + file.sweep() + ": " + why
                + "; the sweep and its workers need certificates of one authority, with a name in common, as tls of their"
                + " file");
    }

    private Outcome play(ActorSystem<Void> begun) throws InterruptedException {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        system = begun;
        try {
            begun.systemActorOf(
                    WorkerActor.create(new WorkerActor.Terms(version, threads, told, outcome)),
                    "worker",
                    Props.empty());
            Cluster.get(begun).manager().tell(new JoinSeedNodes(List.of(ClusterSettings.pekko(file.sweep()))));
            // The split-brain resolver ends the system of who is cut off from the sweep.
            begun.getWhenTerminated()
                    .thenRun(() -> outcome.complete(new Outcome(WorkerActor.End.LOST, "the sweep is out of reach")));
            if (stopping.isDone()) {
                leave(begun);
            }
            return outcome.join();
        } finally {
            system = null;
            ClusterSettings.end(begun, ENDING);
        }
    }
}
