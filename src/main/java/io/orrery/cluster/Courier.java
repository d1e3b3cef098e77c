package io.orrery.cluster;

import io.orrery.codec.Codec;
import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.MailboxSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guardian of a membership: finds the other nodes, takes in what they send, and keeps the ways to them. When it stops,
 * the membership has ended; {@link Membership} begins another.
 */
final class Courier extends AbstractBehavior<Courier.Command> {
    sealed interface Command permits Wire, Unreadable, Changed, Tried, Tick {}

    /** Something has come that is no message of this version. */
    record Unreadable(String why) implements Command {}

    private record Changed(ClusterEvent.ClusterDomainEvent event) implements Command {}

    private record Tried(NodeId node, boolean somebodyListens, long began) implements Command {}

    private record Tick() implements Command {}

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration OUTSIDE = Duration.ofMillis(200);
    private static final Duration INSIDE = Duration.ofSeconds(1);
    /** A node that is there is called once in this time: many that start at once on one machine have enough to do. */
    private static final Duration CALL = Duration.ofSeconds(1);
    /** Messages that wait to be encoded for one node; what does not fit is dropped. */
    private static final MailboxSelector MAILBOX = MailboxSelector.bounded(10_000);

    /**
     * What a courier works for.
     *
     * @param deployment the same for all nodes that belong together, in words for people
     * @param addresses where the other nodes are expected, by the deployment file
     * @param replica the replica of this node
     * @param desk takes in what is neither a replica's message nor about the cluster itself
     * @param watcher is told of all members whenever they change
     */
    record Parts(
            NodeId self,
            String deployment,
            Map<NodeId, String> addresses,
            Receiver replica,
            Peers peers,
            Consumer<Wire> desk,
            Watcher watcher) {}

    /** Told of changes. Called by the courier's thread. */
    interface Watcher {
        void members(List<MemberState> members);

        /** The ways to a node and back are open, or open again: what is asked of it now can be answered. */
        void reachable(NodeId node);
    }

    private final Parts parts;
    private final Cluster cluster;
    private final ActorRefResolver resolver;
    private final Codec<Message> codec = Codec.ofMessages();
    private final Rendezvous rendezvous;
    /** When somebody at the address of a node has said nothing for so long, people are told. A slow start takes less. */
    private final Duration puzzling;

    private final Roster roster;
    private final Map<NodeId, Peer> open = new TreeMap<>();
    /** Nodes to which a way is open, and that have not confirmed a mark yet: they may have no way back. */
    private final Set<NodeId> silent = new TreeSet<>();

    private final Complaints complaints = new Complaints(LOG);

    private final Set<NodeId> trying = new HashSet<>();
    /** When each node that is there was called last. */
    private final Map<NodeId, Long> called = new HashMap<>();

    private final Executor blocking;
    private long lastLook;
    private boolean founding;
    private boolean leaving;

    private record Peer(UniqueAddress address, ActorRef<Outbound.Command> outbound) {}

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Courier courier = new Courier(context, parts);
            context.getSelf().tell(new Tick());
            timers.startTimerWithFixedDelay(new Tick(), OUTSIDE);
            return courier;
        }));
    }

    private Courier(ActorContext<Command> context, Parts parts) {
        super(context);
        this.parts = parts;
        Set<NodeId> nodes = new TreeSet<>(parts.addresses().keySet());
        nodes.add(parts.self());
        this.roster = new Roster(nodes);
        this.cluster = Cluster.get(context.getSystem());
        this.resolver = ActorRefResolver.get(context.getSystem());
        Duration patience = context.getSystem().settings().config().getDuration("orrery.rendezvous.patience");
        this.rendezvous = new Rendezvous(parts.self(), parts.addresses().keySet(), patience, System.nanoTime());
        this.puzzling = patience.dividedBy(2);
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        ActorRef<ClusterEvent.ClusterDomainEvent> events =
                context.messageAdapter(ClusterEvent.ClusterDomainEvent.class, Changed::new);
        cluster.subscriptions().tell(Subscribe.create(events, ClusterEvent.ClusterDomainEvent.class));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Wire.class, this::onWire)
                .onMessage(Unreadable.class, this::onUnreadable)
                .onMessage(Changed.class, this::onChanged)
                .onMessage(Tried.class, this::onTried)
                .onMessage(Tick.class, tick -> onTick())
                .build();
    }

    /** Nothing that somebody says ends this actor, which is the guardian of the membership. */
    private Behavior<Command> onWire(Wire wire) {
        try {
            wire.check(parts.addresses().keySet());
            take(wire);
        } catch (IllegalArgumentException e) {
            complaints.tell(
                    wire.from(), "what node {} says is not believed, and is left: {}", wire.from(), e.getMessage());
        }
        return this;
    }

    private void take(Wire wire) {
        if (wire instanceof Wire.Carried carried) {
            deliver(carried);
        } else if (wire instanceof Wire.Mark mark) {
            parts.peers().tell(mark.from(), new Wire.Marked(parts.self(), mark.sent()));
        } else if (wire instanceof Wire.Marked mark) {
            confirmed(mark);
        } else if (wire instanceof Wire.Presence presence) {
            meet(presence);
        } else {
            parts.desk().accept(wire);
        }
    }

    private void deliver(Wire.Carried carried) {
        for (byte[] message : carried.messages()) {
            try {
                parts.replica().deliver(carried.from(), carried.to(), codec.decode(message));
            } catch (IllegalArgumentException e) {
                // A newer version may say what this one does not know. To the protocol it is a message that was lost.
                complaints.tell(
                        carried.from(),
                        "a message of node {} cannot be read, and is left: {}",
                        carried.from(),
                        e.getMessage());
            }
        }
    }

    private void confirmed(Wire.Marked mark) {
        parts.peers().confirmed(mark.from(), mark.sent());
        if (silent.remove(mark.from())) {
            parts.watcher().reachable(mark.from());
        }
    }

    private Behavior<Command> onUnreadable(Unreadable unreadable) {
        complaints.tell(
                Unreadable.class,
                "something that came to node {} cannot be read, and is left: {}",
                parts.self(),
                unreadable.why());
        return this;
    }

    private void meet(Wire.Presence presence) {
        if (!presence.isAnswer()) {
            // A stranger too: so it knows why it is alone.
            tellOfSelf(presence.address(), true);
        }
        boolean isKnown = parts.addresses().containsKey(presence.from());
        if (!isKnown || !presence.deployment().equals(parts.deployment())) {
            if (isKnown) {
                rendezvous.strange(presence.from());
            }
            complaints.tell(
                    presence.from(),
                    "node {} has another deployment than this one, and is kept out: {}",
                    presence.from(),
                    presence.deployment());
            return;
        }
        long now = System.nanoTime();
        rendezvous.heard(presence, now);
        if (isInside()) {
            Rendezvous.Decision decision = rendezvous.inside(
                    presence,
                    cluster.selfMember().uniqueAddress().toString(),
                    roster.addresses(),
                    roster.reachable(),
                    now);
            if (decision instanceof Rendezvous.Leave leave && !leaving) {
                leaving = true;
                LOG.warn("This node leaves its cluster for the larger one of {}", leave.address());
                CoordinatedShutdown.get(getContext().getSystem()).runAll(CoordinatedShutdown.unknownReason());
            }
        } else {
            carryOut(rendezvous.outside(now));
        }
    }

    private void carryOut(Rendezvous.Decision decision) {
        if (decision instanceof Rendezvous.Join join) {
            cluster.manager().tell(Join.create(AddressFromURIString.parse(join.address())));
        } else if (decision instanceof Rendezvous.Found) {
            founding = true;
            rendezvous
                    .unheard(Duration.ZERO, System.nanoTime())
                    .forEach(node -> LOG.warn("This node founds a cluster without node {}: {}", node, puzzle(node)));
            cluster.manager().tell(Join.create(self()));
        }
    }

    private Behavior<Command> onTick() {
        silent.forEach(this::askForWayBack);
        long now = System.nanoTime();
        if (isInside()) {
            if (now - lastLook < INSIDE.toNanos()) {
                return this;
            }
            lastLook = now;
        } else {
            carryOut(rendezvous.outside(now));
        }
        open.keySet().forEach(rendezvous::met);
        rendezvous
                .unheard(puzzling, now)
                .forEach(node -> complaints.tell(node, "nothing is heard of node {}: {}", node, puzzle(node)));
        parts.addresses().keySet().stream().filter(it -> isToBeCalled(it, now)).forEach(this::tryToConnect);
        return this;
    }

    private boolean isToBeCalled(NodeId node, long now) {
        Long last = called.get(node);
        return !open.containsKey(node) && (last == null || now - last >= CALL.toNanos());
    }

    /**
     * A refusal says at once that nobody is there. Pekko's remoting would keep trying, less and less often, and so would
     * answer late who comes meanwhile.
     */
    private void tryToConnect(NodeId node) {
        if (trying.add(node)) {
            long began = System.nanoTime();
            Address address = AddressFromURIString.parse(parts.addresses().get(node));
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> somebodyListens(address), blocking),
                            (listens, failure) -> new Tried(node, Boolean.TRUE.equals(listens), began));
        }
    }

    private static boolean somebodyListens(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            address.getHost().orElseThrow(), address.getPort().orElseThrow()),
                    (int) INSIDE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Behavior<Command> onTried(Tried tried) {
        trying.remove(tried.node());
        rendezvous.tried(tried.node(), tried.somebodyListens(), tried.began());
        long now = System.nanoTime();
        if (tried.somebodyListens() && isToBeCalled(tried.node(), now)) {
            called.put(tried.node(), now);
            tellOfSelf(parts.addresses().get(tried.node()), false);
        }
        return this;
    }

    /** Tells a node that this one is there; not while it founds a cluster and is not in it yet: it would say that it is in none. */
    private void tellOfSelf(String address, boolean isAnswer) {
        if (founding && !isInside()) {
            return;
        }
        wireTo(address)
                .tell(new Wire.Presence(
                        parts.self(),
                        self().toString(),
                        cluster.selfMember().uniqueAddress().toString(),
                        parts.deployment(),
                        isInside() ? roster.addresses() : List.of(),
                        roster.reachable(),
                        isAnswer));
    }

    private Behavior<Command> onChanged(Changed changed) {
        boolean wasInside = isInside();
        if (roster.take(changed.event())) {
            if (!wasInside && isInside()) {
                // All that wait for a cluster hear of this one at once.
                called.clear();
            }
            keepWays();
            roster.strangers().forEach(this::keepOut);
            parts.watcher().members(roster.states());
            if (changed.event() instanceof ClusterEvent.ReachableMember found) {
                roster.nodeOf(found.member()).ifPresent(parts.watcher()::reachable);
            }
        }
        return this;
    }

    /** Pekko takes in whoever asks; but who is none of the nodes would count where a majority is. */
    private void keepOut(Address stranger) {
        complaints.tell(
                Roster.class, "{} has joined the cluster, is none of its nodes, and is put out again", stranger);
        cluster.manager().tell(new Down(stranger));
    }

    /** Opens and closes ways as nodes come, go, and come back in another process or at another address. */
    private void keepWays() {
        Map<NodeId, Member> current = roster.current();
        current.remove(parts.self());
        open.entrySet().removeIf(entry -> {
            Member member = current.get(entry.getKey());
            boolean stays = member != null
                    && member.uniqueAddress().equals(entry.getValue().address());
            if (!stays) {
                silent.remove(entry.getKey());
                parts.peers().remove(entry.getKey());
                getContext().stop(entry.getValue().outbound());
            }
            return !stays;
        });
        current.forEach((node, member) -> {
            if (!open.containsKey(node)) {
                ActorRef<Wire> courier = wireTo(member.address().toString());
                ActorRef<Outbound.Command> outbound =
                        getContext().spawnAnonymous(Outbound.create(parts.self(), node, courier, codec), MAILBOX);
                open.put(node, new Peer(member.uniqueAddress(), outbound));
                parts.peers().add(node, courier, outbound);
                silent.add(node);
                askForWayBack(node);
            }
        });
    }

    /** The other node confirms as soon as it has a way to this one. */
    private void askForWayBack(NodeId node) {
        parts.peers().tell(node, new Wire.Mark(parts.self(), 0));
    }

    private Address self() {
        return cluster.selfMember().address();
    }

    private boolean isInside() {
        return roster.has(cluster.selfMember().uniqueAddress());
    }

    /** The courier of the node at an address: it is the guardian of its actor system. */
    private ActorRef<Wire> wireTo(String address) {
        return resolver.<Wire>resolveActorRef(address + "/user");
    }

    /** Somebody is there, and who cannot be known: what may be the matter, for people. */
    private String puzzle(NodeId node) {
        String address = parts.addresses().get(node);
        return "somebody listens at " + address.substring(address.indexOf('@') + 1)
                + ", where it is expected, and is not understood. All deployment files must write this host in the same way,"
                + " and name tls files or none; their certificates must be valid, of one authority and with one name (CN)."
                + " Or the process there is another one, or suspended.";
    }
}
