package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalException;
import io.orrery.live.Admission;
import io.orrery.live.BindFailure;
import io.orrery.live.ClusterRecord;
import io.orrery.live.Laboratory;
import io.orrery.live.LocalReplicas;
import io.orrery.live.MemberState;
import io.orrery.live.PeerRoutes;
import io.orrery.live.Readiness;
import io.orrery.live.ReplicaClient;
import io.orrery.live.RunningDeployment;
import io.orrery.model.NodeId;
import io.orrery.model.WallClock;
import io.orrery.protocol.Configuration;
import io.orrery.replica.ReplicaObserver;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * One replica of a deployment, as a process that forms a cluster with those of the others. The replica works whether
 * the others are reachable or members or not; but it serves no client while its node is kept out.
 */
public final class Node implements RunningDeployment {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final LocalReplicas local;
    private final Membership membership;
    private volatile PeerNodes peerNodes;
    private final ClusterLaboratory laboratory;
    private final CompletableFuture<String> removed = new CompletableFuture<>();
    /** What the replica said before there were connections, in order. Guarded by itself. */
    private final List<Consumer<PeerNodes>> early = new ArrayList<>();

    /** By the connections. */
    private final class RoutesToPeers implements PeerRoutes {
        @Override
        public Admission admission() {
            // The replica runs before the connections exist.
            return peerNodes == null ? Admission.JOINING : peerNodes.admission();
        }

        @Override
        public boolean isOpen(NodeId replica) {
            return peerNodes != null && peerNodes.others().isReplicaReached(replica);
        }

        @Override
        public void configured(Configuration configuration, boolean isCommitted) {
            synchronized (early) {
                if (peerNodes == null) {
                    early.add(it -> it.configured(configuration, isCommitted));
                } else {
                    peerNodes.configured(configuration, isCommitted);
                }
            }
        }
    }

    private Node(
            Deployment deployment,
            NodeId self,
            NodeAddress nodeAddress,
            Optional<ClusterRecord> joins,
            ReplicaObserver observer) {
        PeerConnections peerConnections = new PeerConnections();
        local = LocalReplicas.start(deployment, self, peerConnections, new RoutesToPeers(), observer);
        joins.ifPresent(record -> local.journal(self).keepBelonging(record.encode()));
        laboratory = new ClusterLaboratory(self, local, peerConnections, WallClock::millis);
        PeerNodes.Watcher watcher = new PeerNodes.Watcher() {
            @Override
            public void reachable(NodeId node) {
                local.reachable(node);
                laboratory.welcome(node);
                membership.greet(node);
            }

            @Override
            public void unreachable(NodeId node) {
                local.unreachable(node);
            }

            @Override
            public void told(NodeId from, NodeMessage.OfLaboratory wire) {
                laboratory.handle(from, wire);
            }

            @Override
            public void seated(NodeId node) {
                membership.heard();
            }

            @Override
            public void removed(String why) {
                // What the replica has said at last, and an answer to who asked this node, are still on their way.
                removed.completeAsync(
                        () -> why, CompletableFuture.delayedExecutor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS));
            }
        };
        PeerNodes begun = new PeerNodes(
                deployment, self, nodeAddress, local.receiver(), peerConnections, local.journal(self), watcher);
        synchronized (early) {
            peerNodes = begun;
            early.forEach(said -> said.accept(begun));
        }
        local.client(self).onlyWhere(peerNodes::admission);
        local.watch(self, peerNodes::tellOfReplica);
        membership = new Membership(deployment, self, nodeAddress.host(deployment, self), peerNodes);
        // After the requests are done, and before the replica ends: what it says at last still reaches the others.
        CoordinatedShutdown.get(local.system())
                .addTask(
                        CoordinatedShutdown.PhaseClusterLeave(),
                        "leave-cluster",
                        () -> membership.stop().thenCombine(peerNodes.stop(), (left, closed) -> closed));
    }

    /**
     * Starts a replica, and looks for the cluster from then on.
     *
     * @throws JournalException when the data of the replica cannot be opened; nothing is left running then
     * @throws BindFailure when the address for the other nodes cannot be bound; nothing is left running then
     * @throws IllegalArgumentException when there is no such replica, or one has no remoting address
     */
    public static Node start(Deployment deployment, NodeId self, ReplicaObserver observer) throws BindFailure {
        return start(deployment, self, Optional.empty(), observer);
    }

    /**
     * The same for a replica that joins a cluster.
     *
     * @param joins the cluster and its members, this replica among them
     */
    public static Node start(
            Deployment deployment, NodeId self, Optional<ClusterRecord> joins, ReplicaObserver observer)
            throws BindFailure {
        return start(deployment, self, NodeAddress.ofProperties(), joins, observer);
    }

    static Node start(Deployment deployment, NodeId self, NodeAddress nodeAddress, ReplicaObserver observer)
            throws BindFailure {
        return start(deployment, self, nodeAddress, Optional.empty(), observer);
    }

    private static Node start(
            Deployment deployment,
            NodeId self,
            NodeAddress nodeAddress,
            Optional<ClusterRecord> joins,
            ReplicaObserver observer)
            throws BindFailure {
        PeerNodes.requireAddresses(deployment, self);
        Node node = new Node(deployment, self, nodeAddress, joins, observer);
        try {
            node.peerNodes.start();
            node.membership.start();
        } catch (IOException | RuntimeException e) {
            node.stop().toCompletableFuture().join();
            throw new BindFailure(
                    self,
                    deployment.member(self).flatMap(Deployment.Member::remoting).orElseThrow(),
                    e);
        }
        return node;
    }

    @Override
    public Deployment deployment() {
        return local.deployment();
    }

    @Override
    public ActorSystem<Void> system() {
        return local.system();
    }

    @Override
    public List<NodeId> here() {
        return local.here();
    }

    @Override
    public ReplicaClient client(NodeId id) {
        return local.client(id);
    }

    @Override
    public CompletionStage<Readiness> readiness(NodeId id) {
        return local.readiness(id);
    }

    @Override
    public void observeSyncs(NodeId id, LongConsumer observer) {
        local.observeSyncs(id, observer);
    }

    @Override
    public Optional<InputStream> backup(NodeId id) {
        return local.backup(id);
    }

    @Override
    public Laboratory laboratory() {
        return laboratory;
    }

    @Override
    public Admission admission() {
        return peerNodes.admission();
    }

    @Override
    public Optional<String> cluster() {
        return peerNodes.cluster();
    }

    @Override
    public Optional<List<MemberState>> members() {
        Map<NodeId, String> statuses = membership.statuses();
        Map<NodeId, MemberState> members = new TreeMap<>();
        // Others may know one that this node has never reached.
        statuses.forEach((node, status) -> members.put(node, new MemberState(node, address(node), status, false)));
        peerNodes.members().forEach(state -> {
            boolean hasStatus =
                    statuses.containsKey(state.node()) && !state.status().equals(MemberState.KEPT_OUT);
            members.put(state.node(), hasStatus ? state.with(statuses.get(state.node())) : state);
        });
        return Optional.of(List.copyOf(members.values()));
    }

    /** Where this node's membership of the Pekko cluster is. */
    Optional<Address> addressOfMembership() {
        return membership.address();
    }

    private String address(NodeId node) {
        // It may just have been removed.
        return deployment()
                .member(node)
                .flatMap(Deployment.Member::remoting)
                .map(Deployment.Address::toString)
                .orElse("");
    }

    @Override
    public CompletionStage<String> whenRemoved() {
        return removed;
    }

    @Override
    public CompletionStage<Done> whenBroken() {
        return local.whenBroken();
    }

    @Override
    public CompletionStage<Done> stop() {
        return local.stop();
    }
}
