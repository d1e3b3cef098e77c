package io.orrery.cluster;

import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The current connections to other nodes. Two processes may run with the id of one node, as when a suspended one wakes
 * beside its replacement: messages for the node go to each of them. Thread-safe.
 */
final class PeerConnections implements Receiver {
    private final Map<NodeId, List<Way>> ways = new ConcurrentHashMap<>();

    /** The connection to one process. Messages may be lost, and otherwise arrive in order. */
    interface Way {
        /** Sends a replica's message. Never waits. */
        void send(Message message);

        /** Tells the node something. Never waits. */
        void tell(NodeMessage message);
    }

    /** Sends a replica's message. Returns whether there is a way; the message may be lost on it. */
    @Override
    public boolean deliver(NodeId from, NodeId to, Message message) {
        List<Way> found = ways.get(to);
        if (found == null) {
            return false;
        }
        for (Way way : found) {
            way.send(message);
        }
        return true;
    }

    /** Tells a node something. Returns whether there is a way. */
    boolean tell(NodeId to, NodeMessage message) {
        List<Way> found = ways.getOrDefault(to, List.of());
        found.forEach(way -> way.tell(message));
        return !found.isEmpty();
    }

    /** The nodes to which there is a way. */
    Set<NodeId> known() {
        return new TreeSet<>(ways.keySet());
    }

    /** @param ways one for each process of the node; none when it is not reached */
    void set(NodeId node, List<Way> ways) {
        if (ways.isEmpty()) {
            this.ways.remove(node);
        } else {
            this.ways.put(node, List.copyOf(ways));
        }
    }
}
