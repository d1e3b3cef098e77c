package io.orrery.workers;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orrery.cluster.RemotingTransport;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.WorkersFile;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** What the two sides of the cluster must agree on, and their actor systems. */
final class ClusterSettings {
    /** By which workers find the sweep. */
    static final ServiceKey<WorkerMessage> SWEEP = ServiceKey.create(WorkerMessage.class, "sweep");

    /** By which the sweep finds who asks for units. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static final ServiceKey<ConsumerController.Command<WorkerMessage.Unit>> PLAYERS =
            (ServiceKey) ServiceKey.create(ConsumerController.Command.class, "players");

    static final String ROLE_OF_SWEEP = "sweep";
    static final String ROLE_OF_WORKER = "worker";

    private static final String SYSTEM = "orrery-sweep";
    private static final String CANONICAL = "pekko.remote.artery.canonical.";

    private ClusterSettings() {}

    /**
     * Starts an actor system that is in no cluster yet.
     *
     * @throws IllegalArgumentException when it cannot listen there
     */
    static ActorSystem<Void> start(WorkersFile file, Deployment.Address at, String role) {
        Config own = ConfigFactory.parseMap(
                Map.of(
                        CANONICAL + "hostname",
                        at.host(),
                        CANONICAL + "port",
                        at.port(),
                        "pekko.cluster.roles",
                        List.of(role)),
                "the file of the workers");
        Config settings = ConfigFactory.load(own.withFallback(RemotingTransport.of(file.tls()))
                .withFallback(ConfigFactory.parseResources("workers.conf")));
        try {
            return ActorSystem.create(Behaviors.empty(), SYSTEM, settings);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(problem(at, e), e);
        }
    }

    private static String problem(Deployment.Address at, RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof BindException)) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).contains("in use")
                ? "port " + at.port() + " is in use: nothing else can listen on " + at
                : "it is not possible to listen on " + at + ": " + root.getMessage();
    }

    /** Ends a system, and waits for that no longer than this: with TLS, each side may wait for the other in vain. */
    static void end(ActorSystem<Void> system, Duration patience) throws InterruptedException {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // It ends by itself.
        }
    }

    /** Where the sweep is, as Pekko has it. */
    static Address pekko(Deployment.Address at) {
        return new Address("pekko", SYSTEM, at.host(), at.port());
    }
}
