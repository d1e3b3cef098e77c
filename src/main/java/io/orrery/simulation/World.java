package io.orrery.simulation;

import io.orrery.journal.SimulatedDisk;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaView;
import io.orrery.replica.FaultInjector;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaHost;
import io.orrery.replica.Replicas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

/** A set of replicas with their links and disks, in a virtual time of its own that begins at 0. */
public final class World implements AutoCloseable {
    private final Simulation simulation;
    private final EventLoop loop;
    private final WorldSpec spec;
    private final WorldObserver observer;
    private final Replicas replicas = new Replicas();
    private final Links links;
    private final FaultInjector faults;
    private final Map<NodeId, SimulatedDisk> disks = new HashMap<>();
    private final Map<NodeId, ReplicaView> views = new TreeMap<>();
    private final Map<Fault.Restore, SimulatedDisk> copies = new HashMap<>();
    /** Which of several processes that run as one replica a client reaches. */
    private final SeededRandom twins;

    private final List<Client> clients = new ArrayList<>();
    private final ActorRef<ReplicaHost.Command> host;
    private final ActorRef<ReplicaActor.Reply> replies;
    private IllegalStateException failure;
    /** Whether somebody has said something that no replica would. */
    private boolean isForged;

    private boolean closed;

    World(Simulation simulation, WorldSpec spec, long seed, WorldObserver observer) {
        this.simulation = simulation;
        this.loop = simulation.loop();
        this.spec = spec;
        this.observer = WorldObserver.all(new Views(), observer);
        this.links = new Links(spec.replicas(), LinkRule.PERFECT, seed, loop, replicas, this.observer);
        ReplicaHost.Blueprint blueprint = new ReplicaHost.Blueprint(
                spec.protocol(),
                spec.replicas(),
                spec.replicas(),
                spec.options(),
                spec.tuning(),
                id -> disk(id, seed),
                journal -> twinOf((SimulatedDisk) journal),
                startIds(seed),
                spec.limits(),
                // A disk that a scenario has fail is put right by its restart.
                Optional.empty(),
                loop::now);
        twins = SeededRandom.stream(seed, "twins");
        String name = simulation.nextName();
        replies = simulation.spawn(receptionOfReplies(), name + "-clients");
        host = simulation.spawn(ReplicaHost.create(blueprint, links, replicas, this.observer), name);
        faults = new FaultInjector(spec.replicas(), links, replicas, host);
        // The replicas have greeted each other over perfect links: the world begins when all are up and know it.
        loop.settle();
        LinkRule rule = spec.links();
        links.apply(new Fault.Relink(Optional.empty(), Optional.empty(), LinkChange.to(rule)));
        this.observer.began(this);
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

        @Override
        public void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {
            if (!isForged) {
                failure = new IllegalStateException("replica " + at + " does not believe " + message + ": " + why);
            }
        }

        @Override
        public void failed(NodeId at, Throwable cause) {
            failure = new IllegalStateException(
                    "replica " + at + " failed at " + now() + ": " + cause.getMessage(), cause);
        }
    }

    /** Whether the disks have confirmed all that replicas have written. */
    public boolean isDurable() {
        return disks.values().stream().allMatch(SimulatedDisk::isDurable);
    }

    private SimulatedDisk twinOf(SimulatedDisk disk) {
        SimulatedDisk twin = disk.copy();
        disks.replaceAll((id, known) -> known == disk ? twin : known);
        return twin;
    }

    private static Supplier<UUID> startIds(long seed) {
        SeededRandom random = SeededRandom.stream(seed, "starts");
        return () -> new UUID(random.nextLong(), random.nextLong());
    }

    private SimulatedDisk disk(NodeId id, long seed) {
        SimulatedDisk disk = new SimulatedDisk(spec.diskSync(), SeededRandom.stream(seed, "disk/" + id), loop);
        disks.put(id, disk);
        return disk;
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

    /** How many events have happened: messages handled, timers run out. */
    public long events() {
        return loop.processed();
    }

    /** The replicas that run now, sorted by id. */
    public Map<NodeId, ReplicaView> views() {
        return views;
    }

    /** A client of this world: someone who does one thing at a time. */
    public Client client(String name) {
        Client client = new Client(this, name, clients.size());
        clients.add(client);
        return client;
    }

    /** Somebody speaks to a replica in the name of another. From now on replicas may hear what they do not believe. */
    void forge(NodeId from, NodeId to, Message message) {
        isForged = true;
        replicas.deliver(from, to, message);
    }

    /** A process that runs as a replica: any of them, where there are several. */
    Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        List<ActorRef<ReplicaActor.Command>> all = replicas.findAll(id);
        return all.size() > 1 ? Optional.of(all.get(twins.nextInt(all.size()))) : replicas.find(id);
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
     * Makes something go wrong or puts it right, now.
     *
     * @throws IllegalArgumentException when it names a replica that there is not
     */
    public void apply(Fault fault) {
        if (fault instanceof Fault.FailDisk failDisk) {
            SimulatedDisk disk = requireDisk(failDisk.replica());
            observer.faulted(fault);
            disk.failNextSync();
        } else if (fault instanceof Fault.Restore restore) {
            SimulatedDisk disk = requireDisk(restore.replica());
            SimulatedDisk copy = copies.get(restore);
            if (copy == null) {
                throw new IllegalArgumentException("no copy was made for: " + restore);
            }
            observer.faulted(fault);
            disk.setBackInCrash(copy);
            faults.apply(new Fault.Crash(restore.replica()));
        } else {
            observer.faulted(fault);
            faults.apply(fault);
        }
    }

    private SimulatedDisk requireDisk(NodeId id) {
        SimulatedDisk disk = disks.get(id);
        if (disk == null) {
            throw new IllegalArgumentException("there is no replica " + id);
        }
        return disk;
    }

    /** Has a copy made of a disk in time for a fault that will put it back. */
    public void planCopy(Fault.Restore restore) {
        plan(
                restore.to(),
                () -> copies.put(restore, requireDisk(restore.replica()).copy()));
    }

    /** Plans a step: it happens at this time, ahead of all else at that instant; steps of one instant in their order. */
    public void plan(Duration at, Runnable step) {
        loop.plan(at.toNanos(), step);
    }

    /** Lets something happen after a while. */
    public void after(Delay delay, SeededRandom random, Runnable task) {
        loop.after(delay.sampleNanos(random), task);
    }

    /** Has a check made after each event from now on, of what must always hold. It may change nothing. */
    public void afterEachEvent(Runnable check) {
        loop.afterEach(check);
    }

    /**
     * Lets the next event happen. Returns false when nothing is left, which is rare: replicas have timers.
     *
     * @throws IllegalStateException when a replica failed by a mistake in it
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

    /** Lets all happen that does up to this time, which is the time then. */
    public void runTo(Duration time) {
        long nanos = time.toNanos();
        while (step(nanos)) {
            // Each step is one event.
        }
        loop.advanceTo(nanos);
    }

    /** Lets time pass until a condition holds, or to a limit. Returns whether the condition holds. */
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

    /** Ends the world: its actors stop, and nothing of it happens any more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            simulation.stop(host);
            simulation.stop(replies);
        }
    }
}
