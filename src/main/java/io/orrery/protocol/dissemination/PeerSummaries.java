package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The latest summary of each peer, compared with this replica's own. */
final class PeerSummaries {
    /** The maximum number of islands in one comparison, so that it stays small. */
    static final int MOST_ISLANDS = 100;

    private final KnownWrites knownWrites;
    private final SortedMap<NodeId, Summary> known = new TreeMap<>();
    /** The peers that have told what they have since the last tick of anti-entropy. */
    private final Set<NodeId> heardLately = new HashSet<>();

    PeerSummaries(Collection<NodeId> peers, KnownWrites knownWrites) {
        this.knownWrites = knownWrites;
        peers.forEach(peer -> known.put(peer, Summary.NOTHING));
    }

    void heard(NodeId peer, Summary has) {
        known.put(peer, has);
        heardLately.add(peer);
    }

    /**
     * A tick of anti-entropy. Returns whether all peers have been heard from since the last one, and none has more than
     * this replica.
     */
    boolean noneHadMoreSinceTheLastTick() {
        boolean noneHad = heardLately.containsAll(known.keySet()) && nobodyHasMore();
        heardLately.clear();
        return noneHad;
    }

    Summary of(NodeId peer) {
        return known.get(peer);
    }

    /** Whether a peer has writes that this replica lacks. */
    boolean hasMore(NodeId peer) {
        return !knownWrites.knows(known.get(peer));
    }

    boolean nobodyHasMore() {
        return known.values().stream().allMatch(knownWrites::knows);
    }

    /** The peers that have writes that this replica lacks. */
    Stream<NodeId> thatHaveMore() {
        return known.keySet().stream().filter(this::hasMore);
    }

    /** Whether the peer has more islands, perhaps, than it told. */
    boolean toldAPart(NodeId peer) {
        return known.get(peer).islands().size() >= MOST_ISLANDS;
    }

    /** The peers that have more islands, perhaps, than they told. */
    Stream<NodeId> thatToldAPart() {
        return known.keySet().stream().filter(this::toldAPart);
    }

    /** Whether a peer has said that it has a write. */
    boolean isAtAPeer(Dot dot) {
        return known.values().stream().anyMatch(has -> has.prefix().includes(dot));
    }

    /** Whether all peers have said that they have a write. */
    boolean isEverywhere(Dot dot) {
        return known.values().stream().allMatch(has -> has.prefix().includes(dot));
    }

    /** Whether all peers have all writes of an origin that this replica has. */
    boolean coverAllOf(Origin origin) {
        return known.values().stream().allMatch(has -> has.prefix().get(origin) >= knownWrites.prefix(origin));
    }

    /** For each peer the number of known writes that it lacked. */
    SortedMap<NodeId, Long> lag() {
        SortedMap<NodeId, Long> lag = new TreeMap<>();
        known.forEach((peer, has) -> lag.put(peer, has.prefix().missingFrom(knownWrites.known())));
        return lag;
    }
}
