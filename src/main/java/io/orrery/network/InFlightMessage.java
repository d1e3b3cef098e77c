package io.orrery.network;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;

/** One message in flight on one link. A duplicated message is in flight twice. */
public final class InFlightMessage implements Runnable {
    private final Link link;
    private final long id;
    private final Message message;
    private final long delayNanos;
    private final int connection;

    InFlightMessage(Link link, long id, Message message, long delayNanos) {
        this.link = link;
        this.id = id;
        this.message = message;
        this.delayNanos = delayNanos;
        this.connection = link.connection();
    }

    /** The number of the connection that it was sent on. */
    int connection() {
        return connection;
    }

    public NodeId from() {
        return link.from();
    }

    public NodeId to() {
        return link.to();
    }

    /** Unique on its link. */
    public long id() {
        return id;
    }

    public Message message() {
        return message;
    }

    /** Its delay. */
    public long delayNanos() {
        return delayNanos;
    }

    /** Delivers the message. */
    @Override
    public void run() {
        link.arrive(this);
    }

    @Override
    public String toString() {
        return from() + " -> " + to() + " " + message;
    }
}
