package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import java.util.List;

/** Whether a replica has all writes that it ever confirmed, judged by its own journal and its peers. */
final class Wholeness {
    private final ReplicaSettings settings;
    private final Effects effects;
    private final Knowledge knowledge;
    private final Starts starts;
    private final Greeting greeting;
    private final PeersHave peersHave;
    private final StartTerms terms;
    private boolean whole;
    private boolean forgetful;
    private boolean forgetfulnessIsTold;

    Wholeness(
            ReplicaSettings settings,
            Effects effects,
            Knowledge knowledge,
            Starts starts,
            Greeting greeting,
            PeersHave peersHave,
            StartTerms terms) {
        this.settings = settings;
        this.effects = effects;
        this.knowledge = knowledge;
        this.starts = starts;
        this.greeting = greeting;
        this.peersHave = peersHave;
        this.terms = terms;
    }

    /** All that the journal remembers is in the knowledge. */
    void start() {
        // A replica without own writes may be a new leader that does not know what the old one confirmed.
        forgetful = knowledge.lastOf(settings.self()) == null;
    }

    /** A peer that takes this start for the replica tells what it has: where that is more of this replica than there is here, its memory is an older copy, or was lost. */
    void told(Known known) {
        long forgotten = knowledge.missingOf(settings.self(), known.prefix());
        forgetful |= forgotten > 0;
        if (forgotten > 0 && !forgetfulnessIsTold) {
            forgetfulnessIsTold = true;
            effects.forgot(forgotten);
        }
    }

    /** In a new store, which most replicas say it is, nothing can have been forgotten; else it takes as many answers as the terms say. */
    void consider() {
        if (!whole) {
            int accepting = greeting.accepting().size();
            boolean isNew = starts.own().number() == 1
                    && 2 * (accepting + 1) > settings.replicas().size();
            boolean hasAskedEnough = accepting >= (forgetful ? terms.answersWhenForgetful() : terms.answers())
                    && greeting.accepting().stream().noneMatch(peersHave::hasMore);
            whole = isNew || hasAskedEnough;
        }
    }

    /** Stays true once it is true. */
    boolean isWhole() {
        return whole;
    }

    /** Whether something is missing, or was, that this replica once knew: its memory was new at the start, or an older copy. */
    boolean isForgetful() {
        return forgetful;
    }

    /** The peers for which this replica waits until it is {@linkplain #isWhole whole}, as far as not all of them are needed. */
    List<NodeId> awaited() {
        return whole
                ? List.of()
                : settings.peers().stream()
                        .filter(peer -> !greeting.accepts(peer) || peersHave.hasMore(peer))
                        .toList();
    }
}
