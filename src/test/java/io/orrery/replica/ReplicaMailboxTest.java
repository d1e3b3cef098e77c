package io.orrery.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.dispatch.Envelope;
import org.junit.jupiter.api.Test;

class ReplicaMailboxTest {
    private final ReplicaMailbox.Queue queue = new ReplicaMailbox.Queue(2, ReplicaLimits.BYTES);
    private final TestInbox<ReplicaActor.Reply> client = TestInbox.create();

    @Test
    void keepsTheOrder() {
        ReplicaActor.Command first = request(1);
        ReplicaActor.Command second = message();
        enqueue(first);
        enqueue(second);
        assertEquals(2, queue.numberOfMessages());
        assertSame(first, queue.dequeue().message());
        assertSame(second, queue.dequeue().message());
        assertNull(queue.dequeue());
        assertFalse(queue.hasMessages());
    }

    @Test
    void refusesRequestsAndDropsMessagesWhenItIsFull() {
        enqueue(request(1));
        enqueue(message());
        enqueue(request(3));
        enqueue(message());
        assertEquals(2, queue.numberOfMessages());
        ReplicaActor.Reply reply = client.receiveMessage();
        assertEquals(3, reply.id());
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, reply.outcome());
        assertEquals(Outcome.Reason.OVERLOADED, refused.reason());
    }

    @Test
    void aFewLargeValuesFillItToo() {
        ReplicaMailbox.Queue roomy = new ReplicaMailbox.Queue(1_000, ReplicaLimits.BYTES);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5; i++) {
                Operation write =
                        new Operation.Write(Key.of("x"), new Value("1".repeat((int) (ReplicaLimits.BYTES / 4))));
                ReplicaActor.Command request = new ReplicaActor.ClientRequest(i, "client", write, "", client.getRef());
                roomy.enqueue(ActorRef.noSender(), Envelope.apply(request, ActorRef.noSender()));
            }
            assertEquals(4, roomy.numberOfMessages());
            assertEquals(4, client.receiveMessage().id());
            assertFalse(client.hasMessages());
            while (roomy.hasMessages()) {
                roomy.dequeue();
            }
        }
    }

    @Test
    void whatIsNeitherRequestNorMessageAlwaysFits() {
        enqueue(request(1));
        enqueue(request(2));
        enqueue(new ReplicaActor.Pause());
        assertEquals(3, queue.numberOfMessages());
    }

    @Test
    void aPlaceThatIsFreeAgainIsTakenAgain() {
        enqueue(request(1));
        enqueue(request(2));
        queue.dequeue();
        enqueue(request(3));
        assertEquals(2, queue.numberOfMessages());
        assertFalse(client.hasMessages());
    }

    @Test
    void aCrashLosesWhatWaits() {
        enqueue(request(1));
        queue.cleanUp(ActorRef.noSender(), null);
        assertFalse(queue.hasMessages());
        assertEquals(0, queue.numberOfMessages());
    }

    private ReplicaActor.Command request(long id) {
        return new ReplicaActor.ClientRequest(id, "client", new Operation.Read(Key.of("x")), "", client.getRef());
    }

    private static ReplicaActor.Command message() {
        return new ReplicaActor.PeerMessage(NodeId.of("B"), new EchoProtocol.Said("hello"));
    }

    private void enqueue(ReplicaActor.Command command) {
        queue.enqueue(ActorRef.noSender(), Envelope.apply(command, ActorRef.noSender()));
    }
}
