package io.orrery.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.dispatch.Mailbox;

/**
 * An actor as the loop sees it. It handles one message at a time: none before all is sent that the last one had it send, and
 * none while it is busy. What waits is in the actor's own mailbox, whose bounds and order count.
 */
final class Inbox extends Step {
    private final EventLoop loop;
    private final Mailbox mailbox;
    /** Who sent what waits; a mailbox with priorities has another order. */
    private final Deque<String> senders = new ArrayDeque<>();

    private SendQueue unsent;
    private long busyUntil;
    private boolean hasMore;

    Inbox(EventLoop loop, String actor, Mailbox mailbox) {
        super(new Owner(actor));
        this.loop = loop;
        this.mailbox = mailbox;
    }

    int size() {
        return mailbox.numberOfMessages();
    }

    void received(String sender) {
        senders.add(sender);
    }

    /** Pekko has something for the actor to do. */
    void schedule() {
        if (loop.running() == this) {
            hasMore = true;
        } else {
            offer();
        }
    }

    /** Becomes ready as soon as the actor may go on. */
    void offer() {
        if (unsent != null && !unsent.isEmpty()) {
            unsent.whenEmpty(this::offer);
        } else if (!loop.isOver(busyUntil)) {
            loop.busy(this, busyUntil);
        } else {
            unsent = null;
            renumber();
            loop.add(this);
        }
    }

    @Override
    void run() {
        hasMore = false;
        boolean handles = mailbox.hasMessages();
        mailbox.run();
        senders.poll();
        unsent = loop.unsent();
        long busy = handles ? loop.handlingTime(owner().name()) : 0;
        // An actor that outlives a reset is not busy in the time after it.
        busyUntil = busy == 0 ? 0 : loop.now() + busy;
        if (hasMore) {
            offer();
        }
    }

    @Override
    public Kind kind() {
        return Kind.HANDLING;
    }

    @Override
    public String from() {
        // While it runs, it is the actor that sends.
        return loop.running() == this || senders.isEmpty() ? owner().name() : senders.peek();
    }
}
