package io.orrery.live;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.orrery.deployment.Deployment;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.network.Links;
import io.orrery.network.Receiver;
import io.orrery.protocol.Configuration;
import io.orrery.replica.FaultInjector;
import io.orrery.replica.ForwardingObserver;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaDirectory;
import io.orrery.replica.ReplicaHost;
import io.orrery.replica.ReplicaLimits;
import io.orrery.replica.ReplicaObserver;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The replicas of a deployment that live in this process, running in real time. */
public final class LocalReplicas implements RunningDeployment, Laboratory {
    private static final ReplicaHost.DiskRetry DISK_RETRY =
            new ReplicaHost.DiskRetry(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    /** Messages within the process are not serialized, and loading the serializers would take a while. */
    private static final ConfigValue NONE = ConfigValueFactory.fromMap(Map.of());

    private static final Duration END_OF_REQUESTS = Duration.ofSeconds(5);

    private volatile Deployment deployment;
    private final List<NodeId> here;
    private final Map<NodeId, Journal> journals;
    private final ActorSystem<Void> system;
    private final ReplicaDirectory replicaDirectory = new ReplicaDirectory();
    private final Links links;
    private final FaultInjector faults;
    private final PeerRoutes peerRoutes;
    private final Map<NodeId, ReplicaClient> clients = new TreeMap<>();
    private final Map<NodeId, ReadinessWatch> watches = new TreeMap<>();
    private final CompletableFuture<Done> broken = new CompletableFuture<>();

    /**
     * @param journals the journals of the local replicas, opened first, so that problems with data are reported first
     */
    private LocalReplicas(
            Deployment deployment,
            MemoryShares memoryShares,
            Map<NodeId, Journal> journals,
            Receiver elsewhere,
            PeerRoutes peerRoutes,
            ReplicaObserver observer) {
        this.deployment = deployment;
        this.peerRoutes = peerRoutes;
        this.journals = journals;
        this.here = deployment.ids().stream().filter(journals::containsKey).toList();
        long bytes = ReplicaLimits.bytesInHeap(here.size());
        this.system = ActorSystem.create(guardian(broken), "orrery", settings(deployment, bytes));
        List<NodeId> ids = deployment.ids();
        Receiver receiver = (from, to, message) -> journals.containsKey(to)
                ? replicaDirectory.deliver(from, to, message)
                : elsewhere.deliver(from, to, message);
        RealTimeScheduler time = new RealTimeScheduler();
        system.getWhenTerminated().whenComplete((done, failure) -> time.close());
        this.links =
                new Links(ids, deployment.links(), new SecureRandom().nextLong(), time, receiver, LinkObserver.NONE);
        deployment.linkChanges().forEach(links::apply);
        here.forEach(
                id -> clients.put(id, ReplicaClient.create(id, replicaDirectory, deployment.limits(), bytes, system)));
        ReplicaHost.Blueprint blueprint = new ReplicaHost.Blueprint(
                deployment.protocol(),
                ids,
                here,
                deployment.options(),
                deployment.tuning().withStoreBytes(memoryShares.storeBytes()),
                journals::get,
                journal -> {
                    throw new IllegalArgumentException("only a simulated replica can have a twin");
                },
                startIds(),
                new ReplicaLimits(
                        deployment.limits().openRequests(),
                        deployment.limits().mailbox(),
                        deployment.limits().requestTimeout(),
                        bytes),
                Optional.of(DISK_RETRY),
                System::nanoTime);
        ActorRef<ReplicaHost.Command> host = system.systemActorOf(
                ReplicaHost.create(blueprint, links, replicaDirectory, told(observer)), "replicas", Props.empty());
        this.faults = new FaultInjector(ids, links, replicaDirectory, host);
        clients.forEach((id, client) -> watches.put(
                id, new ReadinessWatch(client, ids.size() - 1, peerRoutes, peer -> isReached(id, peer), system)));
        AskPattern.<ReplicaHost.Command, Done>ask(host, ReplicaHost.WhenStarted::new, START_LIMIT, system.scheduler())
                .toCompletableFuture()
                .join();
        greetAll();
    }

    /**
     * Starts all replicas of a deployment. When this returns, each takes requests.
     *
     * @throws JournalException when the data of a replica cannot be opened, or two are of different clusters; nothing is
     *     left running then
     * @throws IllegalArgumentException when this process has no room for stores as large as the deployment wants them
     */
    public static LocalReplicas start(Deployment deployment, ReplicaObserver observer) {
        MemoryShares memoryShares = memory(deployment, deployment.ids().size());
        Map<NodeId, Journal> journals = Journals.open(deployment, deployment.ids(), memoryShares, MemoryJournal::new);
        Journals.requireOneCluster(deployment.storage(), journals);
        return new LocalReplicas(
                deployment, memoryShares, journals, (from, to, message) -> false, PeerRoutes.NONE, observer);
    }

    /**
     * Starts one of the replicas; the others run in other processes, which may outlive this one.
     *
     * @param elsewhere takes in the messages for the others
     * @param peerRoutes to the others
     * @throws JournalException when the data of the replica cannot be opened; nothing is left running then
     * @throws IllegalArgumentException as for all of them
     */
    public static LocalReplicas start(
            Deployment deployment, NodeId here, Receiver elsewhere, PeerRoutes peerRoutes, ReplicaObserver observer) {
        MemoryShares memoryShares = memory(deployment, 1);
        return new LocalReplicas(
                deployment,
                memoryShares,
                Journals.open(deployment, List.of(here), memoryShares, MemoryJournal::inProcess),
                elsewhere,
                peerRoutes,
                observer);
    }

    /** Is told of other replicas too. */
    private ReplicaObserver told(ReplicaObserver observer) {
        return new ForwardingObserver() {
            @Override
            protected ReplicaObserver next() {
                return observer;
            }

            @Override
            public void configured(NodeId at, Configuration configuration, boolean isCommitted) {
                configuration.ids().forEach(links::add);
                if (isCommitted) {
                    deployment = deployment.with(configuration);
                }
                peerRoutes.configured(configuration, isCommitted);
                super.configured(at, configuration, isCommitted);
            }
        };
    }

    private static MemoryShares memory(Deployment deployment, int replicas) {
        return MemoryShares.of(
                deployment.limits(), replicas, Runtime.getRuntime().maxMemory());
    }

    private static Supplier<UUID> startIds() {
        SecureRandom random = new SecureRandom();
        return () -> new UUID(random.nextLong(), random.nextLong());
    }

    /** Replicas that started first sent hellos to others that did not exist yet. */
    private void greetAll() {
        for (NodeId id : here) {
            for (NodeId peer : here) {
                if (!peer.equals(id)) {
                    replicaDirectory.find(id).ifPresent(replica -> replica.tell(new ReplicaActor.Reachable(peer)));
                }
            }
        }
    }

    /** Whether messages pass between a replica that lives here and a peer, as far as is known here. */
    private boolean isReached(NodeId id, NodeId peer) {
        boolean isThere = here.contains(peer) ? replicaDirectory.find(peer).isPresent() : peerRoutes.isOpen(peer);
        return isThere && links.passes(id, peer) && links.passes(peer, id);
    }

    /** It does nothing, and is the first to hear that the system ends. */
    private static Behavior<Void> guardian(CompletableFuture<Done> broken) {
        return Behaviors.setup(context -> Behaviors.receive(Void.class)
                .onSignal(PostStop.class, stop -> {
                    CoordinatedShutdown shutdown = CoordinatedShutdown.get(context.getSystem());
                    if (shutdown.getShutdownReason().isEmpty()) {
                        broken.complete(Done.getInstance());
                    }
                    return Behaviors.same();
                })
                .build());
    }

    private static Config settings(Deployment deployment, long bytes) {
        Map<String, Object> limits = Map.of(
                "orrery.replica-mailbox.capacity",
                deployment.limits().mailbox(),
                "orrery.replica-mailbox.bytes",
                bytes,
                // All requests that are open at the end are answered.
                "pekko.coordinated-shutdown.phases.service-requests-done.timeout",
                deployment.limits().requestTimeout().plus(END_OF_REQUESTS));
        return ConfigFactory.load(ConfigFactory.parseMap(limits, "the deployment's limits")
                        .withFallback(ConfigFactory.parseResources("live.conf")))
                .withValue("pekko.actor.serializers", NONE)
                .withValue("pekko.actor.serialization-bindings", NONE);
    }

    @Override
    public Deployment deployment() {
        return deployment;
    }

    @Override
    public ActorSystem<Void> system() {
        return system;
    }

    @Override
    public List<NodeId> here() {
        return here;
    }

    @Override
    public ReplicaClient client(NodeId id) {
        ReplicaClient client = clients.get(id);
        if (client == null) {
            throw new IllegalArgumentException("there is no replica " + id + " here; there are " + here);
        }
        return client;
    }

    @Override
    public CompletionStage<Readiness> readiness(NodeId id) {
        client(id); // Refuses an id that is not here.
        return watches.get(id).look();
    }

    @Override
    public Optional<InputStream> backup(NodeId id) {
        return journals.get(client(id).id()).backup();
    }

    @Override
    public void observeSyncs(NodeId id, LongConsumer observer) {
        journals.get(client(id).id()).observeSyncs(observer);
    }

    @Override
    public Laboratory laboratory() {
        return this;
    }

    @Override
    public Optional<List<MemberState>> members() {
        return Optional.empty();
    }

    @Override
    public Admission admission() {
        return peerRoutes.admission();
    }

    @Override
    public Optional<String> cluster() {
        return ClusterRecord.decode(journals.get(here.get(0)).belonging()).cluster();
    }

    /** What a replica that lives here keeps. */
    public Journal journal(NodeId id) {
        return journals.get(id);
    }

    /** Where messages for the replicas that live here are handed over. */
    public Receiver receiver() {
        return replicaDirectory;
    }

    /** Has it told whether a replica that lives here is up: now, and each time that this changes. */
    public void watch(NodeId id, Consumer<Boolean> watcher) {
        replicaDirectory.watch(id, watcher);
        watcher.accept(client(id).isUp());
    }

    /** Tells the replicas that live here that another may be reachable again. */
    public void reachable(NodeId peer) {
        here.forEach(
                id -> replicaDirectory.find(id).ifPresent(replica -> replica.tell(new ReplicaActor.Reachable(peer))));
    }

    /** Tells the replicas that live here that another is not reached now. */
    public void unreachable(NodeId peer) {
        here.forEach(
                id -> replicaDirectory.find(id).ifPresent(replica -> replica.tell(new ReplicaActor.Unreachable(peer))));
    }

    /** Whether a link leads from one replica to the other, as far as both are known here. */
    public boolean hasLink(NodeId from, NodeId to) {
        return links.has(from) && links.has(to);
    }

    public List<Links.LinkState> linkStates() {
        return links.states();
    }

    /** Gives the links these rules. */
    public void restore(List<Links.LinkState> states) {
        faults.restore(states);
    }

    @Override
    public CompletionStage<List<Links.LinkState>> links() {
        return CompletableFuture.completedFuture(links.states());
    }

    @Override
    public CompletionStage<List<Links.LinkState>> apply(Fault.OfLinks fault) {
        faults.apply(fault);
        return links();
    }

    @Override
    public CompletionStage<ReplicaState> apply(Fault.OfReplica fault) {
        if (fault instanceof Fault.Twin || fault instanceof Fault.Restore) {
            // Another node may order it all the same.
            throw new IllegalArgumentException("only a simulated replica can have a twin, or be put back");
        }
        if (fault instanceof Fault.OfDisk && !hasDisk()) {
            throw new IllegalArgumentException("replica " + fault.replica() + " has no disk: its journal is in memory");
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        faults.apply(fault, () -> done.complete(null));
        return done.orTimeout(deployment.limits().requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(changed -> client(fault.replica()).state());
    }

    private boolean hasDisk() {
        return deployment.storage().journal().equals(Optional.of(Deployment.JournalKind.ROCKSDB));
    }

    @Override
    public CompletionStage<Done> whenBroken() {
        return broken;
    }

    @Override
    public CompletionStage<Done> stop() {
        return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
    }
}
