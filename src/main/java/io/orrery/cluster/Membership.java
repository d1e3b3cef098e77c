package io.orrery.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.Deployment;
import io.orrery.live.RateLimitedLog;
import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's membership of the Pekko cluster that the nodes form. It shows people which nodes are there, and decides
 * nothing about data: replicas exchange messages over the connections of {@link PeerNodes}, whoever is a member.
 *
 * <p>It has an actor system of its own, because a membership can be lost: the split-brain resolver ends those of the
 * smaller side, and Pekko lets no actor system join twice. Then another one begins. Where it listens the nodes tell
 * each other over their connections: the lowest of those that reach each other founds a cluster, and the others join
 * it.
 */
final class Membership {
    static final String SYSTEM = "orrery";

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final String ROLE = "replica-";
    private static final Duration LOOK = Duration.ofMillis(250);
    /** The delay before an ended membership is renewed. */
    private static final Duration RETRY = Duration.ofMillis(500);
    /** The timeout of joining a cluster. */
    private static final Duration JOINING = Duration.ofSeconds(3);
    /** The timeout of ending a membership: Pekko's TLS connections may wait for the other side in vain. */
    private static final Duration ENDING = Duration.ofSeconds(2);
    /** How long two clusters must be observed before one is left: news may just be late. */
    private static final Duration DOUBT = Duration.ofSeconds(5);

    private final NodeId self;
    private final PeerNodes peerNodes;
    private final Config settings;
    private final RateLimitedLog rateLimitedLog = new RateLimitedLog(LOG);
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("membership"));
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    /** Null while there is none. */
    private volatile ActorSystem<Void> system;
    /** The last announcement to the others; null if there was none. */
    private volatile NodeMessage.Seat told;

    private boolean stopping;
    /** When it last asked to be taken in, or founded a cluster. */
    private Optional<Long> acted = Optional.empty();
    /** Since when others are in another cluster that counts for more. */
    private Optional<Long> doubt = Optional.empty();

    /** @param host on which it listens, at any port */
    Membership(Deployment deployment, NodeId self, String host, PeerNodes peerNodes) {
        this.self = self;
        this.peerNodes = peerNodes;
        Map<String, Object> own = Map.of(
                "pekko.remote.artery.canonical.hostname",
                host,
                "pekko.remote.artery.canonical.port",
                0,
                "pekko.cluster.roles",
                List.of(role(self)));
        this.settings = ConfigFactory.load(ConfigFactory.parseMap(own, "the deployment")
                .withFallback(RemotingTransport.of(deployment.security().tls()))
                .withFallback(ConfigFactory.parseResources("membership.conf")));
    }

    /** The role in the cluster of the node that runs a replica. */
    static String role(NodeId node) {
        return ROLE + node;
    }

    /** Begins, in a thread of its own: a node serves before it is a member. */
    void start() {
        thread.execute(this::begin);
        thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Leaves the cluster, and ends. */
    CompletionStage<Done> stop() {
        soon(() -> {
            stopping = true;
            if (system == null) {
                end();
            } else {
                CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
            }
        });
        return ended;
    }

    private void end() {
        thread.shutdownNow();
        ended.complete(Done.getInstance());
    }

    /** A connection to a node is open: announces this membership. */
    void greet(NodeId node) {
        NodeMessage.Seat seat = told;
        if (seat != null) {
            peerNodes.tell(node, seat);
        }
    }

    /** A node has told where its membership is. */
    void heard() {
        soon(this::look);
    }

    private void soon(Runnable action) {
        try {
            thread.execute(action);
        } catch (RejectedExecutionException e) {
            // It has ended.
        }
    }

    private void begin() {
        if (stopping) {
            end();
            return;
        }
        try {
            ActorSystem<Void> begun = ActorSystem.create(Behaviors.empty(), SYSTEM, settings);
            acted = Optional.empty();
            doubt = Optional.empty();
            system = begun;
            begun.getWhenTerminated().whenComplete((done, failure) -> soon(() -> over(begun)));
            CoordinatedShutdown.get(begun)
                    .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "do-not-wait-for-ever", () -> {
                        soon(() -> thread.schedule(() -> over(begun), ENDING.toMillis(), TimeUnit.MILLISECONDS));
                        return CompletableFuture.completedFuture(Done.getInstance());
                    });
        } catch (RuntimeException e) {
            rateLimitedLog.tell(
                    Membership.class, "This node cannot become a member of the cluster yet: {}", e.getMessage());
            thread.schedule(this::begin, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Is told of each membership up to twice. */
    private void over(ActorSystem<Void> ended) {
        if (system != ended) {
            return;
        }
        system = null;
        if (stopping) {
            end();
        } else {
            LOG.info("This node has lost its membership and joins again; its replica keeps working");
            thread.schedule(this::begin, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            if (system != null && !stopping) {
                look(Cluster.get(system));
            }
        } catch (RuntimeException e) {
            // For example if the system is just ending. An uncaught exception would cancel the periodic check.
            LOG.debug("The membership cannot be read", e);
        }
    }

    private void look(Cluster cluster) {
        CurrentClusterState state = cluster.state();
        List<Member> members = new ArrayList<>();
        state.getMembers().forEach(members::add);
        boolean isIn = members.stream()
                .anyMatch(it -> it.uniqueAddress().equals(cluster.selfMember().uniqueAddress()));
        int reached = members.size() - state.getUnreachable().size();
        NodeMessage.Seat seat = new NodeMessage.Seat(text(cluster.selfMember().address()), isIn ? reached : 0);
        if (!seat.equals(told)) {
            told = seat;
            peerNodes.others().reached().forEach(node -> peerNodes.tell(node, seat));
        }
        if (isIn) {
            putOut(cluster, members, state.getUnreachable());
            leaveForLarger(reached, members);
        } else {
            join(cluster);
        }
    }

    /** As it is written between nodes. */
    private static String text(Address address) {
        return address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow();
    }

    private void join(Cluster cluster) {
        long now = System.nanoTime();
        boolean isAsking = acted.isPresent() && now - acted.get() < JOINING.toNanos();
        if (isAsking || !peerNodes.admission().isIn()) {
            return;
        }
        Map<NodeId, Set<NodeMessage.Seat>> seats = peerNodes.others().seats();
        Optional<NodeMessage.Seat> largest = seats.values().stream()
                .flatMap(Collection::stream)
                .filter(seat -> seat.members() > 0)
                .reduce((a, b) -> b.members() > a.members() ? b : a);
        boolean isLowest = seats.keySet().stream().allMatch(node -> self.compareTo(node) < 0);
        if (largest.isPresent() || isLowest) {
            acted = Optional.of(now);
            Address founded = cluster.selfMember().address();
            cluster.manager()
                    .tell(Join.create(largest.map(NodeMessage.Seat::pekko).orElse(founded)));
        }
    }

    /**
     * Removes members that are no nodes of the deployment, because Pekko admits anyone; and ended memberships of nodes
     * that have announced a new one, so that nobody waits for their timeout.
     */
    private void putOut(Cluster cluster, List<Member> members, Set<Member> unreachable) {
        Map<NodeId, Set<NodeMessage.Seat>> seats = peerNodes.others().seats();
        for (Member member : members) {
            Optional<NodeId> node = nodeOf(member);
            boolean isLeft;
            if (node.isEmpty()) {
                rateLimitedLog.tell(
                        ROLE,
                        "{} has joined the cluster but is none of its nodes; it is removed again",
                        member.address());
                isLeft = true;
            } else if (node.get().equals(self)) {
                isLeft = unreachable.contains(member);
            } else {
                Set<NodeMessage.Seat> told = seats.getOrDefault(node.get(), Set.of());
                isLeft = !told.isEmpty()
                        && told.stream().noneMatch(seat -> seat.pekko().equals(member.address()));
            }
            if (isLeft) {
                cluster.manager().tell(new Down(member.address()));
            }
        }
    }

    /**
     * Two clusters arise if nodes did not reach each other. The larger one stays, and of equal ones that of the lower
     * node.
     */
    private void leaveForLarger(int size, List<Member> members) {
        List<String> addresses =
                members.stream().map(member -> text(member.address())).toList();
        boolean isSmaller = peerNodes.others().seats().entrySet().stream()
                .anyMatch(entry -> entry.getValue().stream()
                        .anyMatch(seat -> !addresses.contains(seat.address())
                                && (seat.members() > size
                                        || seat.members() == size
                                                && entry.getKey().compareTo(self) < 0)));
        long now = System.nanoTime();
        doubt = isSmaller ? doubt.or(() -> Optional.of(now)) : Optional.empty();
        if (doubt.isPresent() && now - doubt.get() >= DOUBT.toNanos()) {
            doubt = Optional.empty();
            CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
        }
    }

    /** Which node of the deployment a member is; empty for a stranger. */
    private Optional<NodeId> nodeOf(Member member) {
        return Stream.concat(Stream.of(self), peerNodes.others().nodes().stream())
                .filter(node -> member.hasRole(role(node)))
                .findFirst();
    }

    /** Where it is; empty while there is none. */
    Optional<Address> address() {
        return Optional.ofNullable(told).map(NodeMessage.Seat::pekko);
    }

    /** The nodes that are members, and how far each has come, in Pekko's words: {@code joining}, {@code weakly-up}, {@code up}. */
    Map<NodeId, String> statuses() {
        ActorSystem<Void> now = system;
        Map<NodeId, Member> current = new TreeMap<>();
        if (now != null) {
            for (Member member : Cluster.get(now).state().getMembers()) {
                // The youngest, if a node has restarted and its old member has not been removed yet.
                nodeOf(member).ifPresent(node -> current.merge(node, member, (a, b) -> a.isOlderThan(b) ? b : a));
            }
        }
        Map<NodeId, String> statuses = new TreeMap<>();
        current.forEach((node, member) -> statuses.put(
                node,
                member.status()
                        .toString()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT)));
        return statuses;
    }
}
