package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Timer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides when missing writes are fetched, and from which peer: after the patience, from the quickest peer that is
 * known to have them.
 */
final class MissingWrites {
    private final List<NodeId> others;
    private final ReplicaSettings.Tuning tuning;
    private final Effects effects;
    private final Supplier<SuspectedGap> suspects;
    private final StoreQuota storeQuota;
    private final PeerSummaries peerSummaries;
    private final ChunkedFetch fetch;
    private final Timer timer;

    private boolean patienceIsSet;
    /** The oldest sign that something was missing when patience began. */
    private SuspectedGap suspected;

    /**
     * @param suspects gives the oldest sign that something is missing now, or null
     * @param timer runs while what is missing may be merely late: to be passed to {@link #patienceIsOver}
     */
    MissingWrites(
            ReplicaSettings settings,
            Effects effects,
            Supplier<SuspectedGap> suspects,
            StoreQuota storeQuota,
            PeerSummaries peerSummaries,
            ChunkedFetch fetch,
            Timer timer) {
        this.others = settings.peers();
        this.tuning = settings.tuning();
        this.effects = effects;
        this.suspects = suspects;
        this.storeQuota = storeQuota;
        this.peerSummaries = peerSummaries;
        this.fetch = fetch;
        this.timer = timer;
    }

    /** Waits some time for missing writes, and then fetches them. */
    void waitPatiently() {
        if (!patienceIsSet) {
            patienceIsSet = true;
            suspected = suspects.get();
            effects.setTimer(timer, tuning.patience());
        }
    }

    /** What was missing when patience began, and is missing still, is fetched; what is missing only since then may be late. */
    void patienceIsOver() {
        patienceIsSet = false;
        SuspectedGap suspectedGap = suspects.get();
        boolean isLate = suspectedGap != null && suspectedGap.equals(suspected);
        if (isLate || quickestThatHasMore().isPresent()) {
            fetch();
        }
        if (suspectedGap != null && !isLate) {
            waitPatiently();
        }
    }

    /** One catch-up at a time; a slow peer is replaced by a quicker one. */
    void fetch() {
        if (storeQuota.isClosed()) {
            return; // It would find no room.
        }
        if (!fetch.peers().isUnderWay()) {
            if (!fetchFromPeersThatHaveMore()) {
                fetchFromSuspect();
            }
        } else if (fetch.peers().isHeldUp()) {
            quickestThatHasMore().filter(peer -> !fetch.peers().isSlow(peer)).ifPresent(fetch::from);
        }
    }

    /** Returns whether a peer is known to have a missing write. */
    boolean fetchFromPeersThatHaveMore() {
        Optional<NodeId> peer = quickestThatHasMore();
        peer.ifPresent(fetch::from);
        return peer.isPresent();
    }

    private Optional<NodeId> quickestThatHasMore() {
        return peerSummaries.thatHaveMore().min(Comparator.comparing(fetch.peers()::patienceWith));
    }

    private void fetchFromSuspect() {
        SuspectedGap suspectedGap = suspects.get();
        if (suspectedGap != null && others.contains(suspectedGap.origin().node())) {
            fetch.from(suspectedGap.origin().node());
        }
    }
}
