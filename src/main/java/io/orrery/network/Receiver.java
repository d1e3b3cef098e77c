package io.orrery.network;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;

/** Where messages come out. The receiving replica is looked up only now: it may have crashed or come back meanwhile. */
@FunctionalInterface
public interface Receiver {
    /** Hands a message over. Returns false when the replica is down, and the message lost. */
    boolean deliver(NodeId from, NodeId to, Message message);
}
