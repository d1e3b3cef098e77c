package io.orrery.protocol.totalorder;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How far the clocks of the other replicas are. A time counts when all is here that its sender had: messages overtake each other, and
 * an earlier write of the sender may still be under way.
 */
final class PeerClocks {
    private final Map<NodeId, Peer> peers = new HashMap<>();

    private static final class Peer {
        private boolean isHeard;
        private Origin start;
        private VersionVector have = VersionVector.EMPTY;
        private long past;
        private long heard;
        private long shown = -1;
        /** The first acknowledgement that does not count yet, and the last: those between add nothing. */
        private Acknowledge first;

        private Acknowledge last;
    }

    PeerClocks(List<NodeId> others) {
        others.forEach(peer -> peers.put(peer, new Peer()));
    }

    void acknowledged(NodeId by, Acknowledge acknowledge) {
        Peer peer = peers.get(by);
        peer.isHeard = true;
        if (!acknowledge.sender().equals(peer.start)) {
            // Another start may have less.
            peer.start = acknowledge.sender();
            peer.have = VersionVector.EMPTY;
            peer.past = 0;
            peer.first = null;
            peer.last = null;
        }
        peer.have = acknowledge.known().covers(peer.have) ? acknowledge.known() : peer.have.merge(acknowledge.known());
        peer.heard = Math.max(peer.heard, acknowledge.time());
        peer.shown = Math.max(peer.shown, acknowledge.shown());
        if (acknowledge.time() <= peer.past) {
            return;
        }
        if (peer.first == null) {
            peer.first = acknowledge;
        } else if (peer.last == null || acknowledge.time() > peer.last.time()) {
            peer.last = acknowledge;
        }
    }

    /** More is here: looks which times count now. */
    void look(Predicate<Acknowledge> isComplete) {
        for (Peer peer : peers.values()) {
            while (peer.first != null && isComplete.test(peer.first)) {
                peer.past = Math.max(peer.past, peer.first.time());
                peer.first = peer.last;
                peer.last = null;
            }
        }
    }

    /** All peers' clocks are past this time, which may be 0; the highest number where there is no peer. */
    long allPast() {
        return peers.values().stream().mapToLong(peer -> peer.past).min().orElse(Long.MAX_VALUE);
    }

    /**
     * Whether no peer will make a write any more that comes before one of this time and replica: at a time at which two replicas write
     * they are ordered by name.
     */
    boolean areAllPast(long time, NodeId replica) {
        return peers.entrySet().stream().allMatch(peer -> isPast(peer.getKey(), time, replica));
    }

    /** The same of one peer. */
    boolean isPast(NodeId peer, long time, NodeId replica) {
        long next = peers.get(peer).past + 1;
        return next > time || next == time && peer.compareTo(replica) > 0;
    }

    /** All peers have shown all writes up to this time. */
    long allShow() {
        return peers.values().stream().mapToLong(peer -> peer.shown).min().orElse(Long.MAX_VALUE);
    }

    /** Whether each peer has acknowledged a write. */
    boolean allHave(Dot write) {
        return peers.values().stream().allMatch(peer -> peer.have.includes(write));
    }

    boolean has(NodeId peer, Dot write) {
        return peers.get(peer).have.includes(write);
    }

    /** The latest time that this peer has told. */
    long heard(NodeId peer) {
        return peers.get(peer).heard;
    }

    /** Whether each peer has told its time since the start. */
    boolean areAllHeard() {
        return peers.values().stream().allMatch(peer -> peer.isHeard);
    }

    /** Whether a peer has not told that it is past a time, or anything. */
    boolean isBehind(NodeId id, long time) {
        Peer peer = peers.get(id);
        return !peer.isHeard || peer.past < time;
    }
}
