package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.kit.Invariant;
import java.util.Optional;

/** The term and the vote, durable before anything is sent that follows from them (paper, figure 2). */
final class Ballots {
    private final Effects effects;
    private long term;
    private NodeId vote;
    private boolean counts;

    Ballots(Effects effects) {
        this.effects = effects;
    }

    void recover(RaftEntry.Ballot entry) {
        term = entry.term();
        vote = entry.vote().orElse(null);
        counts = entry.counts();
    }

    long term() {
        return term;
    }

    /** For whom this replica has voted in the term; null for nobody. */
    NodeId vote() {
        return vote;
    }

    /**
     * Whether this replica makes a majority with others. One whose disk was empty may have lost it, with a vote that it gave
     * and entries that it had confirmed. It counts
     *
     * <ul>
     *   <li>when all replicas, without exception, have voted for one leader, and it has the first entry of that term: no other
     *       candidate, nor an earlier leader, can make use any more of what it may have said before. So a new store begins,
     *       and so a store goes on of which a majority has lost its disks;
     *   <li>or when a leader has had its admission committed by a majority of those that count. These elect nobody whose log
     *       lacks that entry; nor does this replica, which has it.
     * </ul>
     */
    boolean counts() {
        return counts;
    }

    /** A higher term has begun. */
    void adopt(long higher) {
        Invariant.check(higher > term, "a term only grows", higher, term);
        term = higher;
        vote = null;
        keep();
    }

    void voteFor(NodeId candidate) {
        Invariant.check(vote == null || vote.equals(candidate), "one vote a term", vote, candidate);
        if (vote == null) {
            vote = candidate;
            keep();
        }
    }

    void count() {
        counts = true;
        keep();
    }

    private void keep() {
        effects.persist(new RaftEntry.Ballot(term, Optional.ofNullable(vote), counts));
    }
}
