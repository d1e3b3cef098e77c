package io.orrery.http;

import io.orrery.cluster.Node;
import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalException;
import io.orrery.live.BindFailure;
import io.orrery.live.ClusterRecord;
import io.orrery.live.LocalReplicas;
import io.orrery.live.RateLimitedLog;
import io.orrery.live.Readiness;
import io.orrery.live.ReplicaClient;
import io.orrery.live.RunningDeployment;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Update;
import io.orrery.protocol.kit.BrokenInvariant;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaLimits;
import io.orrery.replica.ReplicaObserver;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Tcp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replicas of a deployment in this process, with an HTTP address for each. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final RateLimitedLog UNTRUE = new RateLimitedLog(LOG);
    private static final Duration GLANCE = Duration.ofMillis(20);
    /** The time to send the last answer after the timeout of the last request. */
    private static final Duration AFTER_THE_LAST_ANSWER = Duration.ofSeconds(1);
    /**
     * The time for the end of a response to reach the client: Pekko counts a response as done once the connection has
     * accepted it, a streamed one once it begins.
     */
    private static final Duration LAST_BYTES = Duration.ofMillis(100);

    /**
     * The time for everything else after the last requests have been answered; the phases of the coordinated shutdown
     * take less in total.
     */
    private static final Duration ALL_ELSE = Duration.ofSeconds(14);

    private final RunningDeployment deployment;
    private final Endpoint endpoint;
    private final Optional<HistoryLog> history;
    private final Map<NodeId, Deployment.Address> addresses = new LinkedHashMap<>();

    /** The services of a replica that survive its crashes. */
    private record ReplicaServices(EventLog events, Metrics metrics) {}

    /** Events of replicas, for listeners. */
    private static final class News {
        private final CompletableFuture<String> replaced = new CompletableFuture<>();
        private volatile BiConsumer<NodeId, NodeId> caughtUp = (id, peer) -> {};
    }

    private final News news;

    private Server(RunningDeployment deployment, Endpoint endpoint, Optional<HistoryLog> history, News news) {
        this.deployment = deployment;
        this.endpoint = endpoint;
        this.history = history;
        this.news = news;
    }

    /**
     * Starts the replicas and binds their addresses.
     *
     * @throws BindFailure if an address cannot be bound; nothing is left running then
     * @throws JournalException if a replica's data cannot be opened; nothing is left running then
     */
    public static Server start(Deployment settings) throws BindFailure {
        return start(settings, Optional.empty());
    }

    /**
     * Starts the replicas, binds their addresses, and records the operations of clients from then on.
     *
     * @param history the file to write, event by event, in JSON lines; its old contents are lost
     * @throws BindFailure if an address cannot be bound; nothing is left running then
     * @throws UncheckedIOException if the file cannot be written or another server writes it; nothing is left running
     *     then
     */
    public static Server start(Deployment settings, Optional<Path> history) throws BindFailure {
        return start(settings, settings.ids(), history, observer -> LocalReplicas.start(settings, observer));
    }

    /**
     * Starts one replica as a node of the deployment's cluster, and binds its address. When this returns, the node may
     * still be reading its journal and looking for the others.
     *
     * @param history as for all replicas
     * @throws BindFailure if an address cannot be bound; nothing is left running then
     * @throws UncheckedIOException as for all replicas
     * @throws IllegalArgumentException if there is no such replica, or one has no remoting address
     */
    public static Server startNode(Deployment settings, NodeId id, Optional<Path> history) throws BindFailure {
        return startNode(settings, id, history, Optional.empty());
    }

    /**
     * The same for a replica that joins a cluster.
     *
     * @param joins the cluster and its members, this replica among them; empty if it does not join one
     */
    public static Server startNode(
            Deployment settings, NodeId id, Optional<Path> history, Optional<ClusterRecord> joins) throws BindFailure {
        return start(settings, List.of(id), history, observer -> Node.start(settings, id, joins, observer));
    }

    /** Starts the replicas of this process. */
    @FunctionalInterface
    private interface Start {
        RunningDeployment with(ReplicaObserver observer) throws BindFailure;
    }

    private static Server start(Deployment settings, List<NodeId> here, Optional<Path> history, Start start)
            throws BindFailure {
        Endpoint endpoint = new Endpoint(settings, history.isPresent());
        Map<NodeId, ReplicaServices> desks = new LinkedHashMap<>();
        here.forEach(id -> desks.put(
                id,
                new ReplicaServices(
                        new EventLog(settings.limits().events(), ReplicaLimits.bytesInHeap(here.size())),
                        new Metrics(
                                id,
                                settings.ids().stream()
                                        .filter(peer -> !peer.equals(id))
                                        .toList()))));
        News news = new News();
        RunningDeployment deployment = start.with(observer(desks, news));
        Optional<HistoryLog> log = open(history, deployment);
        Server server = new Server(deployment, endpoint, log, news);
        // Event streams never end by themselves: they must end before the bindings wait for their responses.
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(deployment.system());
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "end-event-streams", () -> {
            desks.values().forEach(replicaServices -> replicaServices.events().close());
            return lastBytes(deployment);
        });
        shutdown.addTask(CoordinatedShutdown.PhaseServiceStop(), "last-answers", () -> lastBytes(deployment));
        // At this phase the bindings have waited for the last responses.
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-history", () -> {
            log.ifPresent(HistoryLog::close);
            desks.values().forEach(replicaServices -> replicaServices.metrics().close());
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        try {
            for (NodeId id : here) {
                server.bind(settings.member(id).orElseThrow(), desks.get(id));
            }
        } catch (BindFailure e) {
            server.stop().toCompletableFuture().join();
            throw e;
        }
        return server;
    }

    /** Opens the history only once the replicas run, so that a failed start leaves an old history unchanged. */
    private static Optional<HistoryLog> open(Optional<Path> history, RunningDeployment deployment) {
        try {
            return history.map(HistoryLog::new);
        } catch (UncheckedIOException e) {
            deployment.stop().toCompletableFuture().join();
            throw e;
        }
    }

    private static ReplicaObserver observer(Map<NodeId, ReplicaServices> desks, News news) {
        return new ReplicaObserver() {
            @Override
            public void applied(NodeId at, Update update) {
                ReplicaServices replicaServices = desks.get(at);
                replicaServices.events().add(update);
                replicaServices.metrics().applied();
            }

            @Override
            public void superseded(NodeId at, Update update, Update by) {
                desks.get(at).metrics().superseded();
            }

            @Override
            public void dropped(NodeId at, ReplicaActor.PeerMessage message) {
                desks.get(at).metrics().dropped();
            }

            @Override
            public void lacksRoom(NodeId at, Update update) {
                LOG.warn(
                        "Replica {} has no room for writes of its peers, such as {} of {} bytes: it lacks them until"
                                + " something is deleted, or store-size is raised and the server restarted",
                        at,
                        update.version(),
                        update.bytes());
            }

            @Override
            public void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {
                desks.get(at).metrics().dropped();
                UNTRUE.tell(
                        message.from(), "Replica {} rejects an implausible message of {}: {}", at, message.from(), why);
            }

            @Override
            public void diskFailed(NodeId at, Throwable cause) {
                LOG.error(
                        "Replica {} has stopped: {}. It comes back when its disk works again", at, cause.getMessage());
            }

            @Override
            public void forgot(NodeId at, long writes) {
                LOG.warn(
                        "Replica {} lacks {} of its own writes, which its peers have. Its data is an"
                                + " older copy, or was lost; it fetches them",
                        at,
                        writes);
            }

            @Override
            public void caughtUp(NodeId at, NodeId peer) {
                news.caughtUp.accept(at, peer);
            }

            private Origin winner;

            @Override
            public void replaced(NodeId at, Origin by) {
                winner = by;
                LOG.error(
                        "Another process runs as replica {} and has taken its place (start {}): this one takes no more"
                                + " requests, and ends when the others have all of its writes",
                        at,
                        by.start());
            }

            @Override
            public void ended(NodeId at) {
                news.replaced.complete("another process runs as replica " + at
                        + " and has taken the place of this one (start " + winner.start() + ")");
            }

            @Override
            public void failed(NodeId at, Throwable cause) {
                if (cause instanceof BrokenInvariant) {
                    LOG.error(
                            "Replica {} has stopped because of a bug: {}; a restart brings it back",
                            at,
                            cause.getMessage());
                } else {
                    LOG.error("Replica {} has stopped because of a bug; a restart brings it back", at, cause);
                }
            }
        };
    }

    private static CompletionStage<Done> lastBytes(RunningDeployment deployment) {
        return Patterns.after(
                LAST_BYTES, deployment.system(), () -> CompletableFuture.completedFuture(Done.getInstance()));
    }

    private void bind(Deployment.Member member, ReplicaServices replicaServices) throws BindFailure {
        ReplicaClient replica = deployment.client(member.id());
        replicaServices.metrics().observe(replica);
        deployment.observeSyncs(member.id(), replicaServices.metrics()::synced);
        try {
            Deployment.Limits limits = deployment.deployment().limits();
            Connections connections = new Connections(
                    limits.connections().count(),
                    new ReplicaHandler(
                            deployment, replica, replicaServices.metrics(), replicaServices.events(), history));
            Tcp.ServerBinding binding = endpoint.bind(
                            member.http(),
                            connections,
                            limits.requestTimeout().plus(AFTER_THE_LAST_ANSWER),
                            deployment.system())
                    .toCompletableFuture()
                    .join();
            InetSocketAddress bound = binding.localAddress();
            addresses.put(member.id(), new Deployment.Address(member.http().host(), bound.getPort()));
        } catch (CompletionException e) {
            throw new BindFailure(member.id(), member.http(), e.getCause());
        }
    }

    /** The HTTP address of each replica, in the order of the deployment. */
    public Map<NodeId, Deployment.Address> addresses() {
        return Collections.unmodifiableMap(addresses);
    }

    /**
     * Completes when each replica in this process has recovered and accepts requests, or is down. Never completes if
     * the server is stopped before.
     */
    public CompletionStage<Done> whenRecovered() {
        return deployment.here().stream().noneMatch(id -> deployment.client(id).isRecovering())
                ? CompletableFuture.completedFuture(Done.getInstance())
                : Patterns.after(GLANCE, deployment.system(), this::whenRecovered);
    }

    /**
     * Completes with a replica's readiness once it satisfies a condition. Never completes if the server is stopped
     * before.
     */
    public CompletionStage<Readiness> when(NodeId id, Predicate<Readiness> condition) {
        CompletableFuture<Readiness> held = new CompletableFuture<>();
        look(id, condition, held);
        return held;
    }

    /** Polls instead of chaining stages: it may take days until other replicas are up. */
    private void look(NodeId id, Predicate<Readiness> condition, CompletableFuture<Readiness> held) {
        deployment.readiness(id).whenComplete((found, notAnswered) -> {
            if (found != null && condition.test(found)) {
                held.complete(found);
            } else {
                deployment
                        .system()
                        .scheduler()
                        .scheduleOnce(
                                GLANCE,
                                () -> look(id, condition, held),
                                deployment.system().executionContext());
            }
        });
    }

    /**
     * Completes once each replica in this process has satisfied a condition. Never completes if the server is stopped
     * before.
     *
     * @return the readiness of each at that moment, in the order of the deployment
     */
    public CompletionStage<Map<NodeId, Readiness>> whenAll(Predicate<Readiness> condition) {
        CompletionStage<Map<NodeId, Readiness>> all = CompletableFuture.completedStage(new LinkedHashMap<>());
        for (NodeId id : deployment.here()) {
            all = all.thenCombine(when(id, condition), (found, readiness) -> {
                found.put(id, readiness);
                return found;
            });
        }
        return all;
    }

    /** Completes with the reason once another process has replaced a replica here and the replica has ended. */
    public CompletionStage<String> whenReplaced() {
        return news.replaced;
    }

    /** Completes with the reason once a replica here is a member of its cluster no more. */
    public CompletionStage<String> whenRemoved() {
        return deployment.whenRemoved();
    }

    /**
     * Calls a listener, on any thread, each time a replica here has caught up with a peer: it has everything that the
     * peer had when the two made contact (again).
     */
    public void onCatchUp(BiConsumer<NodeId, NodeId> listener) {
        news.caughtUp = listener;
    }

    /** Completes if a fatal error has ended the replicas; never after an orderly stop. */
    public CompletionStage<Done> whenBroken() {
        return deployment.whenBroken();
    }

    /** The longest duration of a stop, unless something fails. */
    public Duration longestStop() {
        return deployment.deployment().limits().requestTimeout().plus(ALL_ELSE);
    }

    /** Stops the server after its open requests have finished, which takes no longer than their timeout. */
    public CompletionStage<Done> stop() {
        return deployment.stop();
    }
}
