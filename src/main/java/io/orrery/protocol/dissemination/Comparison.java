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
final class Comparison {
    private final NodeId self;
    private final List<NodeId> peers;
    private final Knowledge knowledge;
    private final Greeting greeting;
    private final PeersHave peersHave;
    private final PartwiseFetch fetch;
    private final MissingWrites missing;
    private final Wholeness wholeness;
    /** The peers that accept this start as the replica, and from which it has fetched everything. */
    private final Set<NodeId> caughtUpWith = new HashSet<>();

    Comparison(
            ReplicaSettings settings,
            Knowledge knowledge,
            Greeting greeting,
            PeersHave peersHave,
            PartwiseFetch fetch,
            MissingWrites missing,
            Wholeness wholeness) {
        this.self = settings.self();
        this.peers = settings.peers();
        this.knowledge = knowledge;
        this.greeting = greeting;
        this.peersHave = peersHave;
        this.fetch = fetch;
        this.missing = missing;
        this.wholeness = wholeness;
    }

    /** A peer has told what it has, and that is to be told. */
    Decision hear(NodeId from, Known known, Supplier<Decision> then) {
        peersHave.heard(from, known);
        greeting.heard(from, known);
        return new Decision.Heard(from, known, then);
    }

    /** A peer has told what it has: what is missing here is waited for, and fetched later if it has not come by itself. */
    Decision compare(NodeId from, Known known, Supplier<Decision> then) {
        return hear(from, known, () -> {
            wholeness.consider();
            if (!knowledge.knows(known)) {
                missing.waitPatiently();
                return then.get();
            }
            return declareLost(then);
        });
    }

    /** Writes of this replica's earlier starts that nobody has are lost: they count as known from now on. */
    Decision declareLost(Supplier<Decision> then) {
        if (!greeting.accepting().containsAll(peers) || !peersHave.nobodyHasMore()) {
            return then.get();
        }
        List<Range> gaps = knowledge.gapsOf(self);
        if (gaps.isEmpty()) {
            return then.get();
        }
        Optional<NodeId> toldAPart = peersHave
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
    Decision hasCaughtUpWith(NodeId peer, Known known) {
        return hear(peer, known, () -> {
            if (greeting.accepts(peer)) {
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
        wholeness.consider();
        return declareLost(Decision.NOTHING_MORE);
    }
}
