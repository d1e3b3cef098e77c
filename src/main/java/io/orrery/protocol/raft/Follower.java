package io.orrery.protocol.raft;

import io.orrery.model.Origin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What a leader knows of one follower. */
final class Follower {
    /** A follower that does not answer is sent the same again after so many ticks at the most. */
    private static final int MOST_TICKS = 64;

    /** The follower has all up to this entry. */
    private long match;
    /** The next entry to send. */
    private long next;
    /** Whether it is not known where the logs part: then one message is under way at a time. */
    private boolean isProbed = true;

    private boolean isWaitedFor;
    /** The last entry of each message that is under way. */
    private final Deque<Long> under = new ArrayDeque<>();

    private long epoch = 1;
    private long round;
    private boolean isHeard;
    /** Ticks without an answer since something was sent, and how many to let pass. */
    private int silent;

    private int patience = 1;
    /** The last start that was heard to have begun with an empty disk; null if none was. */
    private Origin blank;

    private boolean counts = true;

    private List<RaftEntry.Content> snapshot;
    private RaftMessage.Snapshot part;
    /** Ticks since the part was sent, and how many to let pass. */
    private int partTicks;

    private int partPatience = 1;

    /**
     * @param next the entry to begin with
     * @param blank its start, where it counts because all have voted for this leader; otherwise null
     */
    Follower(long next, Origin blank) {
        this.next = next;
        this.blank = blank;
    }

    long match() {
        return match;
    }

    long next() {
        return next;
    }

    long epoch() {
        return epoch;
    }

    /** The last round that it has answered. */
    long round() {
        return round;
    }

    /** The last start that was heard to have begun with an empty disk; null if none was. */
    Origin blank() {
        return blank;
    }

    boolean isKnownAs(Origin start) {
        return start.equals(blank);
    }

    /** Whether a majority may be made with it. */
    boolean counts() {
        return counts;
    }

    /** It has begun with an empty disk: nothing that was known of it is so any more. */
    void isBlank(Origin start) {
        blank = start;
        counts = false;
        epoch++;
        match = 0;
        round = 0;
        probe(1);
        snapshot = null;
        part = null;
    }

    /** An admission has been committed. */
    void admitted(Origin start) {
        counts |= isKnownAs(start);
    }

    void heard(long answered) {
        isHeard = true;
        silent = 0;
        patience = 1;
        round = Math.max(round, answered);
    }

    /** Whether it has been heard since this was asked last. */
    boolean takeHeard() {
        boolean was = isHeard;
        isHeard = false;
        return was;
    }

    boolean mayBeSent(long last, int window) {
        return next <= last && snapshot == null && (isProbed ? !isWaitedFor : under.size() < window);
    }

    void sent(long upTo) {
        isWaitedFor = true;
        if (!isProbed) {
            under.add(upTo);
            next = upTo + 1;
        }
    }

    void stored(long upTo) {
        match = Math.max(match, upTo);
        while (!under.isEmpty() && under.peek() <= match) {
            under.poll();
        }
        isProbed = false;
        isWaitedFor = false;
        next = Math.max(next, match + 1);
    }

    /** Its log is another at an entry. Returns whether that is news. */
    boolean differs(long previous, long agreed) {
        boolean isNews = previous > match && (isProbed ? previous == next - 1 : previous < next);
        if (isNews) {
            probe(Math.max(match, agreed) + 1);
        }
        return isNews;
    }

    private void probe(long from) {
        next = from;
        isProbed = true;
        isWaitedFor = false;
        under.clear();
    }

    /** A tick has passed. What is under way has been lost, perhaps, where no answer has come for a while. */
    void tick() {
        boolean isOpen = isWaitedFor || !under.isEmpty();
        if (isOpen && snapshot == null && ++silent >= patience) {
            silent = 0;
            patience = longer(patience);
            probe(match + 1);
        }
    }

    private static int longer(int ticks) {
        return Math.min(2 * ticks, MOST_TICKS);
    }

    /** A tick has passed. Returns whether to send the part of the snapshot again. */
    boolean isPartLate() {
        boolean isLate = part != null && ++partTicks >= partPatience;
        if (isLate) {
            partTicks = 0;
            partPatience = longer(partPatience);
        }
        return isLate;
    }

    List<RaftEntry.Content> snapshot() {
        return snapshot;
    }

    RaftMessage.Snapshot part() {
        return part;
    }

    /** A part of a snapshot is sent, for the first time. */
    void sends(List<RaftEntry.Content> items, RaftMessage.Snapshot of) {
        snapshot = items;
        part = of;
        partTicks = 0;
        partPatience = 1;
    }

    void hasSnapshot(long index) {
        snapshot = null;
        part = null;
        stored(index);
    }
}
