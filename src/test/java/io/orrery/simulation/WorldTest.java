package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final Key X = Key.of("x");
    private static final Duration LINK = Duration.ofMillis(10);
    /** So rare that the tests below see what pushes alone do. */
    private static final Tuning NO_ANTI_ENTROPY = new Tuning(Duration.ofHours(1), Duration.ofMillis(50), 1_000, 1_000);

    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    private static WorldSpec spec(Delay diskSync) {
        LinkRule links = new LinkRule(new Delay.Fixed(LINK), 0, 0, false);
        return new WorldSpec(
                Protocols.named("lamport-lww"),
                List.of(A, B),
                ProtocolOptions.usual(List.of(A, B)),
                links,
                diskSync,
                NO_ANTI_ENTROPY,
                ReplicaLimits.DEFAULT);
    }

    private static World world() {
        return simulation.begin(spec(Delay.NONE), 1, WorldObserver.NONE);
    }

    private static List<Outcome> put(World world, NodeId via, long value) {
        List<Outcome> outcomes = new ArrayList<>();
        world.client("writer " + value).invoke(via, new Operation.Write(X, Value.of(value)), outcomes::add);
        return outcomes;
    }

    private static Optional<String> shown(World world, NodeId at) {
        return Optional.ofNullable(world.views().get(at))
                .flatMap(view -> view.lookup(X))
                .flatMap(Update::value)
                .map(Value::json);
    }

    /** Clients write and write again while a sync is under way for a minute. */
    @Test
    void aSlowDiskLeavesItsReplicaWithNoMoreThanFits() {
        WorldSpec slow = spec(Delay.parse("1m"));
        WorldSpec spec = new WorldSpec(
                slow.protocol(),
                slow.replicas(),
                slow.options(),
                slow.links(),
                slow.disk(),
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT.withTimeout(Duration.ofMillis(500)),
                slow.pace(),
                slow.conditions());
        World world = simulation.begin(spec, 1, WorldObserver.NONE);
        Operation write = new Operation.Write(X, Value.of("v".repeat(1 << 20)));
        List<Outcome> outcomes = new ArrayList<>();
        for (int second = 0; second < 59; second++) {
            for (int i = 0; i < 20; i++) {
                world.client("client " + i).invoke(A, write, outcomes::add);
            }
            runTo(world, (second + 1) * 1_000);
        }
        assertEquals(59 * 20, outcomes.size());
        long taken = outcomes.stream()
                .filter(it -> !(it instanceof Outcome.Refused refused) || refused.reason() != Outcome.Reason.OVERLOADED)
                .count();
        assertTrue(taken >= 30 && taken <= 33, "writes that wait for the disk: " + taken);

        runTo(world, 600_000);
        List<Outcome> last = put(world, A, 7);
        runTo(world, 601_000);
        assertInstanceOf(Outcome.Unknown.class, last.get(0), "taken, and not on disk yet");
        runTo(world, 800_000);
        assertEquals(Optional.of("7"), shown(world, B));
    }

    private static void runTo(World world, long millis) {
        world.runTo(Duration.ofMillis(millis));
    }

    @Test
    void everyWorldBeginsAtTimeZeroWithEmptyReplicas() {
        World first = world();
        put(first, A, 1);
        runTo(first, 100);
        assertEquals(Optional.of("1"), shown(first, B));

        World second = world();

        assertEquals(Duration.ZERO, second.now());
        runTo(second, 100);
        assertEquals(Optional.empty(), shown(second, A));
        assertEquals(Duration.ofMillis(100), second.now());
    }

    @Test
    void anUpdateArrivesWhenItsLinkSaysAndNotBefore() {
        World world = world();
        put(world, A, 1);
        world.runTo(LINK.minusNanos(1));
        assertEquals(Optional.empty(), shown(world, B));
        world.runTo(LINK);
        assertEquals(Optional.of("1"), shown(world, B));
    }

    @Test
    void aMessageOnItsWayToACrashedReplicaIsLost() {
        List<String> losses = new ArrayList<>();
        World world = simulation.begin(spec(Delay.NONE), 1, new WorldObserver() {
            @Override
            public void lost(InFlightMessage inFlightMessage, Loss why) {
                losses.add(inFlightMessage.message().kind() + ": " + why);
            }
        });
        put(world, A, 1);
        runTo(world, 5);
        world.apply(new Fault.Crash(B));
        runTo(world, 20);
        assertEquals(List.of("update: the receiver is down"), losses);
        assertTrue(world.views().containsKey(A));
        assertEquals(Set.of(A), world.views().keySet());
    }

    @Test
    void aMessageThatArrivesAfterTheRestartIsDeliveredToTheNewIncarnation() {
        World world = world();
        put(world, A, 1);
        runTo(world, 2);
        world.apply(new Fault.Crash(B));
        runTo(world, 4);
        world.apply(new Fault.Restart(B));
        world.runTo(LINK);
        assertEquals(Optional.of("1"), shown(world, B));
    }

    @Test
    void aCrashLosesWhatWasNotSyncedAndNothingElse() {
        World world = simulation.begin(spec(new Delay.Fixed(Duration.ofMillis(3))), 1, WorldObserver.NONE);
        world.apply(new Fault.Isolate(A));
        runTo(world, 10);
        List<Outcome> synced = put(world, A, 1);
        runTo(world, 14);
        List<Outcome> unsynced = put(world, A, 2);
        runTo(world, 15);
        world.apply(new Fault.Crash(A));
        world.apply(new Fault.Restart(A));
        runTo(world, 50);
        assertInstanceOf(Outcome.Done.class, synced.get(0));
        assertEquals(List.of(), unsynced, "it was not acknowledged, as it was not safe");
        assertEquals(Optional.of("1"), shown(world, A));
    }

    @Test
    void aReadDoesNotShowWhatACrashCouldStillTakeBack() {
        World world = simulation.begin(spec(new Delay.Fixed(Duration.ofMillis(3))), 1, WorldObserver.NONE);
        runTo(world, 10);
        put(world, A, 1);
        List<Outcome> read = new ArrayList<>();
        world.client("reader").invoke(A, new Operation.Read(X), read::add);
        runTo(world, 12);
        assertEquals(List.of(), read);
        runTo(world, 13);
        assertEquals(Optional.of(Value.of(1)), ((Outcome.Done) read.get(0)).value());
    }

    @Test
    void aWipedReplicaComesBackEmptyAndRecoversFromItsPeers() {
        World world = world();
        put(world, A, 1);
        runTo(world, 100);
        world.apply(new Fault.Wipe(A));
        world.apply(new Fault.Restart(A));
        runTo(world, 105);
        assertEquals(Optional.empty(), shown(world, A));
        runTo(world, 200);
        assertEquals(Optional.of("1"), shown(world, A));
        put(world, A, 2);
        runTo(world, 300);
        assertEquals(Optional.of("2"), shown(world, B), "its new writes are not taken for its old ones");
    }

    /** Whoever compares replicas wants to know when: at their start, and each time that they have been apart. */
    @Test
    void replicasSayWhenTheyHaveCaughtUpWithAPeerThatTheyReachedAgain() {
        List<String> said = new ArrayList<>();
        World world = simulation.begin(spec(Delay.NONE), 1, new WorldObserver() {
            @Override
            public void caughtUp(NodeId at, NodeId peer) {
                said.add(at + " with " + peer);
            }
        });
        runTo(world, 100);
        assertEquals(List.of("A with B", "B with A"), said.stream().sorted().toList(), "at their start");
        said.clear();
        world.apply(new Fault.Isolate(A));
        put(world, A, 1);
        runTo(world, 10_000);
        assertEquals(List.of(), said);
        world.apply(new Fault.Heal(Optional.empty(), Optional.empty()));
        runTo(world, 10_015);
        assertEquals(List.of("A with B"), said, "B knows now that A has more");
        assertEquals(Optional.empty(), shown(world, B));
        runTo(world, 10_200);
        assertEquals(List.of("A with B", "B with A"), said);
        assertEquals(Optional.of("1"), shown(world, B));
        put(world, A, 2);
        runTo(world, 20_000);
        assertEquals(2, said.size(), "a write that comes by itself is nothing to catch up with");
    }

    @Test
    void aPausedReplicaDoesNothingAndThenEverything() {
        World world = world();
        world.apply(new Fault.Pause(B));
        put(world, A, 1);
        List<Outcome> waiting = put(world, B, 2);
        runTo(world, 1_000);
        assertEquals(List.of(), waiting);
        assertEquals(Optional.empty(), shown(world, B));
        world.apply(new Fault.Resume(B));
        runTo(world, 1_100);
        assertInstanceOf(Outcome.Done.class, waiting.get(0));
        assertEquals(shown(world, A), shown(world, B));
    }

    @Test
    void aClientOfACrashedReplicaIsRefusedAndOneThatWaitsLearnsNothing() {
        World world = world();
        world.apply(new Fault.Pause(A));
        List<Outcome> waiting = put(world, A, 1);
        runTo(world, 10);
        world.apply(new Fault.Crash(A));
        List<Outcome> refused = put(world, A, 2);
        assertInstanceOf(Outcome.Refused.class, refused.get(0));
        runTo(world, 9_999);
        assertEquals(List.of(), waiting);
        runTo(world, 10_000);
        assertInstanceOf(Outcome.Unknown.class, waiting.get(0));
    }

    @Test
    void aClientDoesOneThingAtATime() {
        World world = world();
        world.apply(new Fault.Pause(A));
        Client client = world.client("hasty");
        client.invoke(A, new Operation.Read(X), outcome -> {});
        assertThrows(IllegalStateException.class, () -> client.invoke(A, new Operation.Read(X), outcome -> {}));
    }

    @Test
    void theSeedPicksAmongEventsOfTheSameInstant() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            List<String> order = new ArrayList<>();
            World world = simulation.begin(spec(Delay.NONE), seed, new WorldObserver() {
                @Override
                public void delivered(InFlightMessage inFlightMessage) {
                    order.add(inFlightMessage.from() + " to " + inFlightMessage.to());
                }
            });
            put(world, A, 1);
            put(world, B, 2);
            runTo(world, 20);
            orders.add(order.subList(order.size() - 2, order.size()));
        }
        assertEquals(Set.of(List.of("A to B", "B to A"), List.of("B to A", "A to B")), orders);
    }

    @Test
    void stepsOfOneInstantHappenInTheirOrderAndAheadOfAllElse() {
        for (long seed = 0; seed < 20; seed++) {
            List<String> order = new ArrayList<>();
            World world = simulation.begin(spec(Delay.NONE), seed, WorldObserver.NONE);
            Duration at = Duration.ofMillis(1);
            world.after(new Delay.Fixed(at), new io.orrery.network.SeededRandom(seed), () -> order.add("event"));
            world.plan(at, () -> order.add("first"));
            world.plan(at, () -> order.add("second"));
            runTo(world, 2);
            assertEquals(List.of("first", "second", "event"), order);
        }
    }

    @Test
    void aFaultThatNamesNobodyChangesNothing() {
        World world = world();
        assertThrows(IllegalArgumentException.class, () -> world.apply(new Fault.Crash(NodeId.of("Z"))));
        Fault.ChangeLinks unknown =
                new Fault.ChangeLinks(Optional.of(NodeId.of("Z")), Optional.empty(), LinkChange.CUT);
        assertThrows(IllegalArgumentException.class, () -> world.apply(unknown));
        put(world, A, 1);
        runTo(world, 20);
        assertEquals(Optional.of("1"), shown(world, B));
    }

    /** Its stop waits until it has done what it is busy with. */
    @Test
    void aReplicaThatIsBusyWhenItsWorldEndsHasStoppedBeforeTheNextBegins() {
        WorldSpec spec = spec(Delay.NONE);
        PaceModel slow = new PaceModel(Map.of(A, new Delay.Fixed(Duration.ofSeconds(1))), Delay.NONE, Map.of());
        World world = simulation.begin(
                new WorldSpec(
                        spec.protocol(),
                        spec.replicas(),
                        spec.options(),
                        spec.links(),
                        spec.disk(),
                        spec.tuning(),
                        spec.limits(),
                        slow,
                        spec.conditions()),
                1,
                WorldObserver.NONE);
        put(world, A, 1);
        world.runTo(Duration.ofMillis(10));
        assertEquals(Set.of(A, B), world().views().keySet());
    }
}
