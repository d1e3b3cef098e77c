package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.live.Laboratory;
import io.orrery.live.LocalReplicas;
import io.orrery.live.PeerRoutes;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Links;
import io.orrery.protocol.Message;
import io.orrery.replica.ReplicaObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of three, between which nothing arrives before the test says so. */
class ClusterLaboratoryTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    private static final Fault.OfLinks CUT = new Fault.ChangeLinks(Optional.of(A), Optional.of(B), LinkChange.CUT);

    @TempDir
    private Path directory;

    private final Queue<Runnable> mail = new ConcurrentLinkedQueue<>();
    private Side a;
    private Side b;

    /** The clock of all sides, in milliseconds. */
    private final AtomicLong now = new AtomicLong(1_000);

    private final class Side {
        private final LocalReplicas local;
        private final PeerConnections peerConnections = new PeerConnections();
        private final ClusterLaboratory laboratory;

        Side(Deployment deployment, NodeId self) {
            local = LocalReplicas.start(
                    deployment, self, (from, to, message) -> false, PeerRoutes.NONE, ReplicaObserver.NONE);
            laboratory = new ClusterLaboratory(self, local, peerConnections, now::get);
        }

        List<Links.LinkState> links() {
            return local.linkStates();
        }

        boolean isCut(NodeId from, NodeId to) {
            return links().stream()
                    .anyMatch(it -> it.from().equals(from)
                            && it.to().equals(to)
                            && it.rule().cut());
        }

        boolean isIsolated(NodeId node) {
            return links().stream()
                    .filter(it -> it.from().equals(node) || it.to().equals(node))
                    .allMatch(Links.LinkState::partitioned);
        }
    }

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = memory
                lab = on
                limits { request-timeout = 200ms }
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = 7001 } }
                  { id = B, http { port = 0 }, remoting { port = 7002 } }
                  { id = C, http { port = 0 }, remoting { port = 7003 } }
                ]
                """);
        Deployment deployment = DeploymentLoader.load(file);
        a = new Side(deployment, A);
        b = new Side(deployment, B);
        connect(a, A, B, b);
        connect(b, B, A, a);
    }

    private void connect(Side side, NodeId from, NodeId to, Side target) {
        side.peerConnections.set(to, List.of(new PeerConnections.Way() {
            @Override
            public void send(Message message) {
                throw new AssertionError("the laboratory is no replica");
            }

            @Override
            public void tell(NodeMessage nodeMessage) {
                mail.add(() -> target.laboratory.handle(from, (NodeMessage.OfLaboratory) nodeMessage));
            }
        }));
    }

    @AfterEach
    void end() {
        a.local.stop().toCompletableFuture().join();
        b.local.stop().toCompletableFuture().join();
    }

    private void deliver() {
        for (Runnable next = mail.poll(); next != null; next = mail.poll()) {
            next.run();
        }
    }

    @Test
    void aChangeIsEverywhereWhenItIsAnswered() throws Exception {
        var answer = a.laboratory.apply(CUT).toCompletableFuture();
        deliver();
        assertEquals(a.links(), answer.get(10, TimeUnit.SECONDS));
        assertTrue(b.isCut(A, B));
    }

    @Test
    void changesOfDifferentLinksAtTheSameTimeAllCount() {
        a.laboratory.apply(CUT);
        b.laboratory.apply(new Fault.Isolate(C));
        deliver();
        assertEquals(a.links(), b.links());
        assertTrue(a.isIsolated(C) && a.isCut(A, B));
    }

    @Test
    void ofChangesOfOneLinkAtTheSameTimeOneCountsEverywhere() {
        a.laboratory.apply(CUT);
        b.laboratory.apply(new Fault.ChangeLinks(Optional.of(A), Optional.of(B), LinkChange.loss(0.5)));
        deliver();
        assertEquals(a.links(), b.links());
        assertFalse(a.isCut(A, B), "that of the higher node, and no mixture");
    }

    @Test
    void aNodeThatMissedAChangeHasItWithTheNext() {
        a.laboratory.apply(CUT);
        mail.clear();
        a.laboratory.apply(new Fault.Isolate(C));
        deliver();
        assertTrue(b.isIsolated(C));
        assertTrue(b.isCut(A, B));
        assertEquals(a.links(), b.links());
    }

    /** As a node that was killed, is started again, and takes an order before it is back among the others. */
    @Test
    void aChangeOfANodeThatKnowsNoneOfThoseBeforeCounts() {
        a.laboratory.apply(new Fault.Isolate(C));
        a.laboratory.apply(CUT);
        mail.clear();
        now.addAndGet(1_000);
        b.laboratory.apply(new Fault.Heal(Optional.of(A), Optional.of(B)));
        deliver();
        assertEquals(a.links(), b.links());
        assertFalse(b.isCut(A, B), "the last word about this link");
        assertTrue(b.isIsolated(C), "and it is told of the others");
    }

    /** Whose clock is behind has the last word too, once it knows what came before. */
    @Test
    void changesHaveTheOrderInWhichTheyWereMadeWhateverTheClocksSay() {
        a.laboratory.apply(CUT);
        deliver();
        now.set(1);
        b.laboratory.apply(Fault.Heal.ALL);
        deliver();
        assertFalse(a.isCut(A, B));
        assertEquals(a.links(), b.links());
    }

    /** As at the own replica: an order may have been carried out although nobody says so. */
    @Test
    void anOrderWithoutAnAnswerIsUnknownAndNotRefused() {
        var lost = a.laboratory.apply(new Fault.Crash(B)).toCompletableFuture();
        ExecutionException failure = assertThrows(ExecutionException.class, () -> lost.get(10, TimeUnit.SECONDS));
        assertInstanceOf(TimeoutException.class, failure.getCause());
        assertTrue(
                failure.getCause().getMessage().contains("node B"),
                failure.getCause().getMessage());
    }

    @Test
    void anOrderThatCannotBeToldIsRefused() {
        a.peerConnections.set(B, List.of());
        var untold = a.laboratory.apply(new Fault.Crash(B)).toCompletableFuture();
        ExecutionException failure = assertThrows(ExecutionException.class, () -> untold.get(10, TimeUnit.SECONDS));
        assertInstanceOf(Laboratory.NotDone.class, failure.getCause());
    }
}
