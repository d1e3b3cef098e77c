package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.CounterLimits;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.kit.Invariant;
import java.util.HashMap;
import java.util.Map;

/**
 * The current start of each replica, as far as is known, including this one's own.
 *
 * <p>A start takes a number above all that the peers whom it reaches have seen of its replica, from the first answer of
 * each. So it wins over all that was before it. Where two processes run under one id, and have taken numbers without
 * hearing of each other, the one with the higher number is the replica. Of equal numbers a peer goes on with the one that it
 * heard of first, and the process with the higher id takes another number, above that: a process that is gone does not.
 */
final class StartTable {
    private final NodeId self;
    private final Map<NodeId, Started> current = new HashMap<>();
    /** What the current start of each peer knew when it was heard of first: that may be late, and nothing more. */
    private final Map<NodeId, VersionVector> knewAtFirst = new HashMap<>();

    StartTable(NodeId self) {
        this.self = self;
    }

    void recover(Started entry) {
        current.put(entry.origin().node(), entry);
    }

    /** This replica's own start; null in a new memory before it has begun. */
    Started own() {
        return current.get(self);
    }

    /** The start that a peer is in; null when none has been heard of. */
    Started of(NodeId peer) {
        return current.get(peer);
    }

    /** The number of the latest start of a replica that has been heard of; 0 for none. */
    long numberOf(NodeId replica) {
        Started known = current.get(replica);
        return known == null ? 0 : known.number();
    }

    /** How many replicas there is a start of. */
    int size() {
        return current.size();
    }

    /** This replica begins a start. Its number is above that of its last one. */
    Started begin(Origin origin) {
        Started last = own();
        Invariant.check(last == null || !last.origin().equals(origin), "each start has a name of its own", origin);
        Started start = new Started(origin, last == null ? 1 : Math.min(CounterLimits.MOST, last.number() + 1));
        current.put(self, start);
        return start;
    }

    /** A peer takes another start for this replica: takes a number above it. Returns whether it had none. */
    boolean outnumber(Started seen) {
        Started own = own();
        long above = Math.min(CounterLimits.MOST, seen.number() + 1);
        if (own.number() >= above) {
            return false;
        }
        current.put(self, own.numbered(above));
        return true;
    }

    /**
     * A start of a peer says hello.
     *
     * @param knows what it knows
     * @return whether it is the current one from now on, or has another number than before
     */
    boolean meets(Started start, VersionVector knows) {
        NodeId peer = start.origin().node();
        Started known = current.get(peer);
        boolean isSame = known != null && known.origin().equals(start.origin());
        if (known != null && start.number() <= known.number()) {
            return false;
        }
        current.put(peer, start);
        if (!isSame) {
            knewAtFirst.put(peer, knows);
        }
        return true;
    }

    /** Whether a replica is known to be in another start than this one. */
    boolean isOver(Origin start) {
        Started known = current.get(start.node());
        return known != null && !known.origin().equals(start);
    }

    /** Whether a start is the current one of its replica, as far as is known. */
    boolean isCurrent(Origin start) {
        Started known = current.get(start.node());
        return known != null && known.origin().equals(start);
    }

    /** Whether the current start of a replica knew a write of an earlier one when it was heard of first. */
    boolean knew(Dot dot) {
        return knewAtFirst
                .getOrDefault(dot.origin().node(), VersionVector.EMPTY)
                .includes(dot);
    }
}
