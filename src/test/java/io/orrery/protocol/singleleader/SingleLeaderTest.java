package io.orrery.protocol.singleleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.Selector;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Client;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import io.orrery.testkit.protocol.SteppedReplica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the family promises when messages are lost and replicas crash. A leads; links take 10 ms. */
class SingleLeaderTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    private static final List<NodeId> REPLICAS = List.of(A, B, C);
    private static final Key X = Key.of("x");
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    private static World world(String protocol) {
        LinkRule links = new LinkRule(new Delay.Fixed(Duration.ofMillis(10)), 0, 0, false);
        WorldSpec spec = new WorldSpec(
                Protocols.named(protocol),
                REPLICAS,
                ProtocolOptions.usual(REPLICAS).with(ProtocolOptions.LEADER, A).with(ProtocolOptions.WRITE_QUORUM, 2),
                links,
                Delay.NONE,
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT.withTimeout(DEADLINE));
        return simulation.begin(spec, 1, WorldObserver.NONE);
    }

    private static List<Outcome> ask(World world, String client, NodeId via, Operation operation) {
        return ask(world.client(client), via, operation);
    }

    private static List<Outcome> ask(Client client, NodeId via, Operation operation) {
        List<Outcome> outcomes = new ArrayList<>();
        client.invoke(via, operation, outcomes::add);
        return outcomes;
    }

    private static List<Outcome> put(World world, NodeId via, long value) {
        return ask(world, "writer " + value, via, new Operation.Write(X, Value.of(value)));
    }

    private static Optional<Update> shown(World world, NodeId at) {
        return world.views().get(at).lookup(X).map(Update.class::cast);
    }

    private static void pass(World world, long millis) {
        world.runTo(world.now().plusMillis(millis));
    }

    private static void cut(World world, NodeId from, NodeId to) {
        world.apply(new Fault.ChangeLinks(Optional.of(from), Optional.of(to), LinkChange.CUT));
    }

    private static long counter(List<Outcome> outcomes) {
        return ((Outcome.Done) outcomes.get(0)).version().map(Version::counter).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary-linearizable", "primary-sequential", "primary-causal"})
    void aForwardedWriteThatWasLostIsSentAgainAndOrderedOnce(String protocol) {
        World world = world(protocol);
        cut(world, B, A);
        List<Outcome> written = put(world, B, 1);
        pass(world, 400);
        assertEquals(List.of(), written);
        world.apply(Fault.Heal.ALL);
        pass(world, 4_000);
        assertEquals(1, counter(written));
        assertEquals(2, counter(afterwards(world, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary-linearizable", "primary-sequential", "primary-causal", "primary-eventual"})
    void aForwardedWriteThatComesTwiceIsOrderedOnce(String protocol) {
        World world = world(protocol);
        world.apply(new Fault.ChangeLinks(
                Optional.empty(),
                Optional.empty(),
                new LinkChange(Optional.empty(), Optional.empty(), Optional.of(1.0), Optional.empty())));
        put(world, B, 1);
        pass(world, 1_000);
        assertEquals(1, shown(world, A).orElseThrow().version().counter());
    }

    private static List<Outcome> afterwards(World world, long value) {
        List<Outcome> written = put(world, A, value);
        pass(world, 1_000);
        return written;
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary-linearizable", "primary-sequential", "primary-causal", "primary-eventual"})
    void aLeaderThatCrashesBeforeItAnswersDoesNotOrderTheWriteAgain(String protocol) {
        World world = world(protocol);
        cut(world, A, B);
        List<Outcome> written = put(world, B, 1);
        pass(world, 100);
        world.apply(new Fault.Crash(A));
        world.apply(new Fault.Restart(A));
        world.apply(Fault.Heal.ALL);
        pass(world, 4_000);
        assertInstanceOf(Outcome.Done.class, written.get(0));
        for (NodeId replica : REPLICAS) {
            assertEquals(1, shown(world, replica).orElseThrow().version().counter(), "at " + replica);
        }
        assertEquals(2, counter(afterwards(world, 2)));
    }

    /** The process that has lost its memory fetches the write; the next one has it, and no record of what it was made for. */
    @ParameterizedTest
    @ValueSource(strings = {"primary-linearizable", "primary-sequential"})
    void aForwardThatAnEarlierProcessOrderedIsNotOrderedAgainByALaterOne(String protocol) {
        World world = world(protocol);
        put(world, A, 0);
        pass(world, 100);
        world.apply(new Fault.ChangeLinks(Optional.of(A), Optional.of(B), Selector.kind("ordered"), LinkChange.CUT));
        List<Outcome> written = put(world, B, 1);
        pass(world, 100);
        assertEquals(2, shown(world, A).orElseThrow().version().counter());
        world.apply(new Fault.Wipe(A));
        world.apply(new Fault.Restart(A));
        pass(world, 500);
        world.apply(new Fault.Crash(A));
        world.apply(new Fault.Restart(A));
        world.apply(Fault.Heal.ALL);
        pass(world, DEADLINE.toMillis());
        assertInstanceOf(Outcome.Unknown.class, written.get(0));
        assertEquals(2, shown(world, A).orElseThrow().version().counter(), "it is ordered once");
        assertEquals(3, counter(afterwards(world, 2)));
    }

    @Test
    void aProcessOrdersNothingForACallerThatKnowsAnotherOneInItsPlace() {
        ProtocolType type = Protocols.named("primary-sequential");
        SteppedReplica older = new SteppedReplica(type, "A", "A", "B");
        SteppedReplica follower = new SteppedReplica(type, "B", "A", "B");
        SteppedReplica.greet(older, follower);
        ReplicaSettings settings = new ReplicaSettings(A, List.of(A, B), Tuning.DEFAULT);
        SteppedReplica newer = new SteppedReplica(type, settings, new Start(1, new UUID(1, 1)), older.journal());
        newer.deliver("hello", follower);
        follower.put("", "x", "1");
        follower.deliver("forward", older);
        assertEquals(List.of(), older.applied());
        follower.put("", "x", "2");
        follower.deliver("answer", newer);
        follower.deliver("forward", newer);
        assertEquals(List.of("x = \"2\""), newer.applied());
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary-linearizable", "primary-sequential"})
    void aLeaderThatCrashesConfirmsNoWriteBeforeAllReplicasHaveIt(String protocol) {
        World world = world(protocol);
        world.apply(new Fault.Crash(C));
        List<Outcome> written = put(world, B, 1);
        pass(world, 100);
        world.apply(new Fault.Crash(A));
        world.apply(new Fault.Restart(A));
        pass(world, 2_000);
        assertEquals(Optional.of(Value.of(1)), shown(world, A).orElseThrow().value());
        assertEquals(List.of(), written, "C does not have it");
        world.apply(new Fault.Restart(C));
        world.runUntil(() -> !written.isEmpty(), world.now().plusMillis(2_000));
        assertEquals(1, counter(written));
        assertEquals(Optional.of(Value.of(1)), shown(world, C).orElseThrow().value());
    }

    @Test
    void anAcceptedWriteReachesTheLeaderEvenWhenTheAskedReplicaCrashes() {
        World world = world("primary-eventual");
        cut(world, B, A);
        List<Outcome> written = put(world, B, 1);
        pass(world, 1);
        assertEquals(Outcome.Status.ACCEPTED, ((Outcome.Done) written.get(0)).status());
        world.apply(new Fault.Crash(B));
        world.apply(new Fault.Restart(B));
        world.apply(Fault.Heal.ALL);
        pass(world, 6_000);
        assertEquals(Optional.of(Value.of(1)), shown(world, C).orElseThrow().value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "primary-linearizable",
                "primary-sequential",
                "primary-causal",
                "primary-eventual",
                "leader-quorum"
            })
    void aLeaderThatLostItsMemoryTakesNoWriteBeforeItHasHeardEverybody(String protocol) {
        World world = world(protocol);
        put(world, A, 1);
        pass(world, 1_000);
        world.apply(new Fault.Isolate(C));
        world.apply(new Fault.Wipe(A));
        world.apply(new Fault.Restart(A));
        pass(world, 100);
        List<Outcome> written = put(world, A, 2);
        pass(world, DEADLINE.toMillis());
        assertInstanceOf(Outcome.Unknown.class, written.get(0));

        world.apply(Fault.Heal.ALL);
        pass(world, 10_000);
        assertTrue(counter(afterwards(world, 3)) > 1, "the first write's version is not given out again");
        assertEquals(shown(world, A), shown(world, C));
    }

    /** The numbers of forwarded writes begin again after the memory was lost. */
    @ParameterizedTest
    @ValueSource(strings = {"primary-linearizable", "primary-sequential", "primary-causal", "primary-eventual"})
    void anAnswerToAMemoryThatWasLostConfirmsNoWriteOfALaterOne(String protocol) {
        World world = world(protocol);
        LinkChange slow = new LinkChange(
                Optional.of(new Delay.Fixed(Duration.ofSeconds(2))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        pass(world, 100);
        world.apply(new Fault.ChangeLinks(Optional.of(A), Optional.of(B), slow));
        put(world, B, 1);
        pass(world, 100);
        world.apply(new Fault.Wipe(B));
        world.apply(new Fault.Restart(B));
        pass(world, 1);
        cut(world, B, A);
        List<Outcome> written = put(world, B, 2);
        pass(world, 2_500);
        if (!protocol.equals("primary-eventual")) {
            assertEquals(List.of(), written, "the leader has not heard of it");
        }
        world.apply(Fault.Heal.ALL);
        pass(world, 10_000);
        assertEquals(Optional.of(Value.of(2)), shown(world, A).orElseThrow().value());
    }

    @Test
    void oneReplicaThatIsDownStopsWritesOfTheLevelsThatWaitForAll() {
        World world = world("primary-sequential");
        world.apply(new Fault.Crash(C));
        List<Outcome> written = put(world, B, 1);
        pass(world, DEADLINE.toMillis());
        assertInstanceOf(Outcome.Unknown.class, written.get(0));
        assertEquals(Optional.of(Value.of(1)), shown(world, B).orElseThrow().value(), "unknown is not failed");
    }

    @Test
    void aSlowFollowerHoldsUpNobodyElse() {
        World world = world("leader-quorum");
        cut(world, A, C);
        List<Outcome> needsTwo = put(world, A, 1);
        pass(world, 100);
        assertEquals(List.of(), needsTwo);
        assertEquals(Optional.of(Value.of(1)), shown(world, B).orElseThrow().value());
        put(world, A, 2);
        pass(world, 100);
        assertEquals(Optional.of(Value.of(2)), shown(world, B).orElseThrow().value());
        world.apply(Fault.Heal.ALL);
        pass(world, 1_000);
        assertInstanceOf(Outcome.Done.class, needsTwo.get(0));
    }

    @Test
    void aFollowerOfAWriteQuorumTakesNoWriteAndNamesTheLeader() {
        World world = world("leader-quorum");
        List<Outcome> refused = put(world, B, 1);
        pass(world, 1);
        assertEquals(new Outcome.Refused(Outcome.Reason.NOT_LEADER, "A"), refused.get(0));
    }

    @Test
    void aClientThatChangesReplicasWaitsUntilTheNewOneHasWhatItSaw() {
        World world = world("primary-causal");
        cut(world, A, C);
        Client alice = world.client("alice");
        List<Outcome> written = ask(alice, B, new Operation.Write(X, Value.of(1)));
        pass(world, 100);
        assertInstanceOf(Outcome.Done.class, written.get(0));
        List<Outcome> read = ask(alice, C, new Operation.Read(X));
        List<Outcome> stranger = ask(world, "stranger", C, new Operation.Read(X));
        pass(world, 100);
        assertEquals(Optional.empty(), ((Outcome.Done) stranger.get(0)).value());
        assertEquals(List.of(), read);
        world.apply(Fault.Heal.ALL);
        pass(world, 1_000);
        assertEquals(Optional.of(Value.of(1)), ((Outcome.Done) read.get(0)).value());
    }

    /** The later write may be lost if the leader is replaced. */
    @Test
    void aReadThatWaitedUntilAWriteWasSafeDoesNotShowALaterOneThatIsNot() {
        World world = world("primary-linearizable");
        cut(world, C, A);
        put(world, A, 1);
        pass(world, 100);
        List<Outcome> read = ask(world, "reader", A, new Operation.Read(X));
        pass(world, 100);
        assertEquals(List.of(), read);
        world.apply(new Fault.ChangeLinks(Optional.of(A), Optional.of(C), Selector.kind("update"), LinkChange.CUT));
        put(world, A, 2);
        pass(world, 100);
        world.apply(new Fault.ChangeLinks(
                Optional.of(C),
                Optional.of(A),
                new LinkChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false))));
        pass(world, 1_000);
        assertEquals(Optional.of(Value.of(1)), ((Outcome.Done) read.get(0)).value());
    }

    /** It is lost if another process of the leader takes its place, and nobody may have seen it. */
    @Test
    void aLeaderOfOneOrderShowsNoWriteThatNoFollowerHas() {
        World world = world("primary-sequential");
        world.apply(new Fault.Crash(C));
        put(world, A, 1);
        pass(world, 100);
        List<Outcome> hasIt = ask(world, "first", A, new Operation.Read(X));
        pass(world, 1);
        assertEquals(Optional.of(Value.of(1)), ((Outcome.Done) hasIt.get(0)).value(), "B has it");
        cut(world, A, B);
        put(world, A, 2);
        pass(world, 100);
        List<Outcome> waits = ask(world, "second", A, new Operation.Read(X));
        List<Outcome> other = ask(world, "third", A, new Operation.Read(Key.of("y")));
        pass(world, 100);
        assertEquals(List.of(), waits);
        assertInstanceOf(Outcome.Done.class, other.get(0));
        world.apply(Fault.Heal.ALL);
        pass(world, 1_000);
        assertEquals(Optional.of(Value.of(2)), ((Outcome.Done) waits.get(0)).value());
    }

    @Test
    void aLinearizableReadWaitsForTheLeaderAndALocalOneDoesNot() {
        World linearizable = world("primary-linearizable");
        cut(linearizable, B, A);
        List<Outcome> blocked = ask(linearizable, "reader", B, new Operation.Read(X));
        pass(linearizable, 100);
        assertEquals(List.of(), blocked);
        linearizable.apply(Fault.Heal.ALL);
        pass(linearizable, 2_000);
        assertInstanceOf(Outcome.Done.class, blocked.get(0));

        World sequential = world("primary-sequential");
        cut(sequential, B, A);
        List<Outcome> local = ask(sequential, "reader", B, new Operation.Read(X));
        pass(sequential, 1);
        assertTrue(local.get(0) instanceof Outcome.Done);
    }
}
