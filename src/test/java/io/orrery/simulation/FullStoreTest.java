package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.replica.ReplicaLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store does that has no room: it refuses what would make it larger, and all else goes on. A leads. */
class FullStoreTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    private static final List<NodeId> REPLICAS = List.of(A, B, C);
    private static final long LIMIT = 100_000;
    private static final Value KILOBYTE = Value.of("v".repeat(1_000));

    private static Simulation simulation;
    /** What replicas have said of a lack of room. */
    private final List<NodeId> lacking = new ArrayList<>();

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    private World world(ProtocolType protocol) {
        WorldSpec spec = new WorldSpec(
                protocol,
                REPLICAS,
                ProtocolOptions.usual(REPLICAS).with(ProtocolOptions.LEADER, A).with(ProtocolOptions.WRITE_QUORUM, 2),
                new LinkRule(new Delay.Fixed(Duration.ofMillis(1)), 0, 0, false),
                Delay.NONE,
                Tuning.DEFAULT.withStoreBytes(LIMIT),
                ReplicaLimits.DEFAULT);
        return simulation.begin(spec, 1, new WorldObserver() {
            @Override
            public void lacksRoom(NodeId at, Update update) {
                lacking.add(at);
            }
        });
    }

    private static Outcome ask(World world, NodeId via, Operation operation) {
        List<Outcome> outcome = new ArrayList<>();
        world.client("of " + via).invoke(via, operation, outcome::add);
        assertTrue(world.runUntil(() -> !outcome.isEmpty(), world.now().plusSeconds(10)));
        return outcome.get(0);
    }

    private static Outcome put(World world, NodeId via, String key) {
        return ask(world, via, new Operation.Write(Key.of(key), KILOBYTE));
    }

    /** Returns how many writes were taken. */
    private static int fill(World world, NodeId via, String prefix) {
        for (int i = 0; ; i++) {
            Outcome outcome = put(world, via, prefix + i);
            if (!(outcome instanceof Outcome.Done)) {
                Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome);
                assertEquals(Outcome.Reason.FULL, refused.reason(), refused.detail());
                assertTrue(refused.detail().contains("of 100000 bytes of memory"), refused.detail());
                return i;
            }
        }
    }

    private static ReplicaStatus.Memory memory(World world, NodeId at) {
        return world.views().get(at).status().memory();
    }

    private static Map<Key, Object> shown(World world, NodeId at) {
        Map<Key, Object> shown = new TreeMap<>();
        world.views().get(at).forEach(update -> shown.put(update.key(), update.version()));
        return shown;
    }

    private static void assertAllAreEqual(World world) {
        world.runTo(world.now().plusSeconds(60));
        if (world.spec().protocol().converges()) {
            REPLICAS.forEach(id -> assertEquals(shown(world, A), shown(world, id), "at " + id));
        }
        REPLICAS.forEach(id -> assertFalse(memory(world, id).lacksRoom(), "at " + id));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aFullStoreRefusesWritesAndGoesOnWithReadsAndDeletes(ProtocolType protocol) {
        try (World world = world(protocol)) {
            int taken = fill(world, A, "k");
            assertTrue(taken > 50 && taken < 100, taken + " values of 1 kB in 100 kB");
            assertTrue(memory(world, A).bytes() <= LIMIT);
            world.runTo(world.now().plusSeconds(1)); // Eventually the followers have them too.
            // Any replica says so, where it takes writes.
            if (!protocol.name().equals("leader-quorum")) {
                assertInstanceOf(Outcome.Refused.class, put(world, B, "one more"));
            }
            // Deletes of what is not there are remembered, which takes room too.
            int remembered = 0;
            while (ask(world, A, new Operation.Delete(Key.of("not there " + remembered))) instanceof Outcome.Done) {
                remembered++;
            }
            assertTrue(remembered < 4, remembered + " deletes of nothing in the room for less than one write");
            Outcome.Done read = assertInstanceOf(Outcome.Done.class, ask(world, A, new Operation.Read(Key.of("k7"))));
            assertEquals(KILOBYTE, read.value().orElseThrow());
            // In the place of what is there as much may be put again.
            assertInstanceOf(Outcome.Done.class, put(world, A, "k7"));
            for (int i = 0; i < 10; i++) {
                assertInstanceOf(Outcome.Done.class, ask(world, A, new Operation.Delete(Key.of("k" + i))));
            }
            assertInstanceOf(Outcome.Done.class, put(world, A, "there is room"));
            assertAllAreEqual(world);
            assertEquals(List.of(), lacking);
        }
    }

    /** Each half has taken what its clients gave it; together it is more than either has room for. */
    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "vector-causal", "cops"})
    void whatPeersHaveIsTakenInWhenThereIsRoom(String protocol) {
        try (World world = world(Protocols.named(protocol))) {
            world.apply(new Fault.Partition(List.of(Set.of(A), Set.of(B, C))));
            int atA = fill(world, A, "a");
            int atB = fill(world, B, "b");
            world.apply(new Fault.Heal(Optional.empty(), Optional.empty()));
            world.runTo(world.now().plusSeconds(60));
            for (NodeId id : REPLICAS) {
                assertTrue(memory(world, id).lacksRoom(), "at " + id);
                assertTrue(memory(world, id).bytes() <= LIMIT + LIMIT / 8, "at " + id);
            }
            assertEquals(List.of(A, B, C), lacking.stream().sorted().toList(), "each says so once");
            for (int i = 0; i < atA; i++) {
                assertInstanceOf(Outcome.Done.class, ask(world, A, new Operation.Read(Key.of("a" + i))));
            }
            // The other half need not have what is deleted, to hear of it.
            for (int i = 10; i < atA; i++) {
                assertInstanceOf(Outcome.Done.class, ask(world, A, new Operation.Delete(Key.of("a" + i))));
            }
            for (int i = 10; i < atB; i++) {
                assertInstanceOf(Outcome.Done.class, ask(world, B, new Operation.Delete(Key.of("b" + i))));
            }
            assertAllAreEqual(world);
        }
    }

    /** The follower has less room than its leader, as it holds what the leader has not. */
    @Test
    void aLeaderAcknowledgesNothingThatItsQuorumHadNoRoomFor() {
        try (World world = world(Protocols.named("leader-quorum"))) {
            world.apply(new Fault.Isolate(B));
            Outcome outcome;
            int byHand = 0;
            do {
                outcome = ask(world, B, new Operation.HandMadeWrite(Key.of("b" + byHand++), KILOBYTE, A, Map.of()));
            } while (outcome instanceof Outcome.Done);
            assertEquals(Outcome.Reason.FULL, ((Outcome.Refused) outcome).reason());
            for (int i = 0; i < 20; i++) {
                assertInstanceOf(Outcome.Unknown.class, put(world, A, "a" + i));
            }
            world.apply(new Fault.Heal(Optional.empty(), Optional.empty()));
            world.runTo(world.now().plusSeconds(60));
            assertTrue(memory(world, B).lacksRoom());
            int acknowledged = 0;
            for (int i = 20; i < 40; i++) {
                if (put(world, A, "a" + i) instanceof Outcome.Done) {
                    acknowledged++;
                    assertTrue(shown(world, B).containsKey(Key.of("a" + i)));
                }
            }
            assertTrue(acknowledged < 20, "B has no room for 20 more");
            assertTrue(memory(world, B).bytes() <= LIMIT + LIMIT / 8);
        }
    }
}
