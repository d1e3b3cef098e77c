package io.orrery.replica;

import com.typesafe.config.Config;
import io.orrery.model.Outcome;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import scala.Option;

/**
 * A replica's mailbox. It bounds input from outside, in number and bytes: if it is full, a client's request is refused
 * at once, and a peer's message is dropped (the protocol fetches it again). The replica's messages to itself always
 * fit.
 */
public final class ReplicaMailbox implements MailboxType, ProducesMessageQueue<ReplicaMailbox.Queue> {
    /** The path of its configuration, including its capacity. */
    public static final String CONFIG_PATH = "orrery.replica-mailbox";

    private final int capacity;
    private final long mostBytes;

    /** Called by Pekko. */
    public ReplicaMailbox(ActorSystem.Settings settings, Config config) {
        this(config.getInt("capacity"), config.getBytes("bytes"));
    }

    ReplicaMailbox(int capacity, long mostBytes) {
        this.capacity = capacity;
        this.mostBytes = mostBytes;
    }

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        return new Queue(capacity, mostBytes);
    }

    /** The queue of one replica. */
    static final class Queue implements MessageQueue {
        private final ConcurrentLinkedQueue<Envelope> envelopes = new ConcurrentLinkedQueue<>();
        private final AtomicInteger size = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
        private final int capacity;
        private final long mostBytes;

        Queue(int capacity, long mostBytes) {
            this.capacity = capacity;
            this.mostBytes = mostBytes;
        }

        @Override
        public void enqueue(ActorRef receiver, Envelope envelope) {
            boolean full = size.get() >= capacity || bytes.get() >= mostBytes;
            if (full && isTurnedAway(envelope.message())) {
                return;
            }
            size.incrementAndGet();
            bytes.addAndGet(bytesOf(envelope));
            envelopes.add(envelope);
        }

        private boolean isTurnedAway(Object message) {
            if (message instanceof ReplicaActor.ClientRequest request) {
                request.refuse(Outcome.Reason.OVERLOADED, "the replica has " + size.get() + " messages waiting");
                return true;
            }
            return message instanceof ReplicaActor.PeerMessage;
        }

        @Override
        public Envelope dequeue() {
            Envelope envelope = envelopes.poll();
            if (envelope != null) {
                size.decrementAndGet();
                bytes.addAndGet(-bytesOf(envelope));
            }
            return envelope;
        }

        private static long bytesOf(Envelope envelope) {
            return envelope.message() instanceof ReplicaActor.Command command ? command.bytes() : 0;
        }

        @Override
        public int numberOfMessages() {
            return size.get();
        }

        @Override
        public boolean hasMessages() {
            return !envelopes.isEmpty();
        }

        @Override
        public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
            // The replica has crashed: its waiting input is lost.
            envelopes.clear();
            size.set(0);
            bytes.set(0);
        }
    }
}
