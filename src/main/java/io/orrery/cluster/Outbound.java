package io.orrery.cluster;

import io.orrery.codec.Codec;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a replica's messages to one other node, and bounds in bytes what is under way and what waits. What has come while
 * it was busy goes together: to carry many at once costs little more than one. Now and then it has
 * the receiver confirm a {@link Wire.Mark}; as the connection keeps the order, all that was sent before has arrived then or
 * is lost. A message that finds too much waiting is dropped, as on any link that is full: the protocol fetches it again.
 */
final class Outbound extends AbstractBehavior<Outbound.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Outbound.class);

    /** What is under way to one node at the most, but for one message: more would only wait inside the transport. */
    static final int WINDOW = 2 << 20;
    /** What waits here for one node at the most. */
    static final int MOST_WAITING = 8 << 20;

    /**
     * As so many bytes each message counts at least for what is under way: the transport has room for a number of messages
     * too (Pekko's {@code outbound-message-queue-size}, 3,072), and loses what comes beyond.
     */
    static final int LEAST = 1 << 10;

    /** No more go together: the receiver can begin with the first sooner. */
    private static final int MOST_TOGETHER = 64 << 10;

    private static final int BETWEEN_MARKS = WINDOW / 4;
    /** How often it is looked whether a mark is still open: it may be lost, and another is sent. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    sealed interface Command {}

    /** Sends a message. */
    record Send(Message message) implements Command {}

    /** The other node confirms a mark. */
    record Confirmed(long sent) implements Command {}

    /** All that had come has been gathered. */
    private record Gathered() implements Command {}

    private record Silence() implements Command {}

    private final NodeId self;
    private final NodeId to;
    private final ActorRef<Wire> courier;
    private final Codec<Message> codec;
    /** What goes together next. */
    private List<byte[]> gathered = new ArrayList<>();

    private int gatheredBytes;
    /** What has found no room. */
    private final Queue<byte[]> waiting = new ArrayDeque<>();

    private long waitingBytes;
    /** Bytes since this actor began: sent, at the last mark, and known to be under way no more. */
    private long sent;

    private long marked;
    private long confirmed;
    private final Complaints complaints = new Complaints(LOG);

    /** @param courier the receiving end on the other node */
    static Behavior<Command> create(NodeId self, NodeId to, ActorRef<Wire> courier, Codec<Message> codec) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            // Again and again: what this actor tells itself once may find its mailbox full.
            timers.startTimerWithFixedDelay(new Silence(), PATIENCE);
            return new Outbound(context, self, to, courier, codec);
        }));
    }

    private Outbound(
            ActorContext<Command> context, NodeId self, NodeId to, ActorRef<Wire> courier, Codec<Message> codec) {
        super(context);
        this.self = self;
        this.to = to;
        this.courier = courier;
        this.codec = codec;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Send.class, this::onSend)
                .onMessage(Gathered.class, this::onGathered)
                .onMessage(Confirmed.class, this::onConfirmed)
                .onMessage(Silence.class, this::onSilence)
                .build();
    }

    private Behavior<Command> onSend(Send send) {
        byte[] message;
        try {
            message = codec.encode(send.message());
        } catch (IllegalArgumentException e) {
            // A mistake of this program. To the protocol it is one message that was lost, and not all that follow.
            complaints.tell(to, "A message to node {} is left out: {}", to, e.getMessage());
            return this;
        }
        if (waiting.isEmpty() && hasRoom()) {
            carry(message);
        } else if (waitingBytes + message.length <= MOST_WAITING) {
            waiting.add(message);
            waitingBytes += message.length;
        }
        return this;
    }

    private boolean hasRoom() {
        return sent - confirmed < WINDOW;
    }

    private void carry(byte[] message) {
        if (gathered.isEmpty()) {
            // Comes after all that is in the mailbox already.
            getContext().getSelf().tell(new Gathered());
        }
        gathered.add(message);
        gatheredBytes += message.length;
        sent += Math.max(message.length, LEAST);
        if (gatheredBytes >= MOST_TOGETHER) {
            carryGathered();
        }
        if (sent - marked >= BETWEEN_MARKS) {
            mark();
        }
    }

    private Behavior<Command> onGathered(Gathered all) {
        carryGathered();
        return this;
    }

    private void carryGathered() {
        if (!gathered.isEmpty()) {
            courier.tell(new Wire.Carried(self, to, gathered));
            gathered = new ArrayList<>();
            gatheredBytes = 0;
        }
    }

    private void mark() {
        carryGathered();
        marked = sent;
        courier.tell(new Wire.Mark(self, sent));
    }

    private Behavior<Command> onConfirmed(Confirmed mark) {
        // A mark of an earlier life of this node, whose replica asked the same courier, is none of this one's.
        if (mark.sent() > confirmed && mark.sent() <= sent) {
            confirmed = mark.sent();
        }
        while (!waiting.isEmpty() && hasRoom()) {
            byte[] message = waiting.poll();
            waitingBytes -= message.length;
            carry(message);
        }
        return this;
    }

    private Behavior<Command> onSilence(Silence silence) {
        carryGathered(); // The mailbox was too full, perhaps, for this actor to tell itself to.
        if (confirmed < marked) {
            mark();
        }
        return this;
    }
}
