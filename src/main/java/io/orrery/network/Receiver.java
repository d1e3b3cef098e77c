package io.orrery.network;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;

/**
 * Receives messages at the end of a link. The replica is looked up on arrival, because it may have crashed or restarted
 * meanwhile.
 */
@FunctionalInterface
public interface Receiver {
    /** Delivers a message. Returns false if the replica is down and the message is lost. */
    boolean deliver(NodeId from, NodeId to, Message message);
}
