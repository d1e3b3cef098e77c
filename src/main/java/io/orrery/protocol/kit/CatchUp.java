package io.orrery.protocol.kit;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Chooses the peer to fetch missing writes from, one at a time, and the timeout. A peer that does not answer gets a
 * longer timeout next time, and another peer is asked; a peer whose answer has begun is first asked for the rest a few
 * times, because another peer would start from the beginning. It sends nothing: its owner sends the requests ({@link
 * #asks}), keeps what the answers bring, and reports events.
 */
public final class CatchUp {
    private final Duration first;
    private final Duration longest;
    private final int mostUnanswered;
    private final Map<NodeId, Backoff> patience = new HashMap<>();
    /** The peer that was asked and has not answered; null if there is none. */
    private NodeId asked;
    /** How often in a row the next part was requested without an answer. */
    private int unanswered;
    /** Whether the peer has been asked again, since its answer was last due, because it showed that it is there. */
    private boolean prompted;

    /**
     * @param first the initial timeout
     * @param longest an exclusive upper bound of the timeout
     * @param mostUnanswered how often to request the rest of a partial answer before another peer is asked
     */
    public CatchUp(Duration first, Duration longest, int mostUnanswered) {
        this.first = first;
        this.longest = longest;
        this.mostUnanswered = mostUnanswered;
    }

    /** Whether a peer has been asked and may answer yet. */
    public boolean isUnderWay() {
        return asked != null;
    }

    /** Whether this peer has been asked and has not answered. */
    public boolean hasAsked(NodeId peer) {
        return peer.equals(asked);
    }

    /** Whether the peer that has been asked is one that has kept this replica waiting before. */
    public boolean isHeldUp() {
        return asked != null && isSlow(asked);
    }

    /** Whether a peer has kept this replica waiting, more often than it has answered in time since. */
    public boolean isSlow(NodeId peer) {
        Backoff with = patience.get(peer);
        return with != null && with.isLong();
    }

    /** How long an answer of this peer is waited for. */
    public Duration patienceWith(NodeId peer) {
        Backoff with = patience.get(peer);
        return with == null ? first : with.current();
    }

    /** The owner asks a peer, instead of any other. Returns after how long {@link #isLate} is to be called. */
    public Duration asks(NodeId peer) {
        asked = peer;
        return patienceWith(peer);
    }

    /** A peer that was asked has answered. */
    public void answered(NodeId by) {
        Backoff with = patience.get(by);
        if (unanswered == 0 && with != null) {
            with.shorten();
        }
        asked = null;
        unanswered = 0;
        prompted = false;
    }

    /**
     * A peer shows that it is there, perhaps without what it was asked, which was lost then. Once only until the answer is late:
     * there are peers that show it time and again, over links that are merely slow.
     *
     * @return whether to ask it again
     */
    public boolean isToBePrompted(NodeId peer) {
        boolean isToBe = peer.equals(asked) && isSlow(peer) && !prompted;
        prompted |= isToBe;
        return isToBe;
    }

    /** Messages pass to a peer and back: what kept it from answering is over. Returns whether to ask it again. */
    public boolean isInTouchWith(NodeId peer) {
        boolean isToBe = isToBePrompted(peer);
        patience.remove(peer);
        return isToBe;
    }

    /** What to do when an answer is late. */
    public enum Late {
        /** Nothing: it has come in time. */
        NOTHING,
        /** Ask the same peer for the rest. */
        ASK_AGAIN,
        /** Ask another peer, if there is one. */
        GIVE_UP
    }

    /**
     * The time for an answer is up.
     *
     * @param hasBegun the peer whose answer has come in part; null where none has
     */
    public Late isLate(NodeId hasBegun) {
        if (asked == null) {
            return Late.NOTHING;
        }
        NodeId peer = asked;
        asked = null;
        prompted = false;
        patience.computeIfAbsent(peer, it -> new Backoff(first, longest)).lengthen();
        if (peer.equals(hasBegun) && unanswered < mostUnanswered) {
            unanswered++;
            return Late.ASK_AGAIN;
        }
        unanswered = 0;
        return Late.GIVE_UP;
    }
}
