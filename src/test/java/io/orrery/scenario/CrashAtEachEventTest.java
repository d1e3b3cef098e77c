package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Verdict;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Client;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A crash between any two events of a small world: so between append, sync, send, acknowledge and apply, wherever they
 * fall. Whatever the moment, nothing acknowledged is lost, no dot is given out twice, and all replicas converge.
 */
class CrashAtEachEventTest {
    private static final List<NodeId> REPLICAS = List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"));
    private static final Duration DOWN = Duration.ofMillis(40);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int WRITES = 4;

    /** One story: three clients that write through a replica each, while one replica fails. */
    private static final class Story implements WorldObserver {
        private final Set<NodeId> failed = new HashSet<>();
        private final Map<Key, Acknowledged> acknowledged = new TreeMap<>();
        private final Set<Value> written = new HashSet<>();
        private int returned;

        private record Acknowledged(Value value, Optional<Version> version) {}

        @Override
        public void diskFailed(NodeId at, Throwable cause) {
            failed.add(at);
        }

        void begin(World world) {
            for (NodeId via : REPLICAS) {
                next(world, world.client("client of " + via), via, 1);
            }
        }

        /** Each write of a client goes to a key of its own, so that the last one acknowledged is known for sure. */
        private void next(World world, Client client, NodeId via, int number) {
            if (number > WRITES) {
                return;
            }
            Key key = Key.of("key-" + number + "-of-" + via);
            Value value = Value.of("value " + number + " of " + via);
            written.add(value);
            client.setTimeout(Duration.ofMillis(200));
            client.invoke(via, new Operation.Write(key, value), outcome -> {
                returned++;
                if (outcome instanceof Outcome.Done done) {
                    acknowledged.put(key, new Acknowledged(value, done.version()));
                }
                world.after(new Delay.Fixed(Duration.ofMillis(1)), null, () -> next(world, client, via, number + 1));
            });
        }

        boolean isOver() {
            return returned == REPLICAS.size() * WRITES;
        }

        void check(World world, String when) {
            acknowledged.forEach((key, last) -> world.views().forEach((id, view) -> {
                Optional<? extends Update> update = view.lookup(key);
                assertTrue(update.isPresent(), () -> when + ": " + id + " has lost " + key);
                assertEquals(last.value(), update.get().value().orElse(null), () -> when + ": " + key + " at " + id);
                last.version()
                        .ifPresent(version -> assertEquals(version, update.get().version(), when));
            }));
            world.views()
                    .values()
                    .forEach(view -> view.forEach(update -> assertTrue(
                            written.contains(update.value().orElseThrow()), () -> when + ": nobody wrote " + update)));
        }
    }

    private static WorldSpec spec(ProtocolType protocol, Delay diskSync) {
        return new WorldSpec(
                protocol,
                REPLICAS,
                ProtocolOptions.usual(REPLICAS)
                        .with(ProtocolOptions.LEADER, REPLICAS.get(0))
                        .with(ProtocolOptions.WRITE_QUORUM, 1),
                new LinkRule(Delay.parse("1ms..3ms"), 0, 0, false),
                diskSync,
                new Tuning(Duration.ofMillis(100), Duration.ofMillis(10), 10, 100),
                ReplicaLimits.DEFAULT.withTimeout(Duration.ofMillis(150)));
    }

    static Stream<Arguments> quickAndSlowDisks() {
        return Protocols.all().stream()
                .flatMap(protocol -> Stream.of("2ms", "30ms").map(sync -> Arguments.of(protocol, sync)));
    }

    /** A disk that takes no time fails as well. */
    static Stream<Arguments> instantAndQuickDisks() {
        return Protocols.all().stream()
                .flatMap(protocol -> Stream.of("0ms", "2ms").map(sync -> Arguments.of(protocol, sync)));
    }

    private int acknowledged;
    private int diskFailures;

    @ParameterizedTest
    @MethodSource("quickAndSlowDisks")
    void whereverAReplicaCrashesNothingAcknowledgedIsLost(ProtocolType protocol, String diskSync) {
        int stories = atEachEvent(protocol, diskSync, Fault.Crash::new);
        assertTrue(acknowledged > stories, "so few that nothing is tested: " + acknowledged);
    }

    @ParameterizedTest
    @MethodSource("instantAndQuickDisks")
    void wheneverADiskFailsNothingAcknowledgedIsLost(ProtocolType protocol, String diskSync) {
        int stories = atEachEvent(protocol, diskSync, Fault.FailDisk::new);
        assertTrue(acknowledged > stories, "so few that nothing is tested: " + acknowledged);
        assertTrue(diskFailures > 50, "so few disks had something to sync, and failed: " + diskFailures);
    }

    /** Returns how many stories there were. */
    private int atEachEvent(ProtocolType protocol, String diskSync, Function<NodeId, Fault> fault) {
        WorldSpec spec = spec(protocol, Delay.parse(diskSync));
        int stories = 0;
        try (Simulation simulation = Simulation.start()) {
            Story undisturbed = new Story();
            World calm = simulation.begin(spec, 1, undisturbed);
            undisturbed.begin(calm);
            long first = calm.events();
            assertTrue(calm.runUntil(undisturbed::isOver, LIMIT));
            long events = calm.events() - first;
            for (NodeId replica : REPLICAS) {
                for (long event = 0; event <= events; event++) {
                    String when = protocol + ", " + fault.apply(replica) + " after event " + event;
                    tell(simulation, spec, replica, event, fault.apply(replica), when);
                    stories++;
                }
            }
        }
        return stories;
    }

    private void tell(Simulation simulation, WorldSpec spec, NodeId replica, long events, Fault fault, String when) {
        Story story = new Story();
        World world = simulation.begin(spec, 1, WorldObserver.all(new Invariants(), story));
        story.begin(world);
        for (long i = 0; i < events; i++) {
            world.step();
        }
        world.apply(fault);
        world.runTo(world.now().plus(DOWN));
        world.apply(new Fault.Restart(replica));
        assertTrue(world.runUntil(story::isOver, LIMIT), when);
        boolean converged = world.runUntil(() -> isQuiet(world, story), LIMIT);
        assertTrue(converged, () -> when + ": " + Quiescence.judge(world.views()));
        story.check(world, when);
        acknowledged += story.acknowledged.size();
        diskFailures += story.failed.size();
    }

    /** A write that was acknowledged by a replica that is no leader may be on its way for a while. */
    private static boolean isQuiet(World world, Story story) {
        return world.views().size() == REPLICAS.size()
                && Quiescence.judge(world.views()) instanceof Verdict.Holds
                && story.acknowledged.keySet().stream()
                        .allMatch(key -> world.views().values().stream()
                                .allMatch(view -> view.lookup(key).isPresent()));
    }
}
