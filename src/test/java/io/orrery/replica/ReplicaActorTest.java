package io.orrery.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.LinkObserver;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.protocol.ConfigurationChange;
import io.orrery.protocol.ReplicaSettings;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One replica by itself, with a protocol that says what reaches it. */
class ReplicaActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final int CAPACITY = 3;
    private static final int REQUESTS = 10;

    /** What leaves the replica: messages on its links, and updates that it shows. */
    private final TestProbe<String> seen = KIT.createTestProbe();

    private final TestProbe<ReplicaActor.Reply> client = KIT.createTestProbe();
    private final TestProbe<ReplicaActor.Status> asker = KIT.createTestProbe();
    private final ReplicaLifecycle replicaLifecycle = new ReplicaLifecycle();
    private long lastRequest;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void nothingIsSentShownOrAnsweredBeforeItIsDurable() {
        HeldJournal journal = new HeldJournal();
        ActorRef<ReplicaActor.Command> replica = start(journal);
        write(replica, 1);
        settle(replica);
        assertTrue(journal.isSyncing());
        seen.expectNoMessage(Duration.ZERO);
        client.expectNoMessage(Duration.ZERO);

        journal.finishSync();
        seen.expectMessage("to B: write 1");
        seen.expectMessage("applied 1");
        assertEquals(1, client.receiveMessage().id());
        seen.expectNoMessage(Duration.ZERO);
    }

    @Test
    void effectsKeepTheirOrderAcrossGroupCommits() {
        HeldJournal journal = new HeldJournal();
        ActorRef<ReplicaActor.Command> replica = start(journal);
        write(replica, 1);
        settle(replica);
        // These come while the first sync is under way: they are made durable together, by the next one.
        write(replica, 2);
        write(replica, 3);
        read(replica);
        settle(replica);
        assertEquals(3, journal.appended());

        journal.finishSync();
        seen.expectMessage("to B: write 1");
        seen.expectMessage("applied 1");
        assertEquals(1, client.receiveMessage().id());
        settle(replica);
        seen.expectNoMessage(Duration.ZERO);
        client.expectNoMessage(Duration.ZERO);

        journal.finishSync();
        seen.expectMessage("to B: write 2");
        seen.expectMessage("applied 2");
        seen.expectMessage("to B: write 3");
        seen.expectMessage("applied 3");
        assertEquals(List.of(2L, 3L, 4L), List.of(reply(), reply(), reply()));
        settle(replica);
        assertFalse(journal.isSyncing());
    }

    @Test
    void dataIsShownWhenAllOfItIsDurableAndAsItWasWhenAskedFor() {
        HeldJournal journal = new HeldJournal();
        ActorRef<ReplicaActor.Command> replica = start(journal);
        TestProbe<ReplicaActor.Data> reader = KIT.createTestProbe();
        write(replica, 1);
        replica.tell(new ReplicaActor.GetData(reader.ref()));
        write(replica, 2);
        settle(replica);
        reader.expectNoMessage(Duration.ZERO);

        journal.finishSync();
        assertEquals(List.of("1"), shown(reader.receiveMessage()));
        settle(replica);
        journal.finishSync();
        settle(replica);
        replica.tell(new ReplicaActor.GetData(reader.ref()));
        assertEquals(List.of("2"), shown(reader.receiveMessage()), "at once, as nothing waits for the disk");
    }

    private static List<String> shown(ReplicaActor.Data data) {
        return data.updates().stream()
                .map(update -> update.value().orElseThrow().toString())
                .toList();
    }

    /** Clients and peers may be much faster than the disk. */
    @Test
    void aReplicaWithTooMuchWaitingForItsDiskTakesNothingMore() {
        HeldJournal journal = new HeldJournal();
        ActorRef<ReplicaActor.Command> replica = start(journal);
        int most = 8;
        Value large = new Value("1".repeat((int) (ReplicaLimits.BYTES / most)));
        for (int i = 0; i < most; i++) {
            request(replica, new Operation.Write(Key.of("x"), large));
        }
        client.expectNoMessage(Duration.ZERO);
        write(replica, 99);
        assertRefusedAsOverloaded(most + 1, "disk");
        replica.tell(new ReplicaActor.PeerMessage(B, new EchoProtocol.Said("hello")));
        seen.expectMessage("dropped Said[what=hello]");
        assertEquals(most, journal.appended());

        settle(replica);
        journal.finishSync();
        settle(replica);
        journal.finishSync();
        for (int i = 1; i <= most; i++) {
            assertEquals(i, reply());
        }
        drain();
        replica.tell(new ReplicaActor.PeerMessage(B, new EchoProtocol.Said("hello")));
        seen.expectMessage("to B: message from B");
    }

    private void assertRefusedAsOverloaded(long id, String why) {
        ReplicaActor.Reply reply = client.receiveMessage();
        assertEquals(id, reply.id());
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, reply.outcome());
        assertEquals(Outcome.Reason.OVERLOADED, refused.reason());
        assertTrue(refused.detail().contains(why), refused.detail());
    }

    @Test
    void aFailedSyncStopsTheReplicaAndNothingAfterItIsSentOrAnswered() {
        for (boolean paused : new boolean[] {false, true}) {
            HeldJournal journal = new HeldJournal();
            ActorRef<ReplicaActor.Command> replica = start(journal);
            write(replica, 1);
            read(replica);
            settle(replica);
            if (paused) {
                replica.tell(new ReplicaActor.Pause());
            }
            journal.failSync();
            seen.expectMessage("A: the disk is on fire");
            seen.expectTerminated(replica);
            seen.expectNoMessage(Duration.ZERO);
            client.expectNoMessage(Duration.ZERO);
        }
    }

    /** A journal in memory, one method of which does something else. */
    private static Journal journal(String changed, Supplier<Object> instead) {
        MemoryJournal memory = new MemoryJournal();
        return (Journal) Proxy.newProxyInstance(
                ReplicaActorTest.class.getClassLoader(),
                new Class<?>[] {Journal.class},
                (proxy, method, arguments) ->
                        method.getName().equals(changed) ? instead.get() : method.invoke(memory, arguments));
    }

    /** Inputs wait in their order, and no more than fit. */
    @Test
    void whatComesBeforeTheJournalIsReadableWaits() {
        CompletableFuture<Void> readable = new CompletableFuture<>();
        ActorRef<ReplicaActor.Command> replica =
                KIT.spawn(ReplicaActor.create(parts(journal("whenReadable", () -> readable))));
        for (int i = 0; i < CAPACITY; i++) {
            write(replica, i);
        }
        write(replica, 99);
        assertRefusedAsOverloaded(CAPACITY + 1, "waiting");
        replica.tell(new ReplicaActor.PeerMessage(B, new EchoProtocol.Said("hello")));
        seen.expectMessage("dropped Said[what=hello]");
        assertFalse(replicaLifecycle.isRecovered());

        readable.complete(null);
        assertEquals(List.of(1L, 2L, 3L), List.of(reply(), reply(), reply()));
        assertTrue(replicaLifecycle.isRecovered());
        settle(replica);
        assertFalse(drain().contains("to B: message from B"));
    }

    @Test
    void aReplicaThatCrashesBeforeItsJournalIsReadableStops() {
        CompletableFuture<Void> readable = new CompletableFuture<>();
        ActorRef<ReplicaActor.Command> replica =
                KIT.spawn(ReplicaActor.create(parts(journal("whenReadable", () -> readable))));
        replicaLifecycle.cut();
        readable.complete(null);
        seen.expectTerminated(replica);
        assertFalse(replicaLifecycle.isRecovered());
    }

    @Test
    void aReplicaThatHasCrashedBeforeItsActorIsMadeStops() {
        replicaLifecycle.cut();
        ActorRef<ReplicaActor.Command> replica = KIT.spawn(ReplicaActor.create(parts(new MemoryJournal())));
        seen.expectTerminated(replica);
        assertFalse(replicaLifecycle.isRecovered());
    }

    /** Of a large journal a replay takes seconds, and nothing interrupts it. */
    @Test
    void aReplicaThatCrashesDuringItsReplayDoesNotStart() {
        BehaviorTestKit<ReplicaActor.Command> replica =
                BehaviorTestKit.create(ReplicaActor.create(parts(journal("replay", () -> {
                    replicaLifecycle.cut();
                    return null;
                }))));
        assertFalse(replica.isAlive());
        assertFalse(replicaLifecycle.isRecovered());
        assertEquals(List.of(), drain());
    }

    @Test
    void aReplicaWhoseJournalCannotBeReadDoesNotStart() {
        Journal journal = journal("replay", () -> {
            throw new JournalException("the disk is full of moths");
        });
        ActorRef<ReplicaActor.Command> replica = KIT.spawn(ReplicaActor.create(parts(journal)));
        seen.expectMessage("A: the disk is full of moths");
        seen.expectTerminated(replica);
    }

    @Test
    void aPausedReplicaDoesNothingAndLosesNothing() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        replica.tell(new ReplicaActor.Pause());
        write(replica, 1);
        TIME.timePasses(EchoProtocol.PERIOD);
        assertTrue(settle(replica).paused());
        seen.expectNoMessage(Duration.ZERO);
        client.expectNoMessage(Duration.ZERO);

        replica.tell(new ReplicaActor.Resume());
        seen.expectMessage("to B: write 1");
        seen.expectMessage("applied 1");
        assertEquals(1, client.receiveMessage().id());
        seen.expectMessage("to B: timer TICK");
        assertFalse(settle(replica).paused());
    }

    @Test
    void aReplicaThatIsPausedTwiceIsResumedOnce() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        replica.tell(new ReplicaActor.Pause());
        replica.tell(new ReplicaActor.Pause());
        assertTrue(settle(replica).paused());
        replica.tell(new ReplicaActor.Resume());
        write(replica, 1);
        assertEquals(1, reply());
        assertFalse(settle(replica).paused());
    }

    /** Who asks for the data has gone when the pause is over, and may have asked a thousand times. */
    @Test
    void dataThatIsAskedForInAPauseIsNotTold() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        TestProbe<ReplicaActor.Data> reader = KIT.createTestProbe();
        replica.tell(new ReplicaActor.Pause());
        for (int i = 0; i <= CAPACITY; i++) {
            replica.tell(new ReplicaActor.GetData(reader.ref()));
        }
        write(replica, 1);
        settle(replica);
        client.expectNoMessage(Duration.ZERO);

        replica.tell(new ReplicaActor.Resume());
        assertEquals(1, reply());
        reader.expectNoMessage(Duration.ZERO);
    }

    @Test
    void timersRunWhenTheirTimeHasCome() {
        start(new MemoryJournal());
        TIME.timePasses(EchoProtocol.PERIOD.minusMillis(1));
        seen.expectNoMessage(Duration.ZERO);
        TIME.timePasses(Duration.ofMillis(1));
        seen.expectMessage("to B: timer TICK");
    }

    @Test
    void aPausedReplicaRefusesWhatItCannotKeep() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        replica.tell(new ReplicaActor.Pause());
        for (int i = 0; i < CAPACITY; i++) {
            write(replica, i);
        }
        write(replica, 99);
        assertRefusedAsOverloaded(CAPACITY + 1, "paused");
        // A message of a peer is dropped: the protocol fetches again what it misses.
        replica.tell(new ReplicaActor.PeerMessage(B, new EchoProtocol.Said("hello")));
        seen.expectMessage("dropped Said[what=hello]");
        replica.tell(new ReplicaActor.Resume());
        assertEquals(List.of(1L, 2L, 3L), List.of(reply(), reply(), reply()));
        settle(replica);
        assertFalse(drain().contains("to B: message from B"));
    }

    @Test
    void aPausedReplicaKeepsNoMoreBytesThanFit() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        Value large = new Value("1".repeat((int) (ReplicaLimits.BYTES / 2)));
        for (int round = 0; round < 2; round++) {
            replica.tell(new ReplicaActor.Pause());
            request(replica, new Operation.Write(Key.of("x"), large));
            request(replica, new Operation.Write(Key.of("x"), large));
            write(replica, 3);
            assertRefusedAsOverloaded(lastRequest, "paused");
            replica.tell(new ReplicaActor.Resume());
            assertEquals(List.of(lastRequest - 2, lastRequest - 1), List.of(reply(), reply()));
        }
    }

    @Test
    void aReplicaWithTooManyRequestsWithoutAnAnswerTakesNoMore() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        for (int i = 0; i < REQUESTS; i++) {
            request(replica, new Operation.Read(EchoProtocol.SILENT));
        }
        read(replica);
        assertRefusedAsOverloaded(REQUESTS + 1, "10 requests waiting");
    }

    @Test
    void aReplicaWithTooManyBytesInRequestsWithoutAnAnswerTakesNoMore() {
        ActorRef<ReplicaActor.Command> replica = start(new MemoryJournal());
        Value large = new Value("1".repeat((int) (ReplicaLimits.BYTES / 2)));
        request(replica, new Operation.Write(EchoProtocol.SILENT, large));
        write(replica, 2);
        assertEquals(2, reply());
        request(replica, new Operation.Write(EchoProtocol.SILENT, large));
        write(replica, 4);
        assertRefusedAsOverloaded(4, "2 requests waiting");
    }

    @Test
    void aReplicaWhoseLifelineIsCutNeitherActsNorAnswers() {
        TestInbox<Object> answers = TestInbox.create();
        BehaviorTestKit<ReplicaActor.Command> replica =
                BehaviorTestKit.create(ReplicaActor.create(parts(new MemoryJournal())));
        ReplicaActor.Command write = new ReplicaActor.ClientRequest(
                1,
                "client",
                new Operation.Write(Key.of("x"), Value.of(1)),
                "",
                answers.getRef().narrow());
        replica.run(write);
        assertEquals(1, answers.getAllReceived().size());
        assertFalse(drain().isEmpty());

        replicaLifecycle.cut();
        replica.run(write);
        replica.run(new ReplicaActor.GetStatus(answers.getRef().narrow()));
        assertFalse(answers.hasMessages());
        assertEquals(List.of(), drain());
    }

    /** Java 17 has no switch over the sealed interface that the compiler could check. */
    @Test
    void everyCommandIsHandled() throws ReflectiveOperationException {
        Set<Class<?>> handled = new LinkedHashSet<>();
        for (Class<?> type : ReplicaActor.Command.class.getPermittedSubclasses()) {
            TestInbox<Object> answers = TestInbox.create();
            CompletableFuture<Void> readable = new CompletableFuture<>();
            boolean isRecovering = type.getSimpleName().equals("JournalIsReadable");
            BehaviorTestKit<ReplicaActor.Command> replica = BehaviorTestKit.create(ReplicaActor.create(
                    parts(isRecovering ? journal("whenReadable", () -> readable) : new MemoryJournal())));
            // An unknown command throws here.
            replica.run((ReplicaActor.Command) sample(type, answers.getRef().narrow()));
            assertEquals(!type.getSimpleName().equals("DiskFailed"), replica.isAlive(), type.getSimpleName());
            boolean visible = answers.hasMessages() || !drain().isEmpty();
            boolean changesOnlyItself = Set.of(
                            "JournalIsReadable", "Pause", "Resume", "Synced", "TimeIsUp", "Unreachable")
                    .contains(type.getSimpleName());
            assertTrue(visible || changesOnlyItself, "no effect of " + type.getSimpleName());
            handled.add(type);
        }
        assertEquals(Set.of(ReplicaActor.Command.class.getPermittedSubclasses()), handled);
    }

    /** An instance with an argument of the right kind for each component; those of private records too. */
    private static Object sample(Class<?> type, ActorRef<?> replyTo) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        List<Object> known = List.of(
                1L,
                "client",
                new Operation.Read(Key.of("x")),
                B,
                new EchoProtocol.Said("x"),
                EchoProtocol.Clock.TICK,
                new JournalException("the disk is on fire"),
                new ConfigurationChange(ConfigurationChange.Kind.REMOVE, B, List.of()),
                replyTo);
        Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                .map(parameter -> parameter == long.class ? Long.class : parameter)
                .map(parameter ->
                        known.stream().filter(parameter::isInstance).findFirst().orElseThrow())
                .toArray();
        return constructor.newInstance(arguments);
    }

    private ActorRef<ReplicaActor.Command> start(Journal journal) {
        ActorRef<ReplicaActor.Command> replica = KIT.spawn(ReplicaActor.create(parts(journal)));
        settle(replica);
        return replica;
    }

    private ReplicaActor.Parts parts(Journal journal) {
        ReplicaSettings settings = new ReplicaSettings(A, List.of(A, B), ReplicaSettings.Tuning.DEFAULT);
        Links links = new Links(
                List.of(A, B),
                LinkRule.PERFECT,
                0,
                (nanos, task) -> task.run(),
                (from, to, message) -> {
                    seen.ref().tell("to " + to + ": " + ((EchoProtocol.Said) message).what());
                    return true;
                },
                LinkObserver.NONE);
        ReplicaObserver observer = new ReplicaObserver() {
            @Override
            public void applied(NodeId at, Update update) {
                seen.ref().tell("applied " + update.value().orElseThrow());
            }

            @Override
            public void dropped(NodeId at, ReplicaActor.PeerMessage message) {
                seen.ref().tell("dropped " + message.message());
            }

            @Override
            public void diskFailed(NodeId at, Throwable cause) {
                seen.ref().tell(at + ": " + cause.getMessage());
            }
        };
        return new ReplicaActor.Parts(
                EchoProtocol.TYPE,
                settings,
                new Start(0, Start.NO_ID),
                journal,
                links.from(A),
                observer,
                replicaLifecycle,
                new ReplicaLimits(REQUESTS, CAPACITY, Duration.ofSeconds(5), ReplicaLimits.BYTES),
                () -> 0);
    }

    private void write(ActorRef<ReplicaActor.Command> replica, long value) {
        request(replica, new Operation.Write(Key.of("x"), Value.of(value)));
    }

    private void read(ActorRef<ReplicaActor.Command> replica) {
        request(replica, new Operation.Read(Key.of("x")));
    }

    private void request(ActorRef<ReplicaActor.Command> replica, Operation operation) {
        replica.tell(new ReplicaActor.ClientRequest(++lastRequest, "client", operation, "", client.ref()));
    }

    private long reply() {
        return client.receiveMessage().id();
    }

    /** When this returns, the replica has handled all that was told it before. */
    private ReplicaActor.Status settle(ActorRef<ReplicaActor.Command> replica) {
        replica.tell(new ReplicaActor.GetStatus(asker.ref()));
        return asker.receiveMessage();
    }

    private List<String> drain() {
        // The probe's own actor passes on what it is told: a marker shows that all before it is there.
        seen.ref().tell("end");
        return seen
                .fishForMessage(
                        Duration.ofSeconds(3),
                        message -> message.equals("end")
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndCollect())
                .stream()
                .filter(message -> !message.equals("end"))
                .toList();
    }
}
