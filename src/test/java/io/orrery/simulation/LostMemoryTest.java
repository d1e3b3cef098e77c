package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A leader that lost its memory takes no write before it has heard everyone, once: it could give out numbers again. When
 * it has, it remembers that, and a later life of it needs nobody.
 */
class LostMemoryTest {
    private static final NodeId LEADER = NodeId.of("A");
    private static final NodeId FOLLOWER = NodeId.of("B");
    private static final NodeId OTHER = NodeId.of("C");
    private static final List<NodeId> ALL = List.of(LEADER, FOLLOWER, OTHER);

    private final List<Outcome> outcomes = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"0ms", "5ms"})
    void aLeaderThatFoundItsMemoryAgainNeedsNotAskAgainInALaterLife(String diskSync) {
        WorldSpec spec = new WorldSpec(
                Protocols.named("leader-quorum"),
                ALL,
                ProtocolOptions.usual(ALL).with(ProtocolOptions.LEADER, LEADER).with(ProtocolOptions.WRITE_QUORUM, 1),
                LinkRule.PERFECT,
                Delay.parse(diskSync),
                new Tuning(Duration.ofMillis(100), Duration.ofMillis(10), 10, 100),
                ReplicaLimits.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        try (Simulation simulation = Simulation.start()) {
            World world = simulation.begin(spec, 1, WorldObserver.NONE);
            assertInstanceOf(Outcome.Done.class, put(world, 0), "a new store has lost nothing");
            world.apply(new Fault.Crash(OTHER));
            world.apply(new Fault.Wipe(LEADER));
            world.apply(new Fault.Restart(LEADER));
            assertInstanceOf(Outcome.Unknown.class, put(world, 1), "C may have what the others have not");

            world.apply(new Fault.Restart(OTHER));
            assertInstanceOf(Outcome.Done.class, put(world, 2));

            world.apply(new Fault.Crash(OTHER));
            world.apply(new Fault.Restart(LEADER));
            assertInstanceOf(Outcome.Done.class, put(world, 3));

            world.apply(new Fault.Wipe(LEADER));
            world.apply(new Fault.Restart(LEADER));
            assertInstanceOf(Outcome.Unknown.class, put(world, 4), "that was another memory");
        }
    }

    /** A deployment of one has nobody to ask. */
    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "primary-linearizable", "leader-quorum"})
    void aReplicaAloneGoesOnAtOnce(String protocol) {
        List<NodeId> alone = List.of(LEADER);
        WorldSpec spec = new WorldSpec(
                Protocols.named(protocol),
                alone,
                ProtocolOptions.usual(alone),
                LinkRule.PERFECT,
                Delay.NONE,
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT);
        try (Simulation simulation = Simulation.start()) {
            World world = simulation.begin(spec, 1, WorldObserver.NONE);
            world.apply(new Fault.Wipe(LEADER));
            world.apply(new Fault.Restart(LEADER));
            assertInstanceOf(Outcome.Done.class, put(world, 1));
        }
    }

    private Outcome put(World world, long value) {
        world.runTo(world.now().plusMillis(500));
        int before = outcomes.size();
        world.client("client " + value)
                .invoke(LEADER, new Operation.Write(Key.of("x"), Value.of(value)), outcomes::add);
        world.runUntil(() -> outcomes.size() > before, world.now().plusSeconds(20));
        assertEquals(before + 1, outcomes.size());
        return outcomes.get(before);
    }
}
