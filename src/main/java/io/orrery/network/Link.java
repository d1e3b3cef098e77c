package io.orrery.network;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One directed link between two replicas. Only one thread sends at a time; any thread may change the rules. */
final class Link {
    private final NodeId from;
    private final NodeId to;
    private final SeededRandom random;
    private final Losses losses;
    private final LinkContext context;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong bytesUnderWay = new AtomicLong();
    private volatile LinkRules rules;
    private volatile boolean partitioned;
    private long lastId;
    /** The rules under which the current run of losses began. */
    private LinkRules rulesOfLosses;
    /** Counts resets: what was sent before the last one does not arrive. */
    private volatile int connection;

    /** What all links share. */
    record LinkContext(DelayScheduler timekeeper, Receiver receiver, LinkObserver observer) {}

    Link(NodeId from, NodeId to, LinkRule rule, SeededRandom random, LinkContext context) {
        this.from = from;
        this.to = to;
        this.rules = new LinkRules(rule);
        this.random = random;
        this.losses = new Losses(random);
        this.context = context;
    }

    NodeId from() {
        return from;
    }

    NodeId to() {
        return to;
    }

    LinkRules rules() {
        return rules;
    }

    void setRules(LinkRules changed) {
        rules = changed;
    }

    boolean isPartitioned() {
        return partitioned;
    }

    void setPartitioned(boolean value) {
        partitioned = value;
    }

    /** Whether messages pass, apart from those that a special rule cuts. */
    boolean passes() {
        return !partitioned && !rules.general().cut();
    }

    int underWay() {
        return underWay.get();
    }

    /** All that is under way is lost; it counts as under way until the time at which it would have arrived. */
    void reset() {
        connection++;
    }

    int connection() {
        return connection;
    }

    void send(Message message) {
        LinkRules now = rules;
        if (now != rulesOfLosses) {
            rulesOfLosses = now;
            losses.end();
        }
        LinkRule current = now.of(message);
        if (partitioned || current.cut()) {
            lose(message, LinkObserver.Loss.CUT);
        } else if (losses.next(current)) {
            lose(message, LinkObserver.Loss.LOST);
        } else {
            transmit(message, current);
            if (current.duplicate() > 0 && random.nextDouble() < current.duplicate()) {
                transmit(message, current);
            }
        }
    }

    private void transmit(Message message, LinkRule current) {
        long drawn = current.delay().sampleNanos(random);
        long delay = context.timekeeper().decide(from, to, current.delay(), drawn);
        InFlightMessage inFlightMessage = new InFlightMessage(this, ++lastId, message, delay);
        if (delay == 0) {
            underWay.incrementAndGet();
            context.observer().sent(inFlightMessage);
            arrived(inFlightMessage);
        } else if (underWay.get() >= Links.CAPACITY || bytesUnderWay.get() >= Links.CAPACITY_BYTES) {
            context.observer().lost(inFlightMessage, LinkObserver.Loss.FULL);
        } else {
            underWay.incrementAndGet();
            bytesUnderWay.addAndGet(message.bytes());
            context.observer().sent(inFlightMessage);
            context.timekeeper().after(delay, inFlightMessage);
        }
    }

    private void lose(Message message, LinkObserver.Loss why) {
        context.observer().lost(new InFlightMessage(this, ++lastId, message, 0), why);
    }

    /** Delivers a delayed message. */
    void arrive(InFlightMessage inFlightMessage) {
        bytesUnderWay.addAndGet(-inFlightMessage.message().bytes());
        arrived(inFlightMessage);
    }

    private void arrived(InFlightMessage inFlightMessage) {
        underWay.decrementAndGet();
        if (inFlightMessage.connection() != connection) {
            context.observer().lost(inFlightMessage, LinkObserver.Loss.RESET);
        } else if (context.receiver().deliver(from, to, inFlightMessage.message())) {
            context.observer().delivered(inFlightMessage);
        } else {
            context.observer().lost(inFlightMessage, LinkObserver.Loss.DOWN);
        }
    }
}
