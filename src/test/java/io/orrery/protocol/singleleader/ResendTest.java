package io.orrery.protocol.singleleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.Selector;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is sent again, how soon, and what is not: counted in messages. A leads. */
class ResendTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");

    private static Simulation simulation;

    private final List<InFlightMessage> sent = new ArrayList<>();

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    private World world(String protocol, long delayMillis) {
        WorldSpec spec = new WorldSpec(
                Protocols.named(protocol),
                List.of(A, B, C),
                ProtocolOptions.usual(List.of(A, B, C))
                        .with(ProtocolOptions.LEADER, A)
                        .with(ProtocolOptions.WRITE_QUORUM, 2),
                new LinkRule(new Delay.Fixed(Duration.ofMillis(delayMillis)), 0, 0, false),
                Delay.NONE,
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT.withTimeout(Duration.ofSeconds(5)));
        World world = simulation.begin(spec, 1, new WorldObserver() {
            @Override
            public void sent(InFlightMessage inFlightMessage) {
                sent.add(inFlightMessage);
            }
        });
        sent.clear();
        return world;
    }

    private static List<Outcome> put(World world, NodeId via, long value) {
        List<Outcome> outcomes = new ArrayList<>();
        Operation operation = new Operation.Write(Key.of("k" + value), Value.of(value));
        world.client("writer " + value).invoke(via, operation, outcomes::add);
        return outcomes;
    }

    private static void pass(World world, long millis) {
        world.runTo(world.now().plusMillis(millis));
    }

    /** Forty writes, one each 100 ms. */
    private static void load(World world, NodeId via) {
        for (int i = 0; i < 40; i++) {
            put(world, via, i);
            pass(world, 100);
        }
    }

    private long count(NodeId from, String kind) {
        return sent.stream()
                .filter(it -> it.from().equals(from) && it.message().kind().equals(kind))
                .count();
    }

    @Test
    void whatWaitsForTheLeaderIsSentAgainAsSoonAsTheLinkHeals() {
        World world = world("primary-sequential", 10);
        world.apply(new Fault.ChangeLinks(Optional.of(B), Optional.of(A), LinkChange.CUT));
        List<Outcome> written = put(world, B, 1);
        pass(world, 3_800);
        assertEquals(List.of(), written);
        world.apply(Fault.Heal.ALL);
        pass(world, 100);
        assertInstanceOf(Outcome.Done.class, written.get(0));
    }

    /** Answers come after 200 ms, sooner than anything is sent again. */
    @Test
    void aForwardedWriteWhoseAnswerIsUnderWayIsNotSentAgain() {
        World world = world("primary-causal", 100);
        load(world, B);
        assertEquals(40, count(B, "forward"));
    }

    @Test
    void aFollowerWhoseAcknowledgementsAreUnderWayIsNotAskedWhatItHas() {
        World world = world("primary-sequential", 100);
        load(world, A);
        assertEquals(0, count(A, "hello"));
    }

    @Test
    void aFollowerAcknowledgesAllThatItCaughtUpOnAtOnce() {
        World world = world("leader-quorum", 10);
        world.apply(new Fault.Crash(C));
        List<List<Outcome>> written = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            written.add(put(world, A, i));
        }
        pass(world, 100);
        sent.clear();
        world.apply(new Fault.Restart(C));
        pass(world, 200);
        assertTrue(written.stream().allMatch(it -> it.get(0) instanceof Outcome.Done));
        assertEquals(1, count(C, "ack"));
    }

    /** Nobody else asks again for it: the follower that forwarded the write is down. */
    @Test
    void aWriteThatWaitedUntilTheLeaderHadRecoveredIsSentAgain() {
        World world = world("primary-sequential", 10);
        put(world, A, 1);
        pass(world, 500);
        world.apply(new Fault.Partition(List.of(Set.of(A, B), Set.of(C))));
        world.apply(new Fault.Wipe(A));
        world.apply(new Fault.Restart(A));
        pass(world, 100);
        put(world, B, 2);
        pass(world, 15);
        world.apply(new Fault.Crash(B));
        world.apply(Fault.Heal.ALL);
        world.apply(new Fault.ChangeLinks(Optional.of(A), Optional.of(C), Selector.kind("update"), LinkChange.CUT));
        sent.clear();
        while (count(A, "update") == 0) {
            pass(world, 1);
        }
        sent.clear();
        pass(world, 3_000);
        assertTrue(
                sent.stream()
                        .anyMatch(it -> it.from().equals(A)
                                && it.to().equals(C)
                                && it.message().kind().equals("hello")),
                sent::toString);
    }
}
