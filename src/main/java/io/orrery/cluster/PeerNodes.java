package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.live.Admission;
import io.orrery.live.ClusterRecord;
import io.orrery.live.MemberState;
import io.orrery.live.RandomId;
import io.orrery.live.RateLimitedLog;
import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Configuration;
import io.orrery.replica.ReplicaLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's view of the others: which are reachable, which belong to its cluster, and the id of the cluster. A node
 * is reachable if and only if there is a connection, without agreement; so a node that was away is back with its first
 * connection.
 */
final class PeerNodes implements ConnectionManager.Host {
    /** Told of what the others do. Called by any thread; must be quick. */
    interface Watcher {
        /** A connection to a node is open, perhaps a new one: earlier messages to it may be lost. */
        void reachable(NodeId node);

        /** There is no connection to a node. Called repeatedly. */
        void unreachable(NodeId node);

        /** A node has said something for the laboratory. */
        void told(NodeId from, NodeMessage.OfLaboratory wire);

        /** A node has told where its membership of the Pekko cluster is. */
        void seated(NodeId node);

        /** This node is a member of its cluster no more. */
        void removed(String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(PeerNodes.class);
    /** What a message holds besides a value: the rest of a part of a catch-up, and what the other side is told it need not send. */
    private static final int MESSAGE_OVERHEAD = 1 << 20;

    private static final Duration TICK = Duration.ofSeconds(1);
    /** After this long a listener at a node's address that sends nothing is logged. A slow start takes less. */
    private static final Duration PUZZLING = Duration.ofSeconds(15);

    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final NodeId self;
    private final NodeAddress nodeAddress;
    private final Deployment deployment;
    private final Map<String, String> terms;
    private final String process = RandomId.draw();
    private final PeerConnections peerConnections;
    private final Watcher watcher;
    private final ConnectionManager connectionManager;
    private final ClusterFormation clusterFormation;
    private final RemoteNodes remoteNodes;
    private final RateLimitedLog rateLimitedLog = new RateLimitedLog(LOG);
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("membership"));
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private boolean replicaIsUp = true;
    private boolean hadMajority;
    private boolean stopping;
    private boolean isStarted;
    private volatile Admission admission = Admission.JOINING;

    /**
     * @param replica takes in the messages for the replica of this node
     * @param peerConnections is kept up to date
     * @param journal of the replica: keeps to which cluster it belongs
     */
    PeerNodes(
            Deployment deployment,
            NodeId self,
            NodeAddress nodeAddress,
            Receiver replica,
            PeerConnections peerConnections,
            Journal journal,
            Watcher watcher) {
        this.self = self;
        this.nodeAddress = nodeAddress;
        this.deployment = deployment;
        this.terms = SharedSettings.of(deployment);
        this.peerConnections = peerConnections;
        this.watcher = watcher;
        Map<NodeId, Address> addresses = new LinkedHashMap<>();
        deployment.replicas().stream()
                .filter(member -> !member.id().equals(self))
                .forEach(member -> addresses.put(member.id(), member.requireRemoting()));
        this.remoteNodes = new RemoteNodes(addresses, peerConnections);
        this.connectionManager = new ConnectionManager(
                this,
                remoteNodes,
                new Sockets(deployment.security().tls()),
                new Handshake(self, addresses),
                messageBytes(deployment, 0),
                messageBytes(deployment, ReplicaLimits.bytesInHeap(1)),
                messageBytes(deployment, LargeFrames.LARGEST_VALUE),
                Connection.Codecs.of(deployment.protocol()),
                nodeAddress.from(),
                (from, message) -> replica.deliver(from, self, message));
        this.clusterFormation = new ClusterFormation(
                self,
                deployment.ids(),
                ClusterRecord.decode(journal.belonging()),
                RandomId::draw,
                memory -> journal.keepBelonging(memory.encode()),
                this::sayOfFounding);
    }

    /** What a message has at the most with a value of a size that clients may write, or with one as large as this. */
    private static int messageBytes(Deployment deployment, long valueBytes) {
        return (int) Math.max(deployment.limits().valueBytes(), valueBytes) + MESSAGE_OVERHEAD;
    }

    /** @throws IllegalArgumentException when there is no such replica, or one has no remoting address */
    static void requireAddresses(Deployment deployment, NodeId self) {
        if (deployment.member(self).isEmpty()) {
            throw new IllegalArgumentException("there is no replica " + self + "; there are " + deployment.ids());
        }
        deployment.replicas().forEach(Deployment.Member::requireRemoting);
    }

    private Address own() {
        return deployment.member(self).orElseThrow().requireRemoting();
    }

    /**
     * Begins: from then on the node listens, and looks for the others.
     *
     * @throws IOException when its address cannot be bound
     */
    void start() throws IOException {
        connectionManager.start(nodeAddress.bind().orElseGet(this::own));
        synchronized (this) {
            isStarted = true;
        }
        ticker.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says farewell, and ends all connections. */
    CompletionStage<Done> stop() {
        List<Connection> last;
        synchronized (this) {
            if (stopping) {
                return ended;
            }
            stopping = true;
            last = remoteNodes.connections();
            ticker.schedule(this::end, last.isEmpty() ? 0 : LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            ticker.shutdown();
        }
        connectionManager.answerNobody();
        last.forEach(connection -> {
            connection.tell(new NodeMessage.Farewell());
            connection.endInOrder();
        });
        return ended;
    }

    private void end() {
        connectionManager.close();
        ended.complete(Done.getInstance());
    }

    /** Whether this node may act for its cluster. */
    Admission admission() {
        return admission;
    }

    /** Tells the others whether the replica of this node is up. */
    synchronized void tellOfReplica(boolean isUp) {
        if (isUp != replicaIsUp) {
            replicaIsUp = isUp;
            remoteNodes.reached().forEach(node -> peerConnections.tell(node, new NodeMessage.Up(isUp)));
        }
    }

    /** What is known of the other nodes. */
    RemoteNodes others() {
        return remoteNodes;
    }

    /** The id of the cluster to which this node belongs; empty while it belongs to none. */
    synchronized Optional<String> cluster() {
        return clusterFormation.cluster();
    }

    /** This node, and all that it has heard of, sorted by id. */
    List<MemberState> members() {
        Map<NodeId, MemberState> members = new TreeMap<>(remoteNodes.states());
        String status = admission.state() == Admission.State.KEPT_OUT ? MemberState.KEPT_OUT : MemberState.JOINING;
        members.put(self, new MemberState(self, own().toString(), status, true));
        return List.copyOf(members.values());
    }

    @Override
    public synchronized NodeMessage.Hello hello() {
        return new NodeMessage.Hello(
                self, process, own().toString(), clusterFormation.cluster(), terms, clusterFormation.members());
    }

    /** The replica says that the replicas are others than they were. */
    void configured(Configuration configuration, boolean isCommitted) {
        if (configuration.index() > 0) {
            soon(() -> change(configuration, isCommitted));
        }
    }

    private void soon(Runnable action) {
        try {
            ticker.execute(action);
        } catch (RejectedExecutionException e) {
            // It has ended.
        }
    }

    private void change(Configuration configuration, boolean isCommitted) {
        List<Connection> left = List.of();
        synchronized (this) {
            if (stopping || !isLater(configuration) || isCommitted && !isKept(configuration)) {
                return;
            }
            Deployment next = deployment.with(configuration);
            for (Deployment.Member member : next.replicas()) {
                boolean isNew = !member.id().equals(self) && remoteNodes.add(member.id(), member.requireRemoting());
                if (isNew && isStarted) {
                    connectionManager.startCalling(member.id());
                }
            }
            if (isCommitted) {
                left = remoteNodes.retain(configuration.ids());
            }
        }
        left.forEach(connection -> {
            connection.tell(new NodeMessage.Farewell());
            connection.endInOrder();
        });
        if (isCommitted && configuration.member(self).isEmpty()) {
            watcher.removed(ClusterRecord.removed(self, configuration));
        }
    }

    /** Old news come with each start of the replica. */
    private boolean isLater(Configuration configuration) {
        return clusterFormation.members().map(Configuration::index).orElse(0L) < configuration.index();
    }

    private boolean isKept(Configuration configuration) {
        keeping(() -> clusterFormation.learn(configuration));
        return !isLater(configuration);
    }

    @Override
    public synchronized boolean takes(NodeMessage.Hello theirs) {
        if (stopping) {
            return false;
        }
        boolean isOfThisCluster = theirs.cluster().isPresent()
                && cluster().map(theirs.cluster().get()::equals).orElse(true);
        if (isOfThisCluster && theirs.members().isPresent()) {
            change(theirs.members().get(), true);
        }
        if (clusterFormation.members().filter(it -> it.member(self).isEmpty()).isPresent()) {
            return false; // This node is about to end.
        }
        Optional<String> difference = SharedSettings.difference(theirs, hello());
        if (difference.isEmpty() && remoteNodes.isMember(theirs.from())) {
            return true;
        }
        if (theirs.from().equals(self)) {
            complain(
                    theirs.process().equals(process)
                            ? "the address of another node leads to this node itself"
                            : "another process runs as node " + self + " at "
                                    + NodeAddress.address(theirs.address(), own()));
        } else {
            notUnderstood(
                    Optional.of(theirs.from()),
                    difference.orElseGet(() -> clusterFormation
                            .members()
                            .map(it -> "it is no member of this cluster; the members are " + it.members())
                            .orElse("there is no such replica in the deployment here")));
        }
        return false;
    }

    @Override
    public synchronized void notUnderstood(Optional<NodeId> node, String why) {
        String who = node.map(id -> "node " + id).orElse("an unknown caller");
        complain(who + " is kept out: " + why);
        if (node.filter(remoteNodes::isMember).isPresent()) {
            remoteNodes.differs(node.get(), who + " is kept out: " + why);
            judge();
        }
    }

    @Override
    public synchronized void distrusted(NodeId node, String why) {
        complain("node " + node + " is not reached: " + why);
    }

    @Override
    public synchronized void called(NodeId node, boolean somebodyListens) {
        if (remoteNodes.called(node, somebodyListens)) {
            keeping(this::tryToFound);
        }
        judge();
    }

    @Override
    public boolean opened(Connection connection) {
        NodeId node = connection.node();
        synchronized (this) {
            if (stopping) {
                connection.tell(new NodeMessage.Farewell());
                connection.endInOrder();
                return false;
            }
            remoteNodes.opened(connection);
            if (!replicaIsUp) {
                connection.tell(new NodeMessage.Up(false));
            }
            keeping(() -> {
                clusterFormation.met(node, connection.hello().cluster());
                tryToFound();
            });
            judge();
        }
        watcher.reachable(node);
        return true;
    }

    @Override
    public void ended(Connection connection) {
        NodeId node = connection.node();
        boolean isReached;
        boolean wasLast;
        synchronized (this) {
            if (!remoteNodes.ended(connection, stopping)) {
                return;
            }
            isReached = remoteNodes.isReached(node);
            wasLast = stopping && remoteNodes.reached().isEmpty();
        }
        if (wasLast) {
            end();
        }
        if (isReached) {
            // What has been written to the one that ended may be lost.
            watcher.reachable(node);
        } else {
            watcher.unreachable(node);
            connectionManager.wakeUp();
        }
    }

    @Override
    public void wire(Connection on, NodeMessage nodeMessage) {
        if (nodeMessage instanceof NodeMessage.OfLaboratory told) {
            watcher.told(on.node(), told);
        } else if (nodeMessage instanceof NodeMessage.Seat seat) {
            remoteNodes.seated(on, seat);
            watcher.seated(on.node());
        } else if (nodeMessage instanceof NodeMessage.Up told) {
            remoteNodes.hear(on, told);
        } else if (nodeMessage instanceof NodeMessage.OfFounding told) {
            takeOfFounding(on, told);
        } else if (nodeMessage instanceof NodeMessage.Farewell) {
            remoteNodes.takesLeave(on.node());
        } else {
            unreadable(on, "it sends a second hello");
        }
    }

    @Override
    public synchronized void unreadable(Connection on, String why) {
        complain("messages of node " + on.node() + " cannot be read and are dropped: " + why);
    }

    private synchronized void takeOfFounding(Connection on, NodeMessage.OfFounding told) {
        keeping(() -> clusterFormation.take(on.node(), told));
        if (told instanceof ClusterFormation.Chosen chosen
                && !clusterFormation.cluster().equals(Optional.of(chosen.cluster()))) {
            // It has come to another cluster meanwhile. The next greeting tells both sides.
            on.end();
        }
    }

    private void sayOfFounding(NodeId to, NodeMessage said) {
        if (to.equals(self)) {
            clusterFormation.take(self, (NodeMessage.OfFounding) said);
        } else {
            peerConnections.tell(to, said);
        }
    }

    /** Tells a node something, if it is reached. */
    void tell(NodeId node, NodeMessage said) {
        peerConnections.tell(node, said);
    }

    /**
     * Founds a cluster with the reachable nodes once each other node has been called: one of them may have the existing
     * cluster's id that this majority has forgotten.
     */
    private void tryToFound() {
        if (remoteNodes.wereAllAsked()) {
            clusterFormation.tryWith(remoteNodes.reached());
        }
    }

    /** If the disk fails, nothing is stored or sent; it is retried later. */
    private void keeping(Runnable action) {
        try {
            action.run();
        } catch (JournalException e) {
            complain("the cluster of this node cannot be recorded: " + e.getMessage());
        }
    }

    /**
     * Decides whether this node may serve. A node that has met a majority with the same settings belongs to it for as
     * long as this process lives. Before that, one node with other settings keeps it out, because this node may have
     * the wrong file.
     */
    private void judge() {
        hadMajority |=
                (remoteNodes.reached().size() + 1) * 2 > remoteNodes.nodes().size() + 1;
        Optional<String> difference = remoteNodes.difference();
        if (hadMajority) {
            admission = Admission.IN;
        } else if (difference.isPresent()) {
            admission = new Admission(Admission.State.KEPT_OUT, difference.get());
        } else if (remoteNodes.wereAllAsked()) {
            admission = Admission.IN;
        }
    }

    private synchronized void tick() {
        keeping(this::tryToFound);
        judge();
        remoteNodes.missed().forEach(watcher::unreachable);
        remoteNodes
                .mute(PUZZLING)
                .forEach((node, expected) -> complain("node " + node + " does not answer: a process listens at "
                        + expected + ", where it is expected, and sends nothing. Either both files name tls or neither;"
                        + " their certificates must be valid, of one authority and with one name (CN). Or the process"
                        + " there is another one, or suspended"));
    }

    private void complain(String what) {
        rateLimitedLog.tell(what, "{}", Character.toUpperCase(what.charAt(0)) + what.substring(1));
    }
}
