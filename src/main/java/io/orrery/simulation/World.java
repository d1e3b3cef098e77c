package io.orrery.simulation;

import io.orrery.codec.Codec;
import io.orrery.journal.SimulatedDisk;
import io.orrery.loop.EventLoop;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.DelayScheduler;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.network.RandomStreams;
import io.orrery.network.Receiver;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaView;
import io.orrery.replica.FaultInjector;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaDirectory;
import io.orrery.replica.ReplicaHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Replicas with their links and disks, in a virtual time of their own that begins at 0. */
public final class World implements AutoCloseable {
    /** Of what all replicas are children. */
    private static final String HOST = "replicas";

    /** Who takes the answers of all clients. */
    private static final String CLIENTS = "clients";

    private final Simulation simulation;
    private final EventLoop loop;
    private final WorldSpec spec;
    private final WorldObserver observer;
    private final ReplicaDirectory replicaDirectory = new ReplicaDirectory();
    private final Links links;
    private final FaultInjector faults;
    private final ReplicaPace pace;
    private final WorldDisks disks;

    private final Map<NodeId, ReplicaView> views = new TreeMap<>();
    /** Chooses which of several processes of one replica a client reaches. */
    private final SeededRandom twins;

    private final RandomStreams streams;

    private final List<Client> clients = new ArrayList<>();
    private final ActorRef<ReplicaHost.Command> host;
    private final ActorRef<ReplicaActor.Reply> replies;
    private final long seed;
    private IllegalStateException failure;
    /** Whether a test has forged a message. */
    private boolean isForged;

    private boolean closed;
    /** Runs after each event; null where nothing is checked. */
    private Runnable afterEachEvent;

    World(Simulation simulation, WorldSpec spec, long seed, WorldObserver observer) {
        this.simulation = simulation;
        this.loop = simulation.loop();
        this.spec = spec;
        this.seed = seed;
        this.streams = new RandomStreams(seed);
        this.observer = WorldObserver.all(new Views(), observer);
        this.disks = new WorldDisks(spec, seed, loop::after);
        StartModel start = spec.conditions().start();
        this.links = new Links(
                spec.replicas(),
                start.overLinks() ? spec.links() : LinkRule.PERFECT,
                streams,
                new Transit(),
                receiver(),
                this.observer);
        if (start.overLinks()) {
            start.links().forEach(links::apply);
        }
        ReplicaHost.Blueprint blueprint = new ReplicaHost.Blueprint(
                spec.protocol(),
                spec.replicas(),
                spec.replicas(),
                spec.options(),
                spec.tuning(),
                disks::create,
                disks::twinOf,
                startIds(seed),
                spec.limits(),
                disks.retry(),
                loop::now);
        twins = stream("twins");
        replies = simulation.spawn(receptionOfReplies(), CLIENTS);
        spec.replicas().forEach(this::watch);
        host = simulation.spawn(
                ReplicaHost.create(blueprint, start.absent(), links, replicaDirectory, this.observer), HOST);
        faults = new FaultInjector(spec.replicas(), links, replicaDirectory, host);
        // The world begins when the replicas run, and where links are perfect at the start, have exchanged hellos.
        loop.settle();
        pace = new ReplicaPace(spec, seed);
        if (!spec.pace().equals(PaceModel.IDEAL)) {
            loop.setPace(pace);
        }
        if (!start.overLinks()) {
            LinkRule rule = spec.links();
            links.apply(new Fault.ChangeLinks(Optional.empty(), Optional.empty(), LinkChange.to(rule)));
            start.links().forEach(links::apply);
        }
        loop.whenDrawnAnew(streams::redraw);
        this.observer.began(this);
    }

    /** A random stream for one use, which the seed of this world decides, until the world's chooser has all drawn anew. */
    public SeededRandom stream(String use) {
        return streams.stream(use);
    }

    /** Names the two ends of a link, for those who choose the order of deliveries. */
    private final class Transit implements DelayScheduler {
        @Override
        public void after(long nanos, Runnable arrival) {
            InFlightMessage message = (InFlightMessage) arrival;
            loop.deliver(nanos, message.from().name(), message.to().name(), message);
        }

        @Override
        public long decide(NodeId from, NodeId to, Delay allowed, long drawn) {
            return loop.delay(from.name(), to.name(), drawn, allowed.leastNanos(), allowed.mostNanos());
        }
    }

    /** Where links hand over what arrives. */
    private Receiver receiver() {
        if (!spec.conditions().encoded()) {
            return replicaDirectory;
        }
        Codec<Message> codec = MessageCodecs.of(spec.protocol());
        return (from, to, message) -> replicaDirectory.deliver(from, to, codec.decode(codec.encode(message)));
    }

    /** Tells those who are to hear of it when a replica stops, and when it is back. */
    private void watch(NodeId id) {
        if (spec.conditions().clients().toldOfCrashes()) {
            replicaDirectory.watch(id, isUp -> {
                if (!isUp) {
                    clients.forEach(client -> client.crashed(id));
                }
            });
        }
        if (spec.conditions().membership()) {
            replicaDirectory.watch(id, isUp -> {
                ReplicaActor.Command news = isUp ? new ReplicaActor.Reachable(id) : new ReplicaActor.Unreachable(id);
                spec.replicas().stream()
                        .filter(other -> !other.equals(id))
                        .flatMap(other -> replicaDirectory.findAll(other).stream())
                        .forEach(other -> other.tell(news));
            });
        }
    }

    /** Keeps the list of the replicas that run. */
    private final class Views implements WorldObserver {
        @Override
        public void started(NodeId at, long incarnation, ReplicaView view) {
            views.put(at, view);
        }

        @Override
        public void stopped(NodeId at) {
            views.remove(at);
        }

        // A fault may come in the middle of a broadcast, as a live one does from a thread of its own.
        @Override
        public void sent(InFlightMessage inFlightMessage) {
            loop.strikePoint();
        }

        @Override
        public void lost(InFlightMessage inFlightMessage, Loss why) {
            loop.strikePoint();
        }

        @Override
        public void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {
            if (!isForged) {
                failure = new IllegalStateException("replica " + at + " rejects " + message + ": " + why);
            }
        }

        @Override
        public void failed(NodeId at, Throwable cause) {
            failure = new IllegalStateException(
                    "replica " + at + " failed at " + now() + ": " + cause.getMessage(), cause);
        }
    }

    /** Whether a replica is up and has not read its disk yet. */
    public boolean isRecovering() {
        return spec.replicas().stream().anyMatch(replicaDirectory::isRecovering);
    }

    /** Whether this replica is up and has not read its disk yet. */
    public boolean isRecovering(NodeId id) {
        return replicaDirectory.isRecovering(id);
    }

    /** Whether all that replicas have written is synced. */
    public boolean isDurable() {
        return disks.areDurable();
    }

    /** Whether all that a replica has written is synced. */
    public boolean isDurable(NodeId id) {
        return disks.of(id).isDurable();
    }

    /** The disk of a replica, and those of processes that run beside it. To be read only. */
    public List<SimulatedDisk> disks(NodeId id) {
        return disks.all(id);
    }

    private static Supplier<UUID> startIds(long seed) {
        SeededRandom random = SeededRandom.stream(seed, "starts");
        return () -> new UUID(random.nextLong(), random.nextLong());
    }

    private Behavior<ReplicaActor.Reply> receptionOfReplies() {
        return Behaviors.receive((context, reply) -> {
            clients.get(Client.indexOf(reply.id())).replied(reply);
            return Behaviors.same();
        });
    }

    public WorldSpec spec() {
        return spec;
    }

    public Links links() {
        return links;
    }

    /** The virtual time since the world began. */
    public Duration now() {
        return Duration.ofNanos(loop.now());
    }

    /** The virtual time since the world began, in nanoseconds. */
    public long nowNanos() {
        return loop.now();
    }

    /** The number of events so far: messages handled and timers fired. */
    public long events() {
        return loop.processed();
    }

    /** The replicas that run now, sorted by id. */
    public Map<NodeId, ReplicaView> views() {
        return views;
    }

    /** Creates a client of this world. */
    public Client client(String name) {
        return client(name, spec.conditions().clients());
    }

    /** Creates a client that is beside each replica, whatever is in the way of others: what it asks arrives, and is answered. */
    public Client clientBeside(String name) {
        return client(name, ClientModel.NEAR);
    }

    private Client client(String name, ClientModel model) {
        Client client = new Client(this, name, clients.size(), model, stream("client/" + name));
        clients.add(client);
        return client;
    }

    /** Sends a forged message in the name of another replica. From then on replicas may reject messages. */
    void forge(NodeId from, NodeId to, Message message) {
        isForged = true;
        replicaDirectory.deliver(from, to, message);
    }

    /** A process of a replica; one of them at random if there are several. */
    Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        List<ActorRef<ReplicaActor.Command>> all = replicaDirectory.findAll(id);
        return all.size() > 1 ? Optional.of(all.get(twins.nextInt(all.size()))) : replicaDirectory.find(id);
    }

    ActorRef<ReplicaActor.Reply> replies() {
        return replies;
    }

    WorldObserver observer() {
        return observer;
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Applies a fault now.
     *
     * @throws IllegalArgumentException if it names an unknown replica
     */
    public void apply(Fault fault) {
        if (fault instanceof Fault.OfDisk ofDisk) {
            SimulatedDisk disk = disks.of(ofDisk.replica());
            observer.faulted(fault);
            disk.apply(ofDisk);
        } else if (fault instanceof Fault.Slow slow) {
            disks.of(slow.replica());
            observer.faulted(fault);
            pace.setHandling(slow.replica(), slow.handling());
            loop.setPace(pace);
        } else if (fault instanceof Fault.ClockRate clock) {
            disks.of(clock.replica());
            observer.faulted(fault);
            pace.setClock(clock.replica(), clock.rate());
            loop.setPace(pace);
        } else if (fault instanceof Fault.ClockJump jump) {
            disks.of(jump.replica());
            observer.faulted(fault);
            loop.hasten(
                    actor -> pace.isOf(jump.replica(), actor),
                    jump.back() ? -jump.by().toNanos() : jump.by().toNanos());
        } else if (fault instanceof Fault.CutPower cutPower) {
            SimulatedDisk disk = disks.of(cutPower.replica());
            observer.faulted(fault);
            disk.losePowerInCrash();
            faults.apply(new Fault.Crash(cutPower.replica()));
        } else if (fault instanceof Fault.Restore restore) {
            disks.requireCopy(restore);
            observer.faulted(fault);
            disks.restore(restore);
            faults.apply(new Fault.Crash(restore.replica()));
        } else {
            observer.faulted(fault);
            faults.apply(fault);
        }
    }

    /** Plans the copy of a disk that a later fault restores. */
    public void planCopy(Fault.Restore restore) {
        plan(restore.to(), () -> disks.copyFor(restore));
    }

    /** Plans a step at this time, before all other events of that instant; steps of one instant keep their order. */
    public void plan(Duration at, Runnable step) {
        loop.plan(at.toNanos(), step);
    }

    /**
     * Has a step strike from a time on among the events, rather than between them as {@link #plan} does: while messages and
     * syncs wait to be handled, or in the middle of a broadcast.
     *
     * @param points how many such points pass first; where they do not come within 100 ms, it strikes then
     */
    public void strike(Duration from, int points, Runnable step) {
        loop.strike(from.toNanos(), points, step);
    }

    /** Runs a task after a drawn delay. */
    public void after(Delay delay, SeededRandom random, Runnable task) {
        loop.after(delay.sampleNanos(random), task);
    }

    /** Runs a check after each event from now on, after those that were given before. It may change nothing. */
    public void afterEachEvent(Runnable check) {
        Runnable before = afterEachEvent;
        afterEachEvent = before == null
                ? check
                : () -> {
                    before.run();
                    check.run();
                };
        loop.afterEach(afterEachEvent);
    }

    /**
     * Runs the next event. Returns false if there is none, which is rare, because replicas have timers.
     *
     * @throws IllegalStateException if a replica failed by a programming error
     */
    public boolean step() {
        return step(Long.MAX_VALUE);
    }

    private boolean step(long untilNanos) {
        if (failure != null) {
            throw failure;
        }
        return loop.step(untilNanos);
    }

    /** Runs all events up to this time, and advances the time to it. */
    public void runTo(Duration time) {
        long nanos = time.toNanos();
        while (step(nanos)) {
            // Each step is one event.
        }
        loop.advanceTo(nanos);
    }

    /** Runs events until a condition holds or the limit is reached. Returns whether the condition holds. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long nanos = limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (!step(nanos)) {
                loop.advanceTo(nanos);
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /** Ends the world: stops its actors and discards its events. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            // What happens while replicas stop is no longer part of the world.
            loop.afterEach(null);
            loop.hurry();
            simulation.stop(host);
            simulation.stop(replies);
        }
    }
}
