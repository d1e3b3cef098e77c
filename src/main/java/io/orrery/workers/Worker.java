package io.orrery.workers;

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
     * @throws IllegalArgumentException when it cannot listen, or a sweep refuses it: it says what would be right
     */
    public void run() throws InterruptedException {
        try {
            told.accept("waits for a sweep at " + file.sweep());
            while (awaitSweep()) {
                Outcome outcome = play();
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
        return stopped;
    }

    /** Waits until somebody listens there; false if this is stopped before. */
    private boolean awaitSweep() throws InterruptedException {
        while (!stopping.isDone()) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(file.sweep().host(), file.sweep().port()), CONNECT_MILLIS);
                return true;
            } catch (IOException e) {
                Thread.sleep(WAIT_MILLIS);
            }
        }
        return false;
    }

    private Outcome play() throws InterruptedException {
        ActorSystem<Void> system = ClusterSettings.start(file, at, ClusterSettings.ROLE_OF_WORKER);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try {
            system.systemActorOf(
                    WorkerActor.create(new WorkerActor.Terms(version, threads, told, outcome)),
                    "worker",
                    Props.empty());
            Cluster.get(system).manager().tell(new JoinSeedNodes(List.of(ClusterSettings.pekko(file.sweep()))));
            // The split-brain resolver ends the system of who is cut off from the sweep.
            system.getWhenTerminated()
                    .thenRun(() -> outcome.complete(new Outcome(WorkerActor.End.LOST, "the sweep is out of reach")));
            // Who leaves in order is not waited for.
            stopping.thenRun(() -> CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason()));
            return outcome.join();
        } finally {
            ClusterSettings.end(system, ENDING);
        }
    }
}
