package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import io.orrery.replica.ReplicaObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * One replica of a deployment in this process, which forms a cluster with the processes of the others. The replica works
 * whether the others are reached or not; but it answers no client while its node is kept out.
 */
public final class Node implements RunningDeployment {
    private final LocalReplicas local;
    private final Membership membership;
    private final ClusterLaboratory laboratory;

    private Node(Deployment deployment, NodeId self, Place place, ReplicaObserver observer) {
        Peers peers = new Peers();
        local = LocalReplicas.start(deployment, self, (from, to, message) -> peers.send(to, message), observer);
        laboratory = new ClusterLaboratory(self, local, peers, System::currentTimeMillis);
        Membership.Watcher watcher = new Membership.Watcher() {
            @Override
            public void reachable(NodeId node) {
                local.reachable(node);
                laboratory.welcome(node);
            }

            @Override
            public void unreachable(NodeId node) {
                local.unreachable(node);
            }

            @Override
            public void told(NodeId from, Wire.OfLaboratory wire) {
                laboratory.handle(from, wire);
            }
        };
        membership = new Membership(deployment, self, place, local.receiver(), peers, local.journal(self), watcher);
        local.client(self).onlyWhere(membership::admission);
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
        return start(deployment, self, Place.ofProperties(), observer);
    }

    static Node start(Deployment deployment, NodeId self, Place place, ReplicaObserver observer) throws CannotBind {
        Membership.requireAddresses(deployment, self);
        Node node = new Node(deployment, self, place, observer);
        try {
            node.membership.start();
        } catch (IOException | RuntimeException e) {
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
    public Laboratory laboratory() {
        return laboratory;
    }

    @Override
    public Admission admission() {
        return membership.admission();
    }

    @Override
    public Optional<String> cluster() {
        return membership.cluster();
    }

    @Override
    public Optional<List<MemberState>> members() {
        return Optional.of(membership.members());
    }

    @Override
    public CompletionStage<Done> stop() {
        return local.stop();
    }
}
