package io.orrery.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.Deployment;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.network.Links;
import io.orrery.network.Timekeeper;
import io.orrery.replica.FaultInjector;
import io.orrery.replica.ReplicaHost;
import io.orrery.replica.ReplicaLimits;
import io.orrery.replica.ReplicaObserver;
import io.orrery.replica.Replicas;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** All replicas of a deployment, running in this process in real time. */
public final class LocalDeployment {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final Deployment deployment;
    private final ActorSystem<Void> system;
    private final Links links;
    private final FaultInjector faults;
    private final Map<NodeId, ReplicaClient> clients = new TreeMap<>();

    private LocalDeployment(Deployment deployment, Map<NodeId, Journal> journals, ReplicaObserver observer) {
        this.deployment = deployment;
        this.system = ActorSystem.create(Behaviors.empty(), "orrery", settings(deployment));
        List<NodeId> ids = deployment.ids();
        Replicas replicas = new Replicas();
        this.links = new Links(
                ids, deployment.links(), new SecureRandom().nextLong(), realTime(system), replicas, LinkObserver.NONE);
        deployment.linkChanges().forEach(links::apply);
        ReplicaHost.Blueprint blueprint = new ReplicaHost.Blueprint(
                deployment.protocol(),
                ids,
                ids,
                deployment.roles(),
                deployment.tuning(),
                journals::get,
                new ReplicaLimits(
                        deployment.limits().openRequests(),
                        deployment.limits().mailbox(),
                        deployment.limits().requestTimeout()),
                System::nanoTime);
        ActorRef<ReplicaHost.Command> host = system.systemActorOf(
                ReplicaHost.create(blueprint, links, replicas, observer), "replicas", Props.empty());
        this.faults = new FaultInjector(ids, links, replicas, host);
        ids.forEach(id -> clients.put(id, ReplicaClient.create(id, replicas, deployment.limits(), system)));
        AskPattern.<ReplicaHost.Command, Done>ask(host, ReplicaHost.WhenStarted::new, START_LIMIT, system.scheduler())
                .toCompletableFuture()
                .join();
    }

    /**
     * Starts the replicas. When this returns, each takes requests.
     *
     * @throws JournalException when the data of a replica cannot be opened; nothing is left running then
     */
    public static LocalDeployment start(Deployment deployment, ReplicaObserver observer) {
        // Ahead of all else: what is wrong with the data is told before anything runs.
        return new LocalDeployment(deployment, Journals.open(deployment.storage(), deployment.ids()), observer);
    }

    private static Config settings(Deployment deployment) {
        Map<String, Object> limits =
                Map.of("orrery.replica-mailbox.capacity", deployment.limits().mailbox());
        return ConfigFactory.load(ConfigFactory.parseMap(limits, "the deployment's limits")
                .withFallback(ConfigFactory.parseResources("live.conf")));
    }

    private static Timekeeper realTime(ActorSystem<?> system) {
        return (nanos, task) -> system.scheduler()
                .scheduleOnce(
                        Duration.ofNanos(Math.min(nanos, Deployment.LONGEST_TIME.toNanos())),
                        task,
                        system.executionContext());
    }

    public Deployment deployment() {
        return deployment;
    }

    public ActorSystem<Void> system() {
        return system;
    }

    public Links links() {
        return links;
    }

    /** @throws IllegalArgumentException when there is no such replica */
    public ReplicaClient client(NodeId id) {
        ReplicaClient client = clients.get(id);
        if (client == null) {
            throw new IllegalArgumentException("there is no replica " + id + "; there are " + clients.keySet());
        }
        return client;
    }

    /**
     * Makes something go wrong, or puts it right.
     *
     * @return completed when it is done: for a restart, when the replica is there again
     * @throws IllegalArgumentException when it names a replica that is not there; nothing is changed then
     */
    public CompletionStage<Void> apply(Fault fault) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        faults.apply(fault, () -> done.complete(null));
        return done.orTimeout(deployment.limits().requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends everything in order: first what was added to the coordinated shutdown, then the replicas and their journals. */
    public CompletionStage<Done> stop() {
        return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
    }
}
