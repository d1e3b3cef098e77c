package io.orrery.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.Journal;
import io.orrery.journal.MemoryJournal;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.kit.BrokenInvariant;
import io.orrery.replica.FaultInjector;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaDirectory;
import io.orrery.replica.ReplicaHost;
import io.orrery.replica.ReplicaLimits;
import io.orrery.replica.ReplicaObserver;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** A protocol breaks on purpose what its family relies on: its replica stops with one line, in either runtime. */
class BrokenInvariantTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final List<NodeId> ALL = List.of(A, B);
    private static final Operation FINE = new Operation.Write(Key.of("fine"), Value.of(1));
    private static final Operation WRONG = new Operation.Write(Key.of("wrong"), Value.of(2));

    /** Its second version is of another replica. */
    private static final class Impostor extends OutsideClock {
        static final ProtocolType TYPE =
                OutsideClock.TYPE.variant("impostor", "its second version is not its own", Impostor::new);

        private int given;

        Impostor(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected Version nextVersion() {
            Version right = super.nextVersion();
            return ++given == 2 ? new Version(right.counter(), Origin.of("X")) : right;
        }
    }

    private static void isOneClearLine(String message) {
        assertTrue(message.contains("broken invariant: a version is of the start that makes it (20@X, A)"), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void inTheSimulationTheWorldEndsAndSaysWhy() {
        WorldSpec spec = new WorldSpec(
                Impostor.TYPE,
                ALL,
                ProtocolOptions.usual(ALL),
                new LinkRule(Delay.parse("1ms"), 0, 0, false),
                Delay.NONE,
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT);
        List<Outcome> outcomes = new ArrayList<>();
        try (Simulation simulation = Simulation.start()) {
            World world = simulation.begin(spec, 1, WorldObserver.NONE);
            world.client("alice").invoke(A, FINE, outcomes::add);
            world.runTo(world.now().plusSeconds(1));
            assertInstanceOf(Outcome.Done.class, outcomes.get(0));
            world.client("bob").invoke(A, WRONG, outcomes::add);
            IllegalStateException end = assertThrows(
                    IllegalStateException.class, () -> world.runTo(world.now().plusSeconds(1)));
            assertInstanceOf(BrokenInvariant.class, end.getCause());
            isOneClearLine(end.getMessage());
        }
        assertEquals(1, outcomes.size(), "what was wrong is not answered");
    }

    @Test
    void aLiveReplicaStopsSaysWhyAndARestartBringsItBackWithoutWhatWasWrong() {
        ActorTestKit kit = ActorTestKit.create();
        try {
            TestProbe<Throwable> failures = kit.createTestProbe();
            TestProbe<String> stops = kit.createTestProbe();
            TestProbe<ReplicaActor.Reply> replies = kit.createTestProbe();
            ReplicaDirectory replicaDirectory = new ReplicaDirectory();
            Links links = new Links(ALL, LinkRule.PERFECT, 1, (nanos, task) -> {}, replicaDirectory, LinkObserver.NONE);
            Journal journal = new MemoryJournal();
            ActorRef<ReplicaHost.Command> host = kit.spawn(ReplicaHost.create(
                    new ReplicaHost.Blueprint(
                            Impostor.TYPE,
                            ALL,
                            List.of(A),
                            ProtocolOptions.usual(ALL),
                            Tuning.DEFAULT,
                            id -> journal,
                            UnaryOperator.identity(),
                            UUID::randomUUID,
                            ReplicaLimits.DEFAULT,
                            Optional.empty(),
                            System::nanoTime),
                    links,
                    replicaDirectory,
                    new ReplicaObserver() {
                        @Override
                        public void failed(NodeId at, Throwable cause) {
                            failures.ref().tell(cause);
                        }

                        @Override
                        public void stopped(NodeId at) {
                            stops.ref().tell("stopped");
                        }
                    }));
            ask(replicaDirectory, failures, replies, FINE);
            assertInstanceOf(Outcome.Done.class, replies.receiveMessage().outcome());
            ask(replicaDirectory, failures, replies, WRONG);
            Throwable broken = failures.receiveMessage();
            assertInstanceOf(BrokenInvariant.class, broken);
            isOneClearLine(broken.getMessage());
            stops.expectMessage("stopped");
            assertEquals(Optional.of(broken.getMessage()), replicaDirectory.failure(A));
            assertEquals(Optional.empty(), replicaDirectory.find(A));
            replies.expectNoMessage(Duration.ZERO);

            TestProbe<String> done = kit.createTestProbe();
            new FaultInjector(List.of(A), links, replicaDirectory, host)
                    .apply(new Fault.Restart(A), () -> done.ref().tell("done"));
            done.expectMessage("done");
            for (String key : List.of("fine", "wrong")) {
                ask(replicaDirectory, failures, replies, new Operation.Read(Key.of(key)));
                Outcome.Done read = (Outcome.Done) replies.receiveMessage().outcome();
                assertEquals(key.equals("fine"), read.value().isPresent(), key);
            }
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static void ask(
            ReplicaDirectory replicaDirectory,
            TestProbe<?> probe,
            TestProbe<ReplicaActor.Reply> replies,
            Operation operation) {
        ActorRef<ReplicaActor.Command> replica =
                probe.awaitAssert(() -> replicaDirectory.find(A).orElseThrow(() -> new AssertionError("A is not up")));
        replica.tell(new ReplicaActor.ClientRequest(1, "client", operation, "", replies.ref()));
    }
}
