package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.raft.RaftMessage.Append;
import io.orrery.protocol.raft.RaftMessage.Appended;
import io.orrery.protocol.raft.RaftMessage.Snapshot;
import io.orrery.protocol.raft.RaftMessage.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The follower's side of the log (paper, figure 2: AppendEntries; figure 13: InstallSnapshot). */
final class Acceptance {
    private final Effects effects;
    private final Ballots ballots;
    private final RaftLog log;
    private final Store store;
    private final Commits commits;
    private Origin start;
    /** Up to where the log is known to be that of the leader of this term. */
    private long verified;

    private long verifiedIn;

    /** What has come of a snapshot; null if none is under way. */
    private Snapshot under;

    private final List<RaftEntry.Content> gathered = new ArrayList<>();

    Acceptance(Effects effects, Ballots ballots, RaftLog log, Store store, Commits commits) {
        this.effects = effects;
        this.ballots = ballots;
        this.log = log;
        this.store = store;
        this.commits = commits;
    }

    void start(Origin begun) {
        start = begun;
    }

    private Optional<Origin> blank() {
        return ballots.counts() ? Optional.empty() : Optional.of(start);
    }

    /** Entries of the leader of the term, or of one whose term is over. */
    void append(NodeId from, Append append) {
        boolean isCurrent = append.term() == ballots.term();
        // All up to the base is committed, so the leader has the same.
        boolean follows = append.previous() < log.base() || log.has(append.previous(), append.previousTerm());
        if (!isCurrent || !follows) {
            long hint = log.lastNotAbove(append.previous(), append.previousTerm());
            reply(from, append, false, hint, log.term(hint));
            return;
        }
        long stored = take(append);
        verify(stored);
        commits.reached(Math.min(append.commit(), stored));
        reply(from, append, true, stored, 0);
    }

    private void reply(NodeId from, Append append, boolean isStored, long index, long otherTerm) {
        effects.send(
                from,
                new Appended(
                        ballots.term(),
                        append.epoch(),
                        append.round(),
                        isStored,
                        index,
                        otherTerm,
                        append.previous(),
                        blank()));
    }

    /** Returns up to where the log is that of the leader now. */
    private long take(Append append) {
        long index = append.previous();
        for (LogEntry entry : append.entries()) {
            if (entry.index() > log.base() && !log.has(entry.index(), entry.term())) {
                if (entry.index() <= log.last()) {
                    Invariant.check(
                            entry.index() > commits.commit(),
                            "a committed entry is never replaced",
                            entry.index(),
                            commits.commit());
                    log.truncate(entry.index());
                }
                if (!log.hasRoomFor(entry.index())) {
                    break;
                }
                log.append(entry);
                if (entry instanceof LogEntry.Begun begun && isOfOwnChoice(begun)) {
                    ballots.count();
                }
            }
            index = entry.index();
        }
        return index;
    }

    /** Whether all replicas have voted for the leader, this one among them, which has not lost its memory since. */
    private boolean isOfOwnChoice(LogEntry.Begun begun) {
        return begun.unanimous()
                && begun.term() == ballots.term()
                && begun.leader().equals(ballots.vote())
                && !ballots.counts();
    }

    private void verify(long upTo) {
        verified = verifiedIn == ballots.term() ? Math.max(verified, upTo) : upTo;
        verifiedIn = ballots.term();
    }

    /** The leader of the term has committed up to an entry, which may not be here yet. */
    void committed(long index) {
        if (verifiedIn == ballots.term()) {
            commits.reached(Math.min(index, verified));
        }
    }

    /**
     * A part of a snapshot has come. Returns whether the snapshot is complete now, and leads on: entries between were applied
     * without being seen.
     */
    boolean snapshot(NodeId from, Snapshot part) {
        if (part.term() < ballots.term()) {
            return false;
        }
        boolean isNeeded = part.index() > commits.commit();
        if (isNeeded && part.offset() == 0 && !isOf(part)) {
            under = part;
            gathered.clear();
        }
        if (isNeeded && isOf(part) && part.offset() == gathered.size()) {
            gathered.addAll(part.items());
        }
        boolean isComplete = isNeeded && isOf(part) && gathered.size() == part.size();
        if (isComplete) {
            boolean goesOn = log.has(part.index(), part.indexTerm());
            store.replace(List.copyOf(gathered), part.index(), part.indexTerm(), !goesOn);
            log.replace(part.index(), part.indexTerm());
            commits.replaced(part.index());
            verify(part.index());
        }
        int has = isNeeded ? isOf(part) ? gathered.size() : 0 : part.size();
        if (isComplete) {
            under = null;
            gathered.clear();
        }
        effects.send(from, new Taken(ballots.term(), part.epoch(), part.index(), has));
        return isComplete;
    }

    private boolean isOf(Snapshot part) {
        return under != null
                && under.term() == part.term()
                && under.epoch() == part.epoch()
                && under.index() == part.index()
                && under.size() == part.size();
    }
}
