package io.orrery.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.Deployment;
import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place in the cluster. It has an actor system of its own, with Pekko's remoting and cluster, because a place
 * can be lost: the split-brain resolver ends the membership of the smaller side, a node that was silent for too long is no
 * member any more when it wakes, and Pekko lets no actor system join twice. Then another one begins, and the replica, which
 * lives elsewhere, has worked on all the time.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    static final String SYSTEM = "orrery";
    /** A node that has lost its place looks for another after this time, whatever has ended the last. */
    static final long RETRY_MILLIS = 500;
    /** What a message holds besides a value: the rest of a part of a catch-up, and what the other side is told it need not send. */
    private static final int FRAME_OVERHEAD = 1 << 20;

    private final Config settings;
    private final Peers peers;
    private final Courier.Parts parts;
    private final ScheduledExecutorService founder = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "membership");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private ActorSystem<Courier.Command> system;
    private volatile boolean stopping;
    private volatile List<MemberState> members = List.of();

    /**
     * @param replica takes in the messages for the replica of this node
     * @param peers is kept up to date
     * @param desk takes in what the nodes tell each other besides
     * @param reachable told when a way to a node has opened
     */
    Membership(
            Deployment deployment,
            NodeId self,
            Receiver replica,
            Peers peers,
            Consumer<Wire> desk,
            Consumer<NodeId> reachable) {
        this.peers = peers;
        this.settings = settings(deployment, self);
        Courier.Watcher watcher = new Courier.Watcher() {
            @Override
            public void members(List<MemberState> changed) {
                if (!stopping) {
                    tell(members, changed);
                }
                members = changed;
            }

            @Override
            public void reachable(NodeId node) {
                reachable.accept(node);
            }
        };
        this.parts = new Courier.Parts(
                self, fingerprint(deployment), others(deployment, self), replica, peers, desk, watcher);
    }

    /** What has changed, for who reads the log: who has come, who is not reached, who has gone. */
    private static void tell(List<MemberState> before, List<MemberState> after) {
        Map<String, MemberState> known = new HashMap<>();
        before.forEach(it -> known.put(it.address(), it));
        for (MemberState now : after) {
            MemberState last = known.remove(now.address());
            if (now.isUp() && (last == null || !last.isUp())) {
                LOG.info("Node {} at {} is a member", now.node(), now.address());
            } else if (last != null && last.reachable() != now.reachable()) {
                LOG.info(
                        "Node {} at {} is {}",
                        now.node(),
                        now.address(),
                        now.reachable() ? "reached again" : "not reached");
            }
        }
        known.values().forEach(gone -> LOG.info("Node {} at {} is no member any more", gone.node(), gone.address()));
    }

    /** What nodes of one deployment have in common, in words for people. */
    private static String fingerprint(Deployment deployment) {
        return deployment.protocol() + " with the replicas " + deployment.ids() + ", of which "
                + deployment.roles().leader() + " leads, and a write quorum of "
                + deployment.roles().writeQuorum();
    }

    private static Map<NodeId, String> others(Deployment deployment, NodeId self) {
        Map<NodeId, String> others = new TreeMap<>();
        for (Deployment.Member member : deployment.replicas()) {
            if (!member.id().equals(self)) {
                others.put(member.id(), "pekko://" + SYSTEM + "@" + member.requireRemoting());
            }
        }
        return others;
    }

    /** @throws IllegalArgumentException when there is no such replica, or one has no remoting address */
    static void requireAddresses(Deployment deployment, NodeId self) {
        if (deployment.member(self).isEmpty()) {
            throw new IllegalArgumentException("there is no replica " + self + "; there are " + deployment.ids());
        }
        deployment.replicas().forEach(Deployment.Member::requireRemoting);
    }

    private static Config settings(Deployment deployment, NodeId self) {
        Deployment.Member member = deployment.member(self).orElseThrow();
        Map<String, Object> own = new HashMap<>();
        own.put(
                "pekko.remote.artery.canonical.hostname",
                member.requireRemoting().host());
        own.put("pekko.remote.artery.canonical.port", member.requireRemoting().port());
        own.put(
                "pekko.remote.artery.advanced.maximum-frame-size",
                deployment.limits().valueBytes() + FRAME_OVERHEAD);
        own.put("pekko.cluster.roles", List.of(Roster.role(self)));
        return ConfigFactory.load(ConfigFactory.parseMap(own, "the deployment")
                .withFallback(RemotingTransport.of(deployment.security().tls()))
                .withFallback(ConfigFactory.parseResources("membership.conf")));
    }

    /**
     * Begins: from then on the node looks for its cluster.
     *
     * @throws RuntimeException when its address cannot be bound
     */
    synchronized void start() {
        ActorSystem<Courier.Command> begun = ActorSystem.create(Courier.create(parts), SYSTEM, settings);
        system = begun;
        begun.getWhenTerminated().whenComplete((done, failure) -> ended());
    }

    private synchronized void ended() {
        peers.clear();
        members = List.of();
        if (stopping) {
            founder.shutdown();
            ended.complete(Done.getInstance());
        } else {
            LOG.warn("This node is no member of its cluster any more, and comes back; its replica works on");
            founder.schedule(this::startAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void startAgain() {
        if (stopping) {
            founder.shutdown();
            ended.complete(Done.getInstance());
            return;
        }
        try {
            start();
        } catch (RuntimeException e) {
            LOG.warn("This node cannot come back yet: {}", e.getMessage());
            founder.schedule(this::startAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Leaves the cluster, and ends. */
    synchronized CompletionStage<Done> stop() {
        stopping = true;
        if (system == null) {
            founder.shutdown();
            ended.complete(Done.getInstance());
        } else {
            CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
        }
        return ended;
    }

    /** The members of the cluster; none while this node is not in one. */
    List<MemberState> members() {
        return members;
    }
}
