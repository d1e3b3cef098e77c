package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalCheckpoint;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import io.orrery.model.WallClock;
import io.orrery.replica.ReplicaObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * One replica of a deployment in this process, which forms a cluster with the processes of the others. The replica works
 * whether this node is a member of the cluster or not; without it, it hears nothing of the others.
 */
public final class Node implements RunningDeployment {
    private final LocalReplicas local;
    private volatile Membership membership;
    private final ClusterLaboratory laboratory;

    /** By the memberships: a way is open while its other end is a member that is reached. */
    private final class WaysOfMembers implements Ways {
        private final NodeId self;
        private final Peers peers;

        WaysOfMembers(NodeId self, Peers peers) {
            this.self = self;
            this.peers = peers;
        }

        @Override
        public boolean areSettled() {
            return current(self).anyMatch(MemberState::isUp);
        }

        @Override
        public boolean isOpen(NodeId replica) {
            return peers.known().contains(replica) && current(replica).anyMatch(MemberState::reachable);
        }

        private Stream<MemberState> current(NodeId node) {
            // The replica runs, and may be asked, before there is a membership.
            return membership == null
                    ? Stream.empty()
                    : membership.members().stream().filter(it -> it.node().equals(node) && it.isCurrent());
        }
    }

    private Node(Deployment deployment, NodeId self, ReplicaObserver observer) {
        Peers peers = new Peers();
        local = LocalReplicas.start(
                deployment,
                self,
                (from, to, message) -> peers.send(to, message),
                new WaysOfMembers(self, peers),
                observer);
        laboratory = new ClusterLaboratory(self, local, peers, WallClock::millis);
        membership = new Membership(deployment, self, local.receiver(), peers, laboratory::handle, node -> {
            local.reachable(node);
            laboratory.welcome(node);
        });
        // After the requests are done, and before the replica ends: what it says at last still reaches the others.
        CoordinatedShutdown.get(local.system())
                .addTask(CoordinatedShutdown.PhaseClusterLeave(), "leave-cluster", membership::stop);
    }

    /**
     * Starts a replica, and looks for the cluster from then on.
     *
     * @throws JournalException when the data of the replica cannot be opened; nothing is left running then
     * @throws CannotBind when the address for the other nodes cannot be bound; nothing is left running then
     * @throws IllegalArgumentException when there is no such replica, or one has no remoting address
     */
    public static Node start(Deployment deployment, NodeId self, ReplicaObserver observer) throws CannotBind {
        Membership.requireAddresses(deployment, self);
        Node node = new Node(deployment, self, observer);
        try {
            node.membership.start();
        } catch (RuntimeException e) {
            node.stop().toCompletableFuture().join();
            throw new CannotBind(
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
    public Optional<JournalCheckpoint> checkpoint(NodeId id) {
        return local.checkpoint(id);
    }

    @Override
    public Laboratory laboratory() {
        return laboratory;
    }

    @Override
    public Optional<List<MemberState>> members() {
        return Optional.of(membership.members());
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
