package io.orrery.protocol.singleleader;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.singleleader.LeaderEntry.Fenced;
import io.orrery.protocol.singleleader.LeaderMessage.Forward;

/**
 * Keeps a leader from ordering a forwarded write that another process of it may have ordered: one that runs beside it, or
 * ran with a memory that this one lacks. The caller of such a write never learns its outcome.
 *
 * <p>A process P orders a forward only if its caller knew P, or a start before P began. Any other start in the place of P
 * takes a higher number than P had, before a follower takes its writes. If a follower has taken an order of P until then,
 * it tells so, and the other process fences itself with that number: of what callers sent that knew lower ones it orders
 * nothing. If no follower has, the order of P is void.
 */
final class ForwardFence {
    private final Level level;
    private final Effects effects;
    private final Replication replication;
    /** Null where nothing was ever forgotten. */
    private Fenced fence;
    /** The number that this start began with: those before it had lower ones. */
    private long began;

    ForwardFence(Level level, Effects effects, Replication replication) {
        this.level = level;
        this.effects = effects;
        this.replication = replication;
    }

    void recover(Fenced entry) {
        fence = entry;
    }

    void start() {
        began = replication.startsOf(replication.origin().node());
    }

    /** Keeps what a peer has told: in the input by which it did, before what is missing is fetched. */
    void note() {
        long forgotAt = replication.forgotAt();
        if (forgotAt > 0 && (fence == null || forgotAt > fence.number())) {
            fence = new Fenced(replication.origin(), forgotAt);
            effects.persist(fence);
        }
    }

    /**
     * Whether a forward may be ordered by this process.
     *
     * @param from who sent it: if it knows no start of this leader, it is told of this one
     */
    boolean lets(NodeId from, Forward forward) {
        if (level.writeReturns() == Level.WriteReturns.AT_ONCE) {
            return true; // Its client has been answered: twice rather than never.
        }
        long known = forward.leader().isPresent() ? forward.leaderNumber().orElse(0L) : 0;
        boolean knewThis = forward.leader().filter(replication.origin()::equals).isPresent();
        if (fence != null && !isBeyond(forward, known)) {
            if (forward.leader().isEmpty()) {
                replication.reachable(from);
            }
            return false;
        }
        return knewThis || known < began;
    }

    private boolean isBeyond(Forward forward, long known) {
        return known > fence.number()
                || known == fence.number()
                        && forward.leader().filter(fence.start()::equals).isPresent();
    }
}
