package io.orrery.cluster;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way to the other nodes of the cluster, as far as they are members of it now. It outlives the membership of this node:
 * while that is founded anew, there are no peers. For any thread.
 */
final class Peers {
    private final Map<NodeId, Way> ways = new ConcurrentHashMap<>();

    private record Way(ActorRef<Wire> courier, ActorRef<Outbound.Command> outbound) {}

    /** Sends a replica's message. Returns whether there is a way; the message may be lost on it. */
    boolean send(NodeId to, Message message) {
        Way way = ways.get(to);
        if (way == null) {
            return false;
        }
        way.outbound().tell(new Outbound.Send(message));
        return true;
    }

    /** Tells a node something. Returns whether there is a way. */
    boolean tell(NodeId to, Wire message) {
        Way way = ways.get(to);
        if (way == null) {
            return false;
        }
        way.courier().tell(message);
        return true;
    }

    /** What was sent up to a mark is under way no more. */
    void confirmed(NodeId to, long sent) {
        Way way = ways.get(to);
        if (way != null) {
            way.outbound().tell(new Outbound.Confirmed(sent));
        }
    }

    /** The nodes to which there is a way. */
    Set<NodeId> known() {
        return new TreeSet<>(ways.keySet());
    }

    void add(NodeId node, ActorRef<Wire> courier, ActorRef<Outbound.Command> outbound) {
        ways.put(node, new Way(courier, outbound));
    }

    void remove(NodeId node) {
        ways.remove(node);
    }

    void clear() {
        ways.clear();
    }
}
