package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.Configuration.Member;
import io.orrery.protocol.ConfigurationChange;
import io.orrery.protocol.ConfigurationChange.Answer;
import io.orrery.protocol.ConfigurationChange.Kind;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.raft.RaftMessage.Change;
import io.orrery.protocol.raft.RaftMessage.Changed;
import io.orrery.protocol.raft.RaftMessage.Lead;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Changes of who the replicas are, one at a time (dissertation, section 4.1), and of who leads (section 3.10). A new replica is a
 * learner first, and votes when it has caught up (section 4.2.1); a leader that is removed hands over when that is committed
 * (section 4.2.2). Any replica takes a request, and the leader carries it out.
 */
final class Changes {
    /** Requests of this replica that the leader has not answered; a further one takes the place of the oldest. */
    private static final int MOST_ASKED = 16;

    private static final String LEADER_CHANGED =
            "the leader has changed meanwhile: it may have been done; the list of members tells";

    /** A request that was handed to a leader. */
    private record Asked(NodeId leader, ConfigurationChange change, Consumer<Answer> answer) {}

    private final NodeId self;
    private final Effects effects;
    private final Ballots ballots;
    private final RaftLog log;
    private final Commits commits;
    private final Configurations configurations;
    private final Elections elections;
    private final Replication replication;
    /** The shortest election time-out, in ticks. */
    private final int timeout;

    private final TreeMap<Long, Asked> asked = new TreeMap<>();
    private long number;
    private Origin origin;

    // At the leader:

    /** The last request of each start that was heard: messages may come twice. */
    private final Map<Origin, Long> heard = new HashMap<>();
    /** The change whose entry is not committed yet; null if there is none. */
    private Asked open;

    /** Who is to lead in its place, since how many ticks, and who wants to know; null if nobody is. */
    private Asked transfer;

    private int transferTicks;
    /** The learner that catches up, with the end of the current round and the ticks since it began. */
    private NodeId learner;

    private long roundEnd;
    private int roundTicks;

    Changes(
            ReplicaSettings settings,
            Effects effects,
            Ballots ballots,
            RaftLog log,
            Commits commits,
            Configurations configurations,
            Elections elections,
            Replication replication) {
        this.self = settings.self();
        this.effects = effects;
        this.ballots = ballots;
        this.log = log;
        this.commits = commits;
        this.configurations = configurations;
        this.elections = elections;
        this.replication = replication;
        this.timeout = (int)
                Math.max(1, settings.get(RaftOptions.ELECTION_TIMEOUT).dividedBy(settings.get(RaftOptions.HEARTBEAT)));
    }

    void start(Origin begun) {
        origin = begun;
    }

    /** An operator asks this replica. */
    void request(ConfigurationChange change, Consumer<Answer> answer) {
        if (elections.isLeader()) {
            decide(new Asked(self, change, answer));
        } else if (elections.leader() == null) {
            answer.accept(Answer.unavailable("replica " + self + " knows of no leader now"));
        } else {
            if (asked.size() >= MOST_ASKED) {
                asked.pollFirstEntry().getValue().answer.accept(Answer.unknown("too much is asked at once"));
            }
            asked.put(++number, new Asked(elections.leader(), change, answer));
            effects.send(elections.leader(), new Change(origin, number, change));
        }
    }

    /** Another replica hands over what it was asked. */
    void asked(NodeId from, Change change) {
        if (elections.isLeader() && heard.getOrDefault(change.caller(), 0L) < change.number()) {
            heard.put(change.caller(), change.number());
            decide(new Asked(
                    self,
                    change.change(),
                    answer -> effects.send(from, new Changed(change.caller(), change.number(), answer))));
        }
    }

    void told(Changed answer) {
        if (answer.caller().equals(origin)) {
            Asked found = asked.remove(answer.number());
            if (found != null) {
                found.answer.accept(answer.answer());
            }
        }
    }

    /** Another replica leads, or none that is known. */
    void leaderChanged() {
        asked.values().removeIf(this::isOver);
        if (!elections.isLeader()) {
            if (open != null) {
                open.answer.accept(Answer.unknown(LEADER_CHANGED));
                open = null;
            }
            if (transfer != null && isOver(transfer)) {
                transfer = null;
            }
            heard.clear();
            learner = null;
        }
    }

    /** Answers what a leader was asked that leads no longer. Returns whether it was answered. */
    private boolean isOver(Asked was) {
        NodeId leader = elections.leader();
        if (leader == null || leader.equals(was.leader)) {
            return false;
        }
        boolean isDone = was.change.kind() == Kind.LEAD && was.change.replica().equals(leader);
        was.answer.accept(isDone ? leads(leader) : Answer.unknown(LEADER_CHANGED));
        return true;
    }

    private static Answer leads(NodeId leader) {
        return Answer.done("replica " + leader + " leads");
    }

    private void decide(Asked request) {
        Optional<Answer> objection = objection(request.change);
        if (objection.isPresent()) {
            request.answer.accept(objection.get());
            return;
        }
        Configuration now = configurations.current();
        NodeId replica = request.change.replica();
        switch (request.change.kind()) {
            case ADD -> {
                open = request;
                change(now.with(new Member(replica, false, Optional.empty())), request.change.known());
            }
            case REMOVE -> {
                open = request;
                change(now.without(replica), request.change.known());
            }
            case LEAD -> {
                if (replica.equals(self)) {
                    request.answer.accept(leads(self));
                    return;
                }
                transfer = request;
                transferTicks = 0;
                replication.hold(true);
                invite();
            }
        }
    }

    /** Appends a configuration, with the addresses that are known. */
    private void change(List<Member> members, List<Member> known) {
        replication.append(members.stream()
                .map(member -> new Member(
                        member.id(),
                        member.votes(),
                        member.address()
                                .or(() -> known.stream()
                                        .filter(it -> it.id().equals(member.id()))
                                        .findFirst()
                                        .flatMap(Member::address))))
                .toList());
        settle();
    }

    /** Why a change is not made; empty if it can be. */
    private Optional<Answer> objection(ConfigurationChange change) {
        if (transfer != null) {
            return refused("replica " + transfer.change.replica() + " is about to lead; ask again when it does");
        }
        // Otherwise two leaders could decide by majorities that do not overlap: Ongaro's correction of 2015.
        boolean knows = commits.commit() >= log.base() && log.term(commits.commit()) == ballots.term();
        if (!knows || !replication.hasRoom()) {
            return Optional.of(Answer.unavailable("the leader " + self + " does not know yet what is committed"));
        }
        Configuration now = configurations.current();
        if (!configurations.isCommitted()) {
            return refused("another change of the members is under way; one at a time");
        }
        return switch (change.kind()) {
            case ADD -> objectionToAdd(now, change);
            case REMOVE -> objectionToRemove(now, change.replica());
            case LEAD -> objectionToLead(now, change.replica());
        };
    }

    private static Optional<Answer> refused(String why) {
        return Optional.of(Answer.refused(why));
    }

    private Optional<Answer> objectionToAdd(Configuration now, ConfigurationChange change) {
        NodeId replica = change.replica();
        if (now.hasVoter(replica)) {
            return refused("replica " + replica + " is a member already");
        }
        if (now.learner().isPresent()) {
            return catchingUp(now.learner().get());
        }
        Optional<Configuration.Address> address = change.known().stream()
                .filter(it -> it.id().equals(replica))
                .findFirst()
                .flatMap(Member::address);
        return now.members().stream()
                .filter(member -> address.isPresent() && isShared(address.get(), member, change.known()))
                .findFirst()
                .flatMap(member -> refused("replica " + member.id() + " is reached at an address of that for " + replica
                        + ": " + address.get().http() + " or " + address.get().remoting()));
    }

    private static boolean isShared(Configuration.Address address, Member member, List<Member> known) {
        return member.address()
                .or(() -> known.stream()
                        .filter(it -> it.id().equals(member.id()))
                        .findFirst()
                        .flatMap(Member::address))
                .filter(it -> it.http().equals(address.http()) || it.remoting().equals(address.remoting()))
                .isPresent();
    }

    private Optional<Answer> catchingUp(NodeId replica) {
        return refused("replica " + replica + " is being added, and lacks "
                + replication
                        .follower(replica)
                        .map(it -> log.last() - it.match())
                        .orElse(0L)
                + " entries of the log; one change at a time: wait until it votes, or remove it first");
    }

    private Optional<Answer> objectionToRemove(Configuration now, NodeId replica) {
        if (now.member(replica).isEmpty()) {
            return notAMember(now, replica);
        }
        if (now.learner().filter(it -> !it.equals(replica)).isPresent()) {
            return catchingUp(now.learner().get());
        }
        List<NodeId> voters = now.voters();
        if (voters.equals(List.of(replica))) {
            return refused("replica " + replica + " is the only one that votes");
        }
        List<NodeId> left =
                voters.stream().filter(voter -> !voter.equals(replica)).toList();
        List<NodeId> answering = left.stream().filter(this::answers).toList();
        int majority = left.size() / 2 + 1;
        return answering.size() >= majority
                ? Optional.empty()
                : refused("that would lose the majority: of " + left + " then " + majority
                        + " must answer, and these do now: " + answering);
    }

    private boolean answers(NodeId voter) {
        return voter.equals(self)
                || replication
                        .follower(voter)
                        .filter(it -> it.counts() && it.isHeardWithin(timeout))
                        .isPresent();
    }

    private Optional<Answer> objectionToLead(Configuration now, NodeId replica) {
        if (!now.hasVoter(replica)) {
            return notAMember(now, replica);
        }
        return answers(replica) ? Optional.empty() : refused("replica " + replica + " does not answer now");
    }

    private static Optional<Answer> notAMember(Configuration now, NodeId replica) {
        return refused("replica " + replica + " is no member that votes; the members are " + now.members());
    }

    /** Time for heartbeats, at the leader. */
    void tick() {
        if (transfer != null && ++transferTicks > timeout) {
            transfer.answer.accept(Answer.refused("replica " + transfer.change.replica()
                    + " has not taken over within an election time-out; " + self + " leads on"));
            transfer = null;
            replication.hold(false);
        } else if (transfer != null) {
            invite();
        }
        configurations.current().learner().ifPresent(this::catchUp);
    }

    /** Has the heir stand, once it has the whole log. */
    private void invite() {
        NodeId heir = transfer.change.replica();
        if (replication.follower(heir).filter(it -> it.match() == log.last()).isPresent()) {
            effects.send(heir, new Lead(ballots.term()));
        }
    }

    /**
     * A learner receives what the log had when a round began; where a round takes no longer than an election time-out, it is not
     * much behind, and votes from then on. One that is never so quick stays a learner, which disturbs nobody.
     */
    private void catchUp(NodeId replica) {
        Follower follower = replication.follower(replica).orElseThrow();
        if (!replica.equals(learner)) {
            learner = replica;
            roundEnd = log.last();
            roundTicks = 0;
        }
        roundTicks++;
        if (!follower.counts() || follower.match() < roundEnd) {
            return;
        }
        if (roundTicks <= timeout && configurations.isCommitted() && transfer == null && replication.hasRoom()) {
            Configuration now = configurations.current();
            change(now.with(now.member(replica).orElseThrow().voting(true)), List.of());
            learner = null;
        } else {
            roundEnd = log.last();
            roundTicks = 0;
        }
    }

    /** The end of an input: what follows where a configuration has been committed. */
    void settle() {
        if (!elections.isLeader() || !configurations.isCommitted()) {
            return;
        }
        replication.forgetRemoved();
        if (open != null) {
            Asked done = open;
            open = null;
            String replica = "replica " + done.change.replica();
            done.answer.accept(Answer.done(
                    done.change.kind() == Kind.ADD
                            ? replica + " is a member: a learner, until it has caught up"
                            : replica + " is no member any more"));
        }
        if (!configurations.isVoter()) {
            configurations.voters().stream()
                    .filter(this::answers)
                    .max(Comparator.comparing(
                            voter -> replication.follower(voter).orElseThrow().match()))
                    .ifPresent(heir -> effects.send(heir, new Lead(ballots.term())));
            elections.stepDown();
        }
    }
}
