package io.orrery.network;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;

/** One message on its way over one link. A message that is doubled has two transits. */
public final class Transit implements Runnable {
    private final Link link;
    private final long id;
    private final Message message;
    private final long delayNanos;

    Transit(Link link, long id, Message message, long delayNanos) {
        this.link = link;
        this.id = id;
        this.message = message;
        this.delayNanos = delayNanos;
    }

    public NodeId from() {
        return link.from();
    }

    public NodeId to() {
        return link.to();
    }

    /** Unique among the transits of its link. */
    public long id() {
        return id;
    }

    public Message message() {
        return message;
    }

    /** How long it is under way. */
    public long delayNanos() {
        return delayNanos;
    }

    /** The message arrives. */
    @Override
    public void run() {
        link.arrive(this);
    }

    @Override
    public String toString() {
        return from() + " -> " + to() + " " + message;
    }
}
