package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.live.Admission;
import io.orrery.live.Belonging;
import io.orrery.live.Complaints;
import io.orrery.live.Identity;
import io.orrery.live.MemberState;
import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.replica.ReplicaLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among the others: whom it reaches, who belongs here, and to which cluster. A connection is all that it takes
 * to be reached, and nobody has to agree on it; so a node that was away is there again with its first connection.
 */
final class Neighbours implements Reception.Host {
    /** Told of what the others do. Called by any thread; must be quick. */
    interface Watcher {
        /** There is a way to a node, again or anew: what was said to it before may be lost. */
        void reachable(NodeId node);

        /** There is no way to a node. Told again and again. */
        void unreachable(NodeId node);

        /** A node has said something for the laboratory. */
        void told(NodeId from, Wire.OfLaboratory wire);

        /** A node has told where its membership of the Pekko cluster is. */
        void seated(NodeId node);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    /** What a message holds besides a value: the rest of a part of a catch-up, and what the other side is told it need not send. */
    private static final int MESSAGE_OVERHEAD = 1 << 20;

    private static final Duration TICK = Duration.ofSeconds(1);
    /** When somebody at the address of a node has said nothing for so long, people are told. A slow start takes less. */
    private static final Duration PUZZLING = Duration.ofSeconds(15);
    /** Connections to one node: two of each of two processes are common, and more can only be a mistake. */
    static final int MOST_CONNECTIONS = 8;

    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final NodeId self;
    private final Place place;
    private final Deployment deployment;
    private final Map<String, String> terms;
    private final String process = Identity.draw();
    private final Peers peers;
    private final Watcher watcher;
    private final Reception reception;
    private final Founding founding;
    private final Map<NodeId, Other> others = new TreeMap<>();
    private final Complaints complaints = new Complaints(LOG);
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "membership");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private boolean replicaIsUp = true;
    private boolean hadMajority;
    private boolean stopping;
    private volatile Admission admission = Admission.JOINING;

    /**
     * @param replica takes in the messages for the replica of this node
     * @param peers is kept up to date
     * @param journal of the replica: keeps to which cluster it belongs
     */
    Neighbours(
            Deployment deployment,
            NodeId self,
            Place place,
            Receiver replica,
            Peers peers,
            Journal journal,
            Watcher watcher) {
        this.self = self;
        this.place = place;
        this.deployment = deployment;
        this.terms = Terms.of(deployment);
        this.peers = peers;
        this.watcher = watcher;
        deployment.replicas().stream()
                .filter(member -> !member.id().equals(self))
                .forEach(member -> others.put(member.id(), new Other(member.requireRemoting())));
        Map<NodeId, Address> addresses = new LinkedHashMap<>();
        others.forEach((node, other) -> addresses.put(node, other.expected));
        this.reception = new Reception(
                this,
                new Sockets(deployment.security().tls()),
                new Handshake(self, addresses),
                messageBytes(deployment, 0),
                messageBytes(deployment, ReplicaLimits.bytesInHeap(1)),
                messageBytes(deployment, LargeFrames.LARGEST_VALUE),
                Connection.Codecs.of(deployment.protocol()),
                place.from(),
                (from, message) -> replica.deliver(from, self, message));
        this.founding = new Founding(
                self,
                deployment.ids(),
                Belonging.decode(journal.belonging()),
                Identity::draw,
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
        reception.start(place.bind().orElseGet(this::own), others.keySet());
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
            last = others.values().stream()
                    .flatMap(other -> other.open.stream())
                    .toList();
            ticker.schedule(this::end, last.isEmpty() ? 0 : LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            ticker.shutdown();
        }
        reception.answerNobody();
        last.forEach(connection -> {
            connection.tell(new Wire.Farewell());
            connection.endInOrder();
        });
        return ended;
    }

    private void end() {
        reception.close();
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
            reached().forEach(node -> peers.tell(node, new Wire.Up(isUp)));
        }
    }

    private synchronized void hear(Connection on, Wire.Up told) {
        Set<String> without = others.get(on.node()).withoutReplica;
        if (told.isUp()) {
            without.remove(on.hello().process());
        } else if (others.get(on.node()).open.contains(on)) {
            without.add(on.hello().process());
        }
    }

    /** Whether messages pass to the replica of a node, as far as is known here. */
    synchronized boolean reachesReplicaOf(NodeId node) {
        return others.get(node).hasReplica();
    }

    /** The id of the cluster to which this node belongs; empty while it belongs to none. */
    synchronized Optional<String> cluster() {
        return founding.cluster();
    }

    /** This node, and all that it has heard of, sorted by id. */
    synchronized List<MemberState> members() {
        Map<NodeId, MemberState> members = new TreeMap<>();
        String status = admission.state() == Admission.State.KEPT_OUT ? MemberState.KEPT_OUT : MemberState.JOINING;
        members.put(self, new MemberState(self, own().toString(), status, true));
        others.forEach((node, other) -> other.state(node).ifPresent(state -> members.put(node, state)));
        return List.copyOf(members.values());
    }

    @Override
    public synchronized Wire.Hello hello() {
        return new Wire.Hello(self, process, own().toString(), founding.cluster(), terms);
    }

    @Override
    public synchronized List<Address> addressesOf(NodeId node) {
        return others.get(node).addresses();
    }

    @Override
    public synchronized boolean isReached(NodeId node) {
        return others.get(node).isReached();
    }

    @Override
    public synchronized boolean isReached(NodeId node, String ofProcess) {
        return others.get(node).isReached(ofProcess);
    }

    @Override
    public synchronized boolean isStranger(NodeId node) {
        return others.get(node).difference.isPresent();
    }

    @Override
    public synchronized boolean takes(Wire.Hello theirs) {
        if (stopping) {
            return false;
        }
        Optional<String> difference = Terms.difference(theirs, hello());
        Other other = others.get(theirs.from());
        if (difference.isEmpty() && other != null) {
            return true;
        }
        if (theirs.from().equals(self)) {
            complain(
                    theirs.process().equals(process)
                            ? "the address of another node leads to this node itself"
                            : "another process runs as node " + self + " at " + Place.address(theirs.address(), own()));
        } else {
            notUnderstood(
                    Optional.of(theirs.from()), difference.orElse("there is no such replica in the deployment here"));
        }
        return false;
    }

    @Override
    public synchronized void notUnderstood(Optional<NodeId> node, String why) {
        String who = node.map(id -> "node " + id).orElse("somebody who called");
        complain(who + " is kept out: " + why);
        node.map(others::get).ifPresent(other -> {
            other.asked = true;
            other.mute = null;
            other.difference = Optional.of(who + " is kept out: " + why);
            judge();
        });
    }

    @Override
    public synchronized void distrusted(NodeId node, String why) {
        complain("node " + node + " is not reached: " + why);
    }

    @Override
    public synchronized void called(NodeId node, boolean somebodyListens) {
        Other other = others.get(node);
        if (!other.asked) {
            other.asked = true;
            keeping(this::tryToFound);
        }
        if (!somebodyListens || other.difference.isPresent() || other.isReached()) {
            other.mute = null;
        } else if (other.mute == null) {
            other.mute = System.nanoTime();
        }
        judge();
    }

    @Override
    public boolean opened(Connection connection) {
        NodeId node = connection.node();
        synchronized (this) {
            if (stopping) {
                connection.tell(new Wire.Farewell());
                connection.endInOrder();
                return false;
            }
            Other other = others.get(node);
            boolean isNews = !other.isReached();
            boolean wasKnown = other.known;
            other.open.add(0, connection);
            other.withoutReplica.remove(connection.hello().process());
            if (other.open.size() > MOST_CONNECTIONS) {
                other.open.get(MOST_CONNECTIONS).end();
            }
            other.asked = true;
            other.known = true;
            other.mute = null;
            other.difference = Optional.empty();
            other.told = Place.address(connection.hello().address(), other.expected);
            if (isNews) {
                LOG.info("Node {} at {} is {}", node, other.told, wasKnown ? "reached again" : "a member");
            }
            peers.set(node, other.ways());
            if (!replicaIsUp) {
                connection.tell(new Wire.Up(false));
            }
            keeping(() -> {
                founding.met(node, connection.hello().cluster());
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
            Other other = others.get(node);
            if (!other.open.remove(connection)) {
                return;
            }
            other.seats.remove(connection);
            if (!other.isReached(connection.hello().process())) {
                other.withoutReplica.remove(connection.hello().process());
            }
            peers.set(node, other.ways());
            isReached = other.isReached();
            if (!isReached && !stopping) {
                LOG.info("Node {} at {} is {}", node, other.told, other.known ? "not reached" : "no member any more");
            }
            wasLast = stopping && reached().isEmpty();
        }
        if (wasLast) {
            end();
        }
        if (isReached) {
            // What has been written to the one that ended may be lost.
            watcher.reachable(node);
        } else {
            watcher.unreachable(node);
            reception.wakeUp();
        }
    }

    @Override
    public void wire(Connection on, Wire wire) {
        if (wire instanceof Wire.OfLaboratory told) {
            watcher.told(on.node(), told);
        } else if (wire instanceof Wire.Seat seat) {
            synchronized (this) {
                others.get(on.node()).seats.put(on, seat);
            }
            watcher.seated(on.node());
        } else if (wire instanceof Wire.Up told) {
            hear(on, told);
        } else if (wire instanceof Wire.OfFounding told) {
            takeOfFounding(on, told);
        } else if (wire instanceof Wire.Farewell) {
            synchronized (this) {
                others.get(on.node()).known = false;
            }
        } else {
            unreadable(on, "it greets again");
        }
    }

    @Override
    public synchronized void unreadable(Connection on, String why) {
        complain("what node " + on.node() + " says cannot be read, and is left: " + why);
    }

    private synchronized void takeOfFounding(Connection on, Wire.OfFounding told) {
        keeping(() -> founding.take(on.node(), told));
        if (told instanceof Founding.Chosen chosen && !founding.cluster().equals(Optional.of(chosen.cluster()))) {
            // It has come to another cluster meanwhile. The next greeting tells both sides.
            on.end();
        }
    }

    private void sayOfFounding(NodeId to, Wire said) {
        if (to.equals(self)) {
            founding.take(self, (Wire.OfFounding) said);
        } else {
            peers.tell(to, said);
        }
    }

    /** Tells a node something, if it is reached. */
    void tell(NodeId node, Wire said) {
        peers.tell(node, said);
    }

    /** The nodes that are reached, by id, and where they say that their memberships are; nothing of one that has not said so yet. */
    synchronized Map<NodeId, Set<Wire.Seat>> seats() {
        Map<NodeId, Set<Wire.Seat>> seats = new TreeMap<>();
        reached()
                .forEach(node ->
                        seats.put(node, Set.copyOf(others.get(node).seats.values())));
        return seats;
    }

    /** The nodes that are reached. */
    synchronized Set<NodeId> reached() {
        return others.entrySet().stream()
                .filter(entry -> entry.getValue().isReached())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Founds a cluster with those who are reached, when each of the others has been called: one of them may have the id of
     * the cluster that there is, and this majority have forgotten it.
     */
    private void tryToFound() {
        if (others.values().stream().allMatch(other -> other.asked)) {
            founding.tryWith(reached());
        }
    }

    /** Where the disk fails, nothing is kept and nothing said; it is tried again. */
    private void keeping(Runnable action) {
        try {
            action.run();
        } catch (JournalException e) {
            complain("what cluster this node belongs to cannot be kept: " + e.getMessage());
        }
    }

    /**
     * Decides whether this node may act. Who has met a majority that has the same settings belongs to it, for as long as
     * this process lives, whatever others come with later. Before, one that differs is enough to keep a node from acting:
     * it may be the one that was started with a wrong file.
     */
    private void judge() {
        hadMajority |= (reached().size() + 1) * 2 > deployment.ids().size();
        Optional<String> difference = others.values().stream()
                .flatMap(other -> other.difference.stream())
                .findFirst();
        if (hadMajority) {
            admission = Admission.IN;
        } else if (difference.isPresent()) {
            admission = new Admission(Admission.State.KEPT_OUT, difference.get());
        } else if (others.values().stream().allMatch(other -> other.asked)) {
            admission = Admission.IN;
        }
    }

    private synchronized void tick() {
        keeping(this::tryToFound);
        judge();
        long now = System.nanoTime();
        others.forEach((node, other) -> {
            if (other.asked && !other.isReached()) {
                watcher.unreachable(node);
            }
            if (other.mute != null && now - other.mute >= PUZZLING.toNanos()) {
                complain("nothing is heard of node " + node + ": somebody listens at " + other.expected
                        + ", where it is expected, and says nothing. Either both files name tls or neither; their"
                        + " certificates must be valid, of one authority and with one name (CN). Or the process there is"
                        + " another one, or suspended");
            }
        });
    }

    private void complain(String what) {
        complaints.tell(what, "{}", Character.toUpperCase(what.charAt(0)) + what.substring(1));
    }
}
