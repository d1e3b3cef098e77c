package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Compares a peer's summary with the local knowledge: missing writes are fetched, and writes of this replica's earlier
 * starts that nobody has are declared lost.
 */
final class DigestComparison {
    private final NodeId self;
    private final List<NodeId> peers;
    private final KnownWrites knownWrites;
    private final HelloSender helloSender;
    private final PeerSummaries peerSummaries;
    private final ChunkedFetch fetch;
    private final MissingWrites missing;
    private final Completeness completeness;
    /** The peers that accept this start as the replica, and from which it has fetched everything. */
    private final Set<NodeId> caughtUpWith = new HashSet<>();

    DigestComparison(
            ReplicaSettings settings,
            KnownWrites knownWrites,
            HelloSender helloSender,
            PeerSummaries peerSummaries,
            ChunkedFetch fetch,
            MissingWrites missing,
            Completeness completeness) {
        this.self = settings.self();
        this.peers = settings.peers();
        this.knownWrites = knownWrites;
        this.helloSender = helloSender;
        this.peerSummaries = peerSummaries;
        this.fetch = fetch;
        this.missing = missing;
        this.completeness = completeness;
    }

    /** A peer has told what it has, and that is to be told. */
    Decision hear(NodeId from, Summary summary, Supplier<Decision> then) {
        peerSummaries.heard(from, summary);
        helloSender.heard(from, summary);
        return new Decision.Heard(from, summary, then);
    }

    /** A peer has told what it has: what is missing here is waited for, and fetched later if it has not come by itself. */
    Decision compare(NodeId from, Summary summary, Supplier<Decision> then) {
        return hear(from, summary, () -> {
            completeness.consider();
            if (!knownWrites.knows(summary)) {
                missing.waitPatiently();
                return then.get();
            }
            return declareLost(then);
        });
    }

    /** Writes of this replica's earlier starts that nobody has are lost: they count as known from now on. */
    Decision declareLost(Supplier<Decision> then) {
        if (!helloSender.accepting().containsAll(peers) || !peerSummaries.nobodyHasMore()) {
            return then.get();
        }
        List<Range> gaps = knownWrites.gapsOf(self);
        if (gaps.isEmpty()) {
            return then.get();
        }
        Optional<NodeId> toldAPart = peerSummaries
                .thatToldAPart()
                .filter(peer -> !caughtUpWith.contains(peer))
                .findFirst();
        if (toldAPart.isEmpty()) {
            return new Decision.Cover(gaps, then);
        }
        if (!fetch.peers().isUnderWay()) {
            fetch.from(toldAPart.get());
        }
        return then.get();
    }

    /** All that a peer had has been fetched: that is what it has, whatever it said before. */
    Decision hasCaughtUpWith(NodeId peer, Summary summary) {
        return hear(peer, summary, () -> {
            if (helloSender.accepts(peer)) {
                caughtUpWith.add(peer);
            }
            return goOn();
        });
    }

    /** A catch-up is over: there may be another peer to catch up with. */
    Decision goOn() {
        if (missing.fetchFromPeersThatHaveMore()) {
            return null;
        }
        completeness.consider();
        return declareLost(Decision.NOTHING_MORE);
    }
}
