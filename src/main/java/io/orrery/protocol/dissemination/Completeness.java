package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import java.util.List;

/** Whether a replica has all writes that it ever confirmed, judged by its own journal and its peers. */
final class Completeness {
    private final ReplicaSettings settings;
    private final Effects effects;
    private final KnownWrites knownWrites;
    private final StartTable startTable;
    private final HelloSender helloSender;
    private final PeerSummaries peerSummaries;
    private final StartRequirements terms;
    private boolean whole;
    private boolean forgetful;
    private boolean forgetfulnessIsTold;
    private long forgotAt;

    Completeness(
            ReplicaSettings settings,
            Effects effects,
            KnownWrites knownWrites,
            StartTable startTable,
            HelloSender helloSender,
            PeerSummaries peerSummaries,
            StartRequirements terms) {
        this.settings = settings;
        this.effects = effects;
        this.knownWrites = knownWrites;
        this.startTable = startTable;
        this.helloSender = helloSender;
        this.peerSummaries = peerSummaries;
        this.terms = terms;
    }

    /** All that the journal remembers is in the knowledge. */
    void start() {
        // A replica without own writes may be a new leader that does not know what the old one confirmed.
        boolean remembersAStart = terms.remembersWithoutWrites() && startTable.own() != null;
        forgetful = knownWrites.lastOf(settings.self()) == null && !remembersAStart;
    }

    /** A peer that takes this start for the replica tells what it has: where that is more of this replica than there is here, its memory is an older copy, or was lost. */
    void told(Summary summary) {
        long forgotten = knownWrites.missingOf(settings.self(), summary.prefix());
        forgetful |= forgotten > 0;
        forgotAt = forgotten > 0 ? startTable.own().number() : forgotAt;
        if (forgotten > 0 && !forgetfulnessIsTold) {
            forgetfulnessIsTold = true;
            effects.forgot(forgotten);
        }
    }

    /** In a new store, which most replicas say it is, nothing can have been forgotten; else it takes as many answers as the terms say. */
    void consider() {
        if (!whole) {
            int accepting = helloSender.accepting().size();
            boolean isNew = startTable.own().number() == 1
                    && 2 * (accepting + 1) > settings.replicas().size();
            boolean hasAskedEnough = accepting >= (forgetful ? terms.answersWhenForgetful() : terms.answers())
                    && helloSender.accepting().stream().noneMatch(peerSummaries::hasMore);
            whole = isNew || hasAskedEnough;
        }
    }

    /** Stays true once it is true. */
    boolean isWhole() {
        return whole;
    }

    /**
     * The number that this start had when a peer last told of writes of this replica that it did not know: those of a memory
     * that was lost, or of another process. 0 if none has.
     */
    long forgotAt() {
        return forgotAt;
    }

    /** The peers for which this replica waits until it is {@linkplain #isWhole whole}, as far as not all of them are needed. */
    List<NodeId> awaited() {
        return whole
                ? List.of()
                : settings.peers().stream()
                        .filter(peer -> !helloSender.accepts(peer) || peerSummaries.hasMore(peer))
                        .toList();
    }
}
