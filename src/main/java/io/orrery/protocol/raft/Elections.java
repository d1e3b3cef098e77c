package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Role.Duty;
import io.orrery.protocol.kit.Backoff;
import io.orrery.protocol.raft.RaftMessage.Vote;
import io.orrery.protocol.raft.RaftMessage.Voted;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who leads (paper, section 5.2 and 5.4.1). A replica that hears nothing of a leader first asks whether it would be elected, and
 * disturbs nobody if not (dissertation, section 9.6); who hears of a leader votes for nobody else (section 4.2.3). Where
 * elections fail, time-outs grow: links may be slower than the time-outs are short.
 */
final class Elections {
    /** What a replica is in its term. */
    enum Role {
        FOLLOWER("follower", Duty.FOLLOWS),
        /** It asks whether it would be elected. */
        CANVASSER("pre-candidate", Duty.STANDS),
        CANDIDATE("candidate", Duty.STANDS),
        LEADER("leader", Duty.LEADS);

        final String name;
        final Duty duty;

        Role(String name, Duty duty) {
            this.name = name;
            this.duty = duty;
        }
    }

    /** Time-outs grow to no more than this many times the first. */
    private static final int MOST_PATIENCE = 32;

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Ballots ballots;
    private final RaftLog log;
    private final Configurations configurations;
    private final Jitter jitter;
    private final Runnable won;
    private final Runnable lost;
    private final Backoff patience;
    /** Who would vote for this replica, and who has; the start of those that are not counted. */
    private final Map<NodeId, Optional<Origin>> promised = new TreeMap<>();

    private final Map<NodeId, Optional<Origin>> voted = new TreeMap<>();
    private Role role = Role.FOLLOWER;
    private NodeId leader;
    /** The term in which this start stands, and has not won yet: only its votes count. */
    private long standing;

    private boolean isTransfer;
    private Origin start;

    /**
     * @param won called when this replica has become the leader
     * @param lost called when it no longer is
     */
    Elections(
            ReplicaSettings settings,
            Effects effects,
            Ballots ballots,
            RaftLog log,
            Configurations configurations,
            Jitter jitter,
            Runnable won,
            Runnable lost) {
        this.settings = settings;
        this.effects = effects;
        this.ballots = ballots;
        this.log = log;
        this.configurations = configurations;
        this.jitter = jitter;
        this.won = won;
        this.lost = lost;
        Duration first = settings.get(RaftOptions.ELECTION_TIMEOUT);
        this.patience = new Backoff(first, first.multipliedBy(MOST_PATIENCE + 1L));
    }

    Role role() {
        return role;
    }

    /** The same for people and checks. */
    io.orrery.protocol.Role shown() {
        return new io.orrery.protocol.Role(role.name, role.duty, ballots.term(), Optional.ofNullable(leader()));
    }

    boolean isLeader() {
        return role == Role.LEADER;
    }

    /** The leader of the term, as far as this replica knows; null if it knows none. */
    NodeId leader() {
        return isLeader() ? settings.self() : leader;
    }

    /** How long a leader may go unheard now, at the least. */
    Duration patience() {
        return patience.current();
    }

    void start(Origin begun) {
        start = begun;
        await();
        if (isFresh() && isFirst()) {
            canvass();
        }
    }

    /** Whether this replica has never voted nor stored anything, as far as its disk says. */
    private boolean isFresh() {
        return ballots.term() == 0 && log.last() == 0;
    }

    private boolean isFirst() {
        return settings.replicas().get(0).equals(settings.self());
    }

    private Optional<Origin> blank() {
        return ballots.counts() ? Optional.empty() : Optional.of(start);
    }

    /** Waits for a leader, from now on. */
    private void await() {
        effects.setTimer(Alarm.ELECTION, jitter.stretch(patience.current()));
    }

    /** A message of this term has come. */
    void observe(long term) {
        if (term > ballots.term()) {
            ballots.adopt(term);
            promised.clear();
            stepDown();
        }
    }

    /** The leader of the term has been heard. */
    void heard(NodeId by) {
        if (role != Role.FOLLOWER) {
            stepDown();
        }
        leader = by;
        patience.shorten();
        await();
    }

    /** A leader that a majority no longer hears (dissertation, section 6.2), or one of an earlier term. */
    void stepDown() {
        boolean led = isLeader();
        role = Role.FOLLOWER;
        leader = null;
        standing = 0;
        await();
        if (led) {
            lost.run();
        }
    }

    /** Nobody was heard for too long. */
    void timedOut() {
        if (isLeader()) {
            return;
        }
        boolean isSecondary = isFresh() && !isFirst(); // Where all are new, one is enough to ask all others.
        if (isSecondary || !configurations.mayLead()) {
            await();
            return;
        }
        if (role == Role.CANDIDATE || role == Role.CANVASSER && ballots.counts()) {
            patience.lengthen();
            promised.clear();
        }
        canvass();
    }

    /** A majority has been heard by this leader. */
    void calm() {
        patience.shorten();
    }

    /** Would this replica be elected? */
    void canvass() {
        role = Role.CANVASSER;
        leader = null;
        isTransfer = false;
        promised.put(settings.self(), blank());
        await();
        ask();
        mayStand();
    }

    private void mayStand() {
        if (role == Role.CANVASSER && isEnough(promised)) {
            stand();
        }
    }

    /** A majority of the voters that count, or all, whether they count or not. */
    private boolean isEnough(Map<NodeId, Optional<Origin>> votes) {
        long counted = configurations.voters().stream()
                .filter(voter -> votes.containsKey(voter) && votes.get(voter).isEmpty())
                .count();
        return hasAll(votes) || ballots.counts() && counted >= configurations.majority();
    }

    private boolean hasAll(Map<NodeId, Optional<Origin>> votes) {
        return votes.keySet().containsAll(configurations.voters());
    }

    /** Whether all have voted for this leader. */
    boolean isUnanimous() {
        return hasAll(voted);
    }

    /** The start of each voter that is not counted. */
    Map<NodeId, Optional<Origin>> votes() {
        return voted;
    }

    /** The leader wants this replica to lead in its place, and has made sure that its log is complete (section 3.10). */
    void invited(NodeId by, long term) {
        if (term != ballots.term() || isLeader() || !by.equals(leader) || !configurations.isVoter()) {
            return;
        }
        leader = null;
        isTransfer = true;
        stand();
    }

    private void stand() {
        role = Role.CANDIDATE;
        ballots.adopt(ballots.term() + 1);
        ballots.voteFor(settings.self());
        standing = ballots.term();
        promised.clear();
        voted.clear();
        voted.put(settings.self(), blank());
        await();
        ask();
        mayLead();
    }

    private void mayLead() {
        if (standing == ballots.term() && role != Role.FOLLOWER && isEnough(voted)) {
            role = Role.LEADER;
            standing = 0;
            won.run();
        }
    }

    void askAgain() {
        if (role == Role.CANVASSER || role == Role.CANDIDATE) {
            ask();
        }
    }

    /** Asks those who have not answered. */
    private void ask() {
        boolean isTrial = role == Role.CANVASSER;
        Map<NodeId, Optional<Origin>> answered = isTrial ? promised : voted;
        Vote vote = new Vote(ballots.term() + (isTrial ? 1 : 0), isTrial, isTransfer, log.last(), log.lastTerm());
        for (NodeId peer : configurations.voters()) {
            if (!answered.containsKey(peer) && !peer.equals(settings.self())) {
                effects.send(peer, vote);
            }
        }
    }

    void asked(NodeId from, Vote vote) {
        if (leader() != null && !vote.transfer()) {
            return;
        }
        if (!vote.trial()) {
            observe(vote.term());
        }
        boolean isComplete =
                vote.lastTerm() > log.lastTerm() || vote.lastTerm() == log.lastTerm() && vote.last() >= log.last();
        boolean isFree = vote.trial()
                ? vote.term() > ballots.term()
                : vote.term() == ballots.term()
                        && (ballots.vote() == null || ballots.vote().equals(from));
        boolean granted = isComplete && isFree;
        if (granted && !vote.trial()) {
            ballots.voteFor(from);
            await();
        }
        effects.send(from, new Voted(ballots.term(), vote.term(), vote.trial(), granted, blank()));
    }

    void voted(NodeId from, Voted answer) {
        if (!answer.granted()) {
            observe(answer.term());
        } else if (answer.trial()) {
            if (answer.asked() == ballots.term() + 1) {
                promised.put(from, answer.blank());
                mayStand();
            }
        } else if (answer.asked() == standing) {
            voted.put(from, answer.blank());
            mayLead();
        }
    }
}
