package io.orrery.testkit.protocol;

import io.orrery.journal.DiskModel;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.ReplicaView;
import io.orrery.replica.ReplicaLimits;
import io.orrery.scenario.Quiescence;
import io.orrery.simulation.Client;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs one small world repeatedly, with a fault after a different event each time, so between any append, sync, send,
 * acknowledgement and apply. Three clients write through one replica each, while one replica fails and restarts. No
 * acknowledged write may be lost, no value invented, and all replicas must end with all writes.
 */
final class CrashStories {
    private static final List<NodeId> REPLICAS = List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"));
    private static final Duration DOWN = Duration.ofMillis(40);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int WRITES = 4;

    private final ProtocolType protocol;
    private final WorldSpec spec;
    private final Supplier<Invariants> invariants;
    private int acknowledged;
    private int diskFailures;

    CrashStories(ProtocolType protocol, DiskModel disk, Supplier<Invariants> invariants) {
        this.protocol = protocol;
        this.invariants = invariants;
        this.spec = new WorldSpec(
                protocol,
                REPLICAS,
                ProtocolOptions.usual(REPLICAS).with(ProtocolOptions.WRITE_QUORUM, 1),
                new LinkRule(Delay.parse("1ms..3ms"), 0, 0, false),
                disk,
                new Tuning(Duration.ofMillis(100), Duration.ofMillis(10), 10, 100),
                ReplicaLimits.DEFAULT.withTimeout(Duration.ofMillis(150)),
                PaceModel.IDEAL,
                Conditions.IDEAL);
    }

    /** The number of acknowledged writes of all runs. */
    int acknowledged() {
        return acknowledged;
    }

    /** The number of runs in which a disk had something to sync, and failed. */
    int diskFailures() {
        return diskFailures;
    }

    /** Runs the world with the fault after each event, at each replica; returns the number of runs. */
    int tell(Function<NodeId, Fault> fault) {
        int stories = 0;
        try (Simulation simulation = Simulation.start()) {
            Story undisturbed = new Story();
            World calm = simulation.begin(spec, 1, undisturbed);
            undisturbed.begin(calm);
            long first = calm.events();
            require(calm.runUntil(undisturbed::isOver, LIMIT), () -> "without a fault it does not end");
            long events = calm.events() - first;
            for (NodeId replica : REPLICAS) {
                for (long event = 0; event <= events; event++) {
                    String when = protocol + ", " + fault.apply(replica) + " after event " + event;
                    tell(simulation, replica, event, fault.apply(replica), when);
                    stories++;
                }
            }
        }
        return stories;
    }

    private void tell(Simulation simulation, NodeId replica, long events, Fault fault, String when) {
        Story story = new Story();
        World world = simulation.begin(spec, 1, WorldObserver.all(invariants.get(), story));
        story.begin(world);
        for (long i = 0; i < events; i++) {
            world.step();
        }
        world.apply(fault);
        world.runTo(world.now().plus(DOWN));
        world.apply(new Fault.Restart(replica));
        require(world.runUntil(story::isOver, LIMIT), () -> when + ": a client waits for ever");
        boolean rests = world.runUntil(() -> isQuiet(world, story), LIMIT);
        require(rests, () -> when + ": " + Quiescence.judge(world.views()));
        story.check(world, when);
        acknowledged += story.acknowledged.size();
        diskFailures += story.failed.size();
    }

    /** A write acknowledged by a follower may be in flight to the leader for a while. */
    private boolean isQuiet(World world, Story story) {
        return world.views().size() == REPLICAS.size()
                && story.acknowledged.keySet().stream()
                        .allMatch(key -> world.views().values().stream()
                                .allMatch(view -> view.lookup(key).isPresent()))
                && !Quiescence.mayYetConverge(protocol, Quiescence.judge(world.views()), world.views());
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    private static final class Story implements WorldObserver {
        private final Set<NodeId> failed = new HashSet<>();
        private final Map<Key, Outcome.Done> acknowledged = new TreeMap<>();
        private final Map<Key, Value> written = new TreeMap<>();
        private int returned;

        @Override
        public void diskFailed(NodeId at, Throwable cause) {
            failed.add(at);
        }

        void begin(World world) {
            for (NodeId via : REPLICAS) {
                next(world, world.client("client of " + via), via, 1);
            }
        }

        /** Each write has its own key, so that the expected state is certain. */
        private void next(World world, Client client, NodeId via, int number) {
            if (number > WRITES) {
                return;
            }
            Key key = Key.of("key-" + number + "-of-" + via);
            Value value = Value.of("value " + number + " of " + via);
            written.put(key, value);
            client.setTimeout(Duration.ofMillis(200));
            client.invoke(via, new Operation.Write(key, value), outcome -> {
                returned++;
                if (outcome instanceof Outcome.Done done) {
                    acknowledged.put(key, done);
                }
                world.after(new Delay.Fixed(Duration.ofMillis(1)), null, () -> next(world, client, via, number + 1));
            });
        }

        boolean isOver() {
            return returned == REPLICAS.size() * WRITES;
        }

        void check(World world, String when) {
            world.views().forEach((id, view) -> {
                acknowledged.forEach((key, done) -> isThere(view, key, done, when + ": at " + id));
                view.forEach(update -> require(
                        update.value().equals(Optional.ofNullable(written.get(update.key()))),
                        () -> when + ": nobody wrote " + update));
            });
        }

        private void isThere(ReplicaView view, Key key, Outcome.Done done, String where) {
            Optional<? extends Update> update = view.lookup(key);
            require(update.isPresent(), () -> where + " " + key + " is lost");
            require(
                    done.version().isEmpty()
                            || done.version().get().equals(update.get().version()),
                    () -> where + " " + key + " was acknowledged as " + done + " and is " + update.get());
        }
    }
}
