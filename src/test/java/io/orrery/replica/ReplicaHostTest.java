package io.orrery.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How replicas come and go. */
class ReplicaHostTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    /** So many that some of them begin to run before their host goes on. */
    private static final List<NodeId> MANY =
            IntStream.range(0, 200).mapToObj(i -> NodeId.of("R" + i)).toList();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static ReplicaHost.Blueprint blueprint(
            List<NodeId> all, Function<NodeId, Journal> journals, Optional<ReplicaHost.DiskRetry> diskRetry) {
        return new ReplicaHost.Blueprint(
                EchoProtocol.TYPE,
                all,
                all,
                ProtocolOptions.usual(all),
                ReplicaSettings.Tuning.DEFAULT,
                journals,
                UnaryOperator.identity(),
                () -> Start.NO_ID,
                new ReplicaLimits(10, 10, Duration.ofSeconds(5), 1 << 20),
                diskRetry,
                () -> 0);
    }

    private static Links links(List<NodeId> all) {
        return new Links(all, LinkRule.PERFECT, 1, (nanos, task) -> {}, (from, to, message) -> true, LinkObserver.NONE);
    }

    /** What it says first is answered at once, and the answer has to find it. */
    @Test
    void aReplicaCanBeFoundBeforeItSaysItsFirstWord() throws InterruptedException {
        ReplicaDirectory replicaDirectory = new ReplicaDirectory();
        Links links = links(MANY);
        Queue<NodeId> lost = new ConcurrentLinkedQueue<>();
        CountDownLatch started = new CountDownLatch(MANY.size());
        KIT.spawn(ReplicaHost.create(
                blueprint(MANY, id -> new MemoryJournal(), Optional.empty()),
                links,
                replicaDirectory,
                new ReplicaObserver() {
                    @Override
                    public void started(NodeId at, long incarnation, ReplicaView view) {
                        if (replicaDirectory.find(at).isEmpty()) {
                            lost.add(at);
                        }
                        started.countDown();
                    }
                }));
        started.await(30, TimeUnit.SECONDS);
        assertEquals(List.of(), List.copyOf(lost));
    }

    @Test
    void aReplicaWhoseDiskHasFailedComesBackWhenTheDiskWorks() {
        NodeId a = NodeId.of("A");
        BrokenJournal journal = new BrokenJournal();
        ReplicaDirectory replicaDirectory = new ReplicaDirectory();
        TestProbe<String> seen = KIT.createTestProbe();
        ReplicaHost.DiskRetry retry = new ReplicaHost.DiskRetry(Duration.ofSeconds(1), Duration.ofSeconds(3));
        KIT.spawn(ReplicaHost.create(
                blueprint(
                        List.of(a, NodeId.of("B")),
                        id -> id.equals(a) ? journal : new MemoryJournal(),
                        Optional.of(retry)),
                links(List.of(a, NodeId.of("B"))),
                replicaDirectory,
                new ReplicaObserver() {
                    @Override
                    public void started(NodeId at, long incarnation, ReplicaView view) {
                        tell(at, "works");
                    }

                    @Override
                    public void stopped(NodeId at) {
                        tell(at, "down");
                    }

                    private void tell(NodeId at, String what) {
                        if (at.equals(a)) {
                            seen.ref().tell(what);
                        }
                    }
                }));
        seen.expectMessage("down");
        // After 1 s, 2 s, and no more than 3 s.
        for (int seconds : List.of(1, 2, 3, 3)) {
            assertEquals(Optional.of("its disk has failed"), replicaDirectory.failure(a));
            TIME.expectNoMessageFor(Duration.ofMillis(seconds * 1_000L - 1), seen);
            TIME.timePasses(Duration.ofMillis(1));
            seen.expectMessage("down");
        }
        journal.isBroken = false;
        TIME.timePasses(Duration.ofSeconds(3));
        seen.expectMessage("works");
        seen.awaitAssert(() -> {
            assertEquals(Optional.empty(), replicaDirectory.failure(a));
            return null;
        });
    }

    @Test
    void aReplicaThatIsToldToCrashIsNoFailureAndStaysDown() {
        NodeId a = NodeId.of("A");
        ReplicaDirectory replicaDirectory = new ReplicaDirectory();
        ActorRef<ReplicaHost.Command> host = KIT.spawn(ReplicaHost.create(
                blueprint(
                        List.of(a),
                        id -> new MemoryJournal(),
                        Optional.of(new ReplicaHost.DiskRetry(Duration.ofSeconds(1), Duration.ofSeconds(1)))),
                links(List.of(a)),
                replicaDirectory,
                ReplicaObserver.NONE));
        TestProbe<String> done = KIT.createTestProbe();
        host.tell(new ReplicaHost.Change(new Fault.Crash(a), () -> done.ref().tell("done")));
        done.expectMessage("done");
        assertEquals(Optional.empty(), replicaDirectory.failure(a));
        TIME.timePasses(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), replicaDirectory.find(a));
    }

    /** Cannot be read while it is broken. */
    private static final class BrokenJournal implements Journal {
        private final MemoryJournal journal = new MemoryJournal();
        private volatile boolean isBroken = true;

        @Override
        public void replay(Consumer<JournalEntry> action) {
            if (isBroken) {
                throw new JournalException("out of order");
            }
            journal.replay(action);
        }

        @Override
        public long incarnation() {
            return journal.incarnation();
        }

        @Override
        public void append(JournalEntry entry) {
            journal.append(entry);
        }

        @Override
        public boolean isDurable() {
            return journal.isDurable();
        }

        @Override
        public CompletionStage<Void> sync() {
            return journal.sync();
        }

        @Override
        public void crash() {
            journal.crash();
        }

        @Override
        public void wipe() {
            journal.wipe();
        }

        @Override
        public byte[] belonging() {
            return journal.belonging();
        }

        @Override
        public void keepBelonging(byte[] belonging) {
            journal.keepBelonging(belonging);
        }

        @Override
        public void close() {
            journal.close();
        }
    }
}
