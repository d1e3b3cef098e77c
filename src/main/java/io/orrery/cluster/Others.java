package io.orrery.cluster;

import io.orrery.deployment.Deployment.Address;
import io.orrery.live.MemberState;
import io.orrery.model.NodeId;
import java.time.Duration;
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
 * calls nobody, but keeps the {@link Peers} up to date.
 */
final class Others {
    /** Connections to one node: two of each of two processes are common, and more can only be a mistake. */
    static final int MOST_CONNECTIONS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Others.class);

    private final Map<NodeId, Other> others = new TreeMap<>();
    private final Peers peers;

    /** @param expected where the file has each of them */
    Others(Map<NodeId, Address> expected, Peers peers) {
        expected.forEach((node, address) -> others.put(node, new Other(address)));
        this.peers = peers;
    }

    /** Who they are, whether reached or not. */
    Set<NodeId> nodes() {
        return others.keySet();
    }

    /** Those that are reached: to which there is an open connection. */
    synchronized Set<NodeId> reached() {
        return those(Other::isReached);
    }

    /** Those that have been called, and are not reached. */
    synchronized Set<NodeId> missed() {
        return those(other -> other.asked && !other.isReached());
    }

    private Set<NodeId> those(Predicate<Other> which) {
        return others.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
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
        return others.get(node).hasReplica();
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
                .flatMap(other -> other.difference.stream())
                .findFirst();
    }

    /** Whether a call to each has ended, whichever way. */
    synchronized boolean wereAllAsked() {
        return others.values().stream().allMatch(other -> other.asked);
    }

    /** Those at whose address somebody has listened for so long without a word, and that address. */
    synchronized Map<NodeId, Address> mute(Duration time) {
        long now = System.nanoTime();
        Map<NodeId, Address> mute = new TreeMap<>();
        others.forEach((node, other) -> {
            if (other.mute != null && now - other.mute >= time.toNanos()) {
                mute.put(node, other.expected);
            }
        });
        return mute;
    }

    /** How those are shown to people of which something was heard. */
    synchronized Map<NodeId, MemberState> states() {
        Map<NodeId, MemberState> states = new TreeMap<>();
        others.forEach((node, other) -> other.state(node).ifPresent(state -> states.put(node, state)));
        return states;
    }

    /** All open connections. */
    synchronized List<Connection> connections() {
        return others.values().stream().flatMap(other -> other.open.stream()).toList();
    }

    /** Where those that are reached say that their memberships are; nothing of one that has not said so yet. */
    synchronized Map<NodeId, Set<Wire.Seat>> seats() {
        Map<NodeId, Set<Wire.Seat>> seats = new TreeMap<>();
        reached()
                .forEach(node ->
                        seats.put(node, Set.copyOf(others.get(node).seats.values())));
        return seats;
    }

    /** A call has ended without a connection. Returns whether it was the first to this node. */
    synchronized boolean called(NodeId node, boolean somebodyListens) {
        Other other = others.get(node);
        boolean isFirst = !other.asked;
        other.asked = true;
        if (!somebodyListens || other.difference.isPresent() || other.isReached()) {
            other.mute = null;
        } else if (other.mute == null) {
            other.mute = System.nanoTime();
        }
        return isFirst;
    }

    /** A node has answered, and does not belong here. */
    synchronized void differs(NodeId node, String why) {
        Other other = others.get(node);
        other.asked = true;
        other.mute = null;
        other.difference = Optional.of(why);
    }

    /** A connection is open. Where its node has too many, the oldest ends. */
    synchronized void opened(Connection connection) {
        NodeId node = connection.node();
        Other other = others.get(node);
        boolean isNews = !other.isReached();
        boolean wasKnown = other.known;
        other.open.add(0, connection);
        other.withoutReplica.remove(connection.hello().process());
        if (other.open.size() > MOST_CONNECTIONS) {
            other.open.get(MOST_CONNECTIONS).end();
        }
        other.asked = true;
        other.known = true;
        other.mute = null;
        other.difference = Optional.empty();
        other.told = Place.address(connection.hello().address(), other.expected);
        if (isNews) {
            LOG.info("Node {} at {} is {}", node, other.told, wasKnown ? "reached again" : "a member");
        }
        peers.set(node, other.ways());
    }

    /**
     * A connection has ended.
     *
     * @param isExpected whether this node ends; nothing is logged then
     * @return false when it was not one of those that were open
     */
    synchronized boolean ended(Connection connection, boolean isExpected) {
        NodeId node = connection.node();
        Other other = others.get(node);
        if (!other.open.remove(connection)) {
            return false;
        }
        other.seats.remove(connection);
        if (!other.isReached(connection.hello().process())) {
            other.withoutReplica.remove(connection.hello().process());
        }
        peers.set(node, other.ways());
        if (!other.isReached() && !isExpected) {
            LOG.info("Node {} at {} is {}", node, other.told, other.known ? "not reached" : "no member any more");
        }
        return true;
    }

    /** A process has said whether its replica is up. */
    synchronized void hear(Connection on, Wire.Up told) {
        Other other = others.get(on.node());
        if (told.isUp()) {
            other.withoutReplica.remove(on.hello().process());
        } else if (other.open.contains(on)) {
            other.withoutReplica.add(on.hello().process());
        }
    }

    /** A process has said where its membership is. */
    synchronized void seated(Connection on, Wire.Seat seat) {
        others.get(on.node()).seats.put(on, seat);
    }

    /** A node has said that it ends: nobody misses it. */
    synchronized void takesLeave(NodeId node) {
        others.get(node).known = false;
    }
}
