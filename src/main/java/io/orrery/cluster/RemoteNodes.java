package io.orrery.cluster;

import io.orrery.deployment.Deployment.Address;
import io.orrery.live.MemberState;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the other nodes: the open connections to each, and what was said on them. Who asks may be any thread; it
 * calls nobody, but keeps the {@link PeerConnections} up to date.
 */
final class RemoteNodes {
    /** Connections to one node: two of each of two processes are common, and more can only be a mistake. */
    static final int MOST_CONNECTIONS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(RemoteNodes.class);

    private final Map<NodeId, RemoteNode> others = new TreeMap<>();
    private final PeerConnections peerConnections;

    /** @param expected where the file has each of them */
    RemoteNodes(Map<NodeId, Address> expected, PeerConnections peerConnections) {
        expected.forEach((node, address) -> others.put(node, new RemoteNode(address)));
        this.peerConnections = peerConnections;
    }

    /** Who they are, whether reached or not. */
    synchronized Set<NodeId> nodes() {
        return those(remoteNode -> true);
    }

    /** Whether this is one of them. */
    synchronized boolean isMember(NodeId node) {
        return others.containsKey(node) && !others.get(node).isRemoved;
    }

    /** A further node belongs to them. Returns whether that is news. */
    synchronized boolean add(NodeId node, Address expected) {
        if (isMember(node)) {
            return false;
        }
        RemoteNode remoteNode = others.computeIfAbsent(node, it -> new RemoteNode(expected));
        remoteNode.isRemoved = false;
        remoteNode.difference = Optional.empty();
        remoteNode.expected = expected;
        remoteNode.told = expected;
        return true;
    }

    /** All others belong to them no more. Returns their connections. */
    synchronized List<Connection> retain(Collection<NodeId> members) {
        List<Connection> left = new ArrayList<>();
        others.forEach((node, remoteNode) -> {
            if (!members.contains(node)) {
                remoteNode.isRemoved = true;
                remoteNode.known = false;
                left.addAll(remoteNode.open);
            }
        });
        return left;
    }

    /** Those that are reached: to which there is an open connection. */
    synchronized Set<NodeId> reached() {
        return those(RemoteNode::isReached);
    }

    /** Those that have been called, and are not reached. */
    synchronized Set<NodeId> missed() {
        return those(remoteNode -> remoteNode.asked && !remoteNode.isReached());
    }

    private Set<NodeId> those(Predicate<RemoteNode> which) {
        return others.entrySet().stream()
                .filter(entry -> !entry.getValue().isRemoved && which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    synchronized boolean isReached(NodeId node) {
        return others.get(node).isReached();
    }

    /** The same for one process of a node. */
    synchronized boolean isReached(NodeId node, String process) {
        return others.get(node).isReached(process);
    }

    /** Whether messages pass to the replica of a node, as far as is known here. */
    synchronized boolean isReplicaReached(NodeId node) {
        return isMember(node) && others.get(node).hasReplica();
    }

    /** Where a node may be reached, at least one; the likeliest first. */
    synchronized List<Address> addressesOf(NodeId node) {
        return others.get(node).addresses();
    }

    /** Whether a node has answered and does not belong here. */
    synchronized boolean isStranger(NodeId node) {
        return others.get(node).difference.isPresent();
    }

    /** Why one of them does not belong here; empty when all do that have answered. */
    synchronized Optional<String> difference() {
        return others.values().stream()
                .filter(remoteNode -> !remoteNode.isRemoved)
                .flatMap(remoteNode -> remoteNode.difference.stream())
                .findFirst();
    }

    /** Whether a call to each has ended, whichever way. */
    synchronized boolean wereAllAsked() {
        return others.values().stream().allMatch(remoteNode -> remoteNode.asked || remoteNode.isRemoved);
    }

    /** Those at whose address somebody has listened for so long without a word, and that address. */
    synchronized Map<NodeId, Address> mute(Duration time) {
        long now = System.nanoTime();
        Map<NodeId, Address> mute = new TreeMap<>();
        others.forEach((node, remoteNode) -> {
            if (remoteNode.mute != null && now - remoteNode.mute >= time.toNanos()) {
                mute.put(node, remoteNode.expected);
            }
        });
        return mute;
    }

    /** How those are shown to people of which something was heard. */
    synchronized Map<NodeId, MemberState> states() {
        Map<NodeId, MemberState> states = new TreeMap<>();
        others.forEach((node, remoteNode) -> {
            if (!remoteNode.isRemoved) {
                remoteNode.state(node).ifPresent(state -> states.put(node, state));
            }
        });
        return states;
    }

    /** All open connections. */
    synchronized List<Connection> connections() {
        return others.values().stream()
                .flatMap(remoteNode -> remoteNode.open.stream())
                .toList();
    }

    /** Where those that are reached say that their memberships are; nothing of one that has not said so yet. */
    synchronized Map<NodeId, Set<NodeMessage.Seat>> seats() {
        Map<NodeId, Set<NodeMessage.Seat>> seats = new TreeMap<>();
        reached()
                .forEach(node ->
                        seats.put(node, Set.copyOf(others.get(node).seats.values())));
        return seats;
    }

    /** A call has ended without a connection. Returns whether it was the first to this node. */
    synchronized boolean called(NodeId node, boolean somebodyListens) {
        RemoteNode remoteNode = others.get(node);
        boolean isFirst = !remoteNode.asked;
        remoteNode.asked = true;
        if (!somebodyListens || remoteNode.difference.isPresent() || remoteNode.isReached()) {
            remoteNode.mute = null;
        } else if (remoteNode.mute == null) {
            remoteNode.mute = System.nanoTime();
        }
        return isFirst;
    }

    /** A node has answered, and does not belong here. */
    synchronized void differs(NodeId node, String why) {
        RemoteNode remoteNode = others.get(node);
        remoteNode.asked = true;
        remoteNode.mute = null;
        remoteNode.difference = Optional.of(why);
    }

    /** A connection is open. Where its node has too many, the oldest ends. */
    synchronized void opened(Connection connection) {
        NodeId node = connection.node();
        RemoteNode remoteNode = others.get(node);
        boolean isNews = !remoteNode.isReached();
        boolean wasKnown = remoteNode.known;
        remoteNode.open.add(0, connection);
        remoteNode.withoutReplica.remove(connection.hello().process());
        if (remoteNode.open.size() > MOST_CONNECTIONS) {
            remoteNode.open.get(MOST_CONNECTIONS).end();
        }
        remoteNode.asked = true;
        remoteNode.known = true;
        remoteNode.mute = null;
        remoteNode.difference = Optional.empty();
        remoteNode.told = NodeAddress.address(connection.hello().address(), remoteNode.expected);
        if (isNews) {
            LOG.info("Node {} at {} is {}", node, remoteNode.told, wasKnown ? "reached again" : "a member");
        }
        peerConnections.set(node, remoteNode.ways());
    }

    /**
     * A connection has ended.
     *
     * @param isExpected whether this node ends; nothing is logged then
     * @return false when it was not one of those that were open
     */
    synchronized boolean ended(Connection connection, boolean isExpected) {
        NodeId node = connection.node();
        RemoteNode remoteNode = others.get(node);
        if (!remoteNode.open.remove(connection)) {
            return false;
        }
        remoteNode.seats.remove(connection);
        if (!remoteNode.isReached(connection.hello().process())) {
            remoteNode.withoutReplica.remove(connection.hello().process());
        }
        peerConnections.set(node, remoteNode.ways());
        if (!remoteNode.isReached() && !isExpected) {
            LOG.info(
                    "Node {} at {} is {}",
                    node,
                    remoteNode.told,
                    remoteNode.known ? "not reached" : "no member any more");
        }
        return true;
    }

    /** A process has said whether its replica is up. */
    synchronized void hear(Connection on, NodeMessage.Up told) {
        RemoteNode remoteNode = others.get(on.node());
        if (told.isUp()) {
            remoteNode.withoutReplica.remove(on.hello().process());
        } else if (remoteNode.open.contains(on)) {
            remoteNode.withoutReplica.add(on.hello().process());
        }
    }

    /** A process has said where its membership is. */
    synchronized void seated(Connection on, NodeMessage.Seat seat) {
        others.get(on.node()).seats.put(on, seat);
    }

    /** A node has said that it ends: nobody misses it. */
    synchronized void takesLeave(NodeId node) {
        others.get(node).known = false;
    }
}
