package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.RequestId;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.raft.RaftMessage.Append;
import io.orrery.protocol.raft.RaftMessage.Appended;
import io.orrery.protocol.raft.RaftMessage.Commit;
import io.orrery.protocol.raft.RaftMessage.Snapshot;
import io.orrery.protocol.raft.RaftMessage.Taken;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The leader's side of the log (paper, section 5.3 and 5.4.2): sends entries without waiting for answers (dissertation, section
 * 10.2.1), finds where a follower's log parts from its own, and commits what a majority has. What is sent waits for this
 * replica's own disk, so an entry that a follower has is on the leader's disk too.
 */
final class Replication {
    /** So many messages may be under way to a follower. */
    private static final int WINDOW = 16;

    private static final long MOST_BYTES = 256 << 10;

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Ballots ballots;
    private final RaftLog log;
    private final Store store;
    private final Commits commits;
    private final Configurations configurations;
    private final Map<NodeId, Follower> followers = new TreeMap<>();
    /** Whether no writes of clients are taken: another replica is about to lead. */
    private boolean isHeld;

    private Origin origin;
    private long round;
    private int ticks;

    Replication(
            ReplicaSettings settings,
            Effects effects,
            Ballots ballots,
            RaftLog log,
            Configurations configurations,
            Store store,
            Commits commits) {
        this.settings = settings;
        this.effects = effects;
        this.ballots = ballots;
        this.log = log;
        this.configurations = configurations;
        this.store = store;
        this.commits = commits;
    }

    void start(Origin begun) {
        origin = begun;
    }

    /**
     * This replica leads from now on. The first entry of the term commits all before it (paper, section 8).
     *
     * @param votes the starts of voters that are not counted
     */
    void begin(boolean isUnanimous, Map<NodeId, Optional<Origin>> votes) {
        followers.clear();
        isHeld = false;
        follow(log.last() + 1);
        if (isUnanimous) {
            followers.forEach((peer, follower) -> follower.votedAs(votes.getOrDefault(peer, Optional.empty())));
        }
        round = 0;
        ticks = 0;
        append(new LogEntry.Begun(log.last() + 1, ballots.term(), settings.self(), isUnanimous));
    }

    /**
     * Follows the members of the configuration in use; one that it removes is told until that is committed.
     *
     * @param next the entry to begin with where one is new
     */
    private void follow(long next) {
        Configuration configuration = configurations.current();
        for (NodeId peer : configuration.ids()) {
            if (!peer.equals(settings.self())) {
                followers.computeIfAbsent(peer, it -> new Follower(next));
            }
        }
        followers.forEach((peer, follower) -> follower.setVoter(configuration.hasVoter(peer)));
    }

    /** The configuration in use is committed. */
    void forgetRemoved() {
        int members = configurations.current().members().size();
        if (followers.size() > members || followers.size() == members && configurations.isVoter()) {
            followers
                    .keySet()
                    .removeIf(peer -> configurations.current().member(peer).isEmpty());
        }
    }

    /** What is known of a follower; empty where this replica does not lead, or it is none. */
    Optional<Follower> follower(NodeId peer) {
        return Optional.ofNullable(followers.get(peer));
    }

    /** How many entries each of the others lacks; empty where this replica does not lead. */
    SortedMap<NodeId, Long> lacking() {
        SortedMap<NodeId, Long> lacking = new TreeMap<>();
        followers.forEach((peer, follower) -> lacking.put(peer, log.last() - follower.match()));
        return lacking;
    }

    /** It no longer does. */
    void end() {
        followers.clear();
    }

    /** Takes no writes of clients, or takes them again. */
    void hold(boolean isNone) {
        isHeld = isNone;
    }

    /** Whether there is room for a client's entry. */
    boolean hasRoom() {
        return !isHeld && log.hasRoomFor(log.last() + 1 + LogEntry.RING / 2);
    }

    /** Appends a client's write. */
    void append(Origin caller, long number, Optional<RequestId> request, Operation operation) {
        append(new LogEntry.Command(log.last() + 1, ballots.term(), origin, caller, number, request, operation));
    }

    /** Appends a configuration, which is in use at once (dissertation, section 4.1). */
    void append(List<Configuration.Member> members) {
        append(new LogEntry.Configured(log.last() + 1, ballots.term(), members));
    }

    private void append(LogEntry entry) {
        if (log.hasRoomFor(entry.index())) {
            log.append(entry);
            if (entry instanceof LogEntry.Configured) {
                follow(entry.index());
            }
            sendAll();
            commit();
        }
    }

    private void sendAll() {
        followers.forEach(this::send);
    }

    private void send(NodeId to, Follower follower) {
        while (follower.mayBeSent(log.last(), WINDOW)) {
            if (follower.next() <= log.base()) {
                beginSnapshot(to, follower);
                return;
            }
            List<LogEntry> entries = log.from(follower.next(), settings.tuning().batch(), MOST_BYTES);
            effects.send(to, message(follower, follower.next() - 1, entries));
            follower.sent(entries.get(entries.size() - 1).index());
        }
    }

    private Append message(Follower to, long previous, List<LogEntry> entries) {
        return new Append(
                ballots.term(),
                to.epoch(),
                round,
                previous,
                previous == 0 ? 0 : log.term(previous),
                entries,
                commits.commit());
    }

    /** Shows each follower that this replica leads. Returns the round, which answers repeat. */
    long heartbeat() {
        round++;
        followers.forEach((peer, follower) -> {
            long previous = follower.next() - 1;
            effects.send(peer, message(follower, previous < log.base() ? 0 : previous, List.of()));
        });
        return round;
    }

    /** The last round in which a majority has answered that this replica leads. */
    long confirmedRound() {
        return majorityOf(round, follower -> follower.counts() ? follower.round() : 0);
    }

    /** What a majority of the voters has. A leader that is being removed is none of them (dissertation, section 4.2.2). */
    private long majorityOf(long own, ToLongFunction<Follower> count) {
        long[] counts = new long[configurations.voters().size()];
        int i = 0;
        if (configurations.isVoter()) {
            counts[i++] = own;
        }
        for (Follower follower : followers.values()) {
            if (follower.isVoter()) {
                counts[i++] = count.applyAsLong(follower);
            }
        }
        Arrays.sort(counts);
        return counts[counts.length - configurations.majority()];
    }

    /**
     * Time for heartbeats.
     *
     * @param patience after how many ticks a majority must have been heard
     * @return whether it still leads: it has been heard (dissertation, section 6.2)
     */
    boolean tick(int patience) {
        if (++ticks >= patience) {
            ticks = 0;
            long heard = (configurations.isVoter() ? 1 : 0)
                    + followers.values().stream()
                            .filter(follower -> follower.takeHeard() && follower.counts() && follower.isVoter())
                            .count();
            if (heard < configurations.majority()) {
                return false;
            }
        }
        followers.forEach((peer, follower) -> {
            follower.tick();
            if (follower.isPartLate()) {
                effects.send(peer, follower.part());
            }
        });
        sendAll();
        heartbeat();
        return true;
    }

    void answered(NodeId from, Appended answer) {
        Follower follower = followers.get(from);
        if (follower == null || answer.term() != ballots.term()) {
            return;
        }
        if (answer.blank().isPresent() && !follower.isKnownAs(answer.blank().get())) {
            follower.isBlank(answer.blank().get());
            admit(from, answer.blank().get());
            return;
        }
        if (answer.epoch() != follower.epoch()) {
            return;
        }
        follower.heard(answer.round());
        if (answer.isStored()) {
            follower.stored(answer.index());
            commit();
        } else {
            follower.differs(answer.previous(), agreed(answer));
        }
        send(from, follower);
    }

    /** Up to where the log of a follower may be the same: before the base where only a snapshot can tell. */
    private long agreed(Appended answer) {
        if (answer.index() < log.base()) {
            return answer.index();
        }
        long agreed = log.lastNotAbove(answer.index(), answer.otherTerm());
        return log.term(agreed) > answer.otherTerm() ? agreed - 1 : agreed;
    }

    /** Has a replica that has lost what it had, or never had anything, count once this is committed. */
    private void admit(NodeId replica, Origin start) {
        append(new LogEntry.Admitted(log.last() + 1, ballots.term(), replica, start));
    }

    void applied(LogEntry.Admitted entry) {
        Follower follower = followers.get(entry.replica());
        if (follower != null) {
            follower.admitted(entry.start());
            commit();
        }
    }

    /** Only entries of this term are counted: those before are committed with them (paper, figure 8). */
    private void commit() {
        long stored = majorityOf(log.last(), follower -> follower.counts() ? follower.match() : 0);
        if (stored > commits.commit() && log.term(stored) == ballots.term() && commits.reached(stored)) {
            Commit news = new Commit(ballots.term(), commits.commit());
            followers.keySet().forEach(peer -> effects.send(peer, news));
        }
    }

    // Snapshots (paper, section 7)

    private void beginSnapshot(NodeId to, Follower follower) {
        List<RaftEntry.Content> all = store.all();
        follower.sends(
                all,
                new Snapshot(
                        ballots.term(),
                        follower.epoch(),
                        store.applied(),
                        log.term(store.applied()),
                        0,
                        List.of(),
                        all.size(),
                        configurations.inSnapshot(store.applied())));
        sendPart(to, follower, 0);
    }

    private void sendPart(NodeId to, Follower follower, int offset) {
        List<RaftEntry.Content> all = follower.snapshot();
        int end = offset;
        long bytes = 0;
        while (end < all.size() && end - offset < settings.tuning().batch() && bytes < MOST_BYTES) {
            bytes += all.get(end++).bytes();
        }
        Snapshot head = follower.part();
        Snapshot part = new Snapshot(
                head.term(),
                head.epoch(),
                head.index(),
                head.indexTerm(),
                offset,
                List.copyOf(all.subList(offset, end)),
                head.size(),
                head.configuration());
        follower.sends(all, part);
        effects.send(to, part);
    }

    void taken(NodeId from, Taken answer) {
        Follower follower = followers.get(from);
        if (follower == null || answer.term() != ballots.term() || answer.epoch() != follower.epoch()) {
            return;
        }
        follower.heard(0);
        Snapshot part = follower.part();
        if (part == null || part.index() != answer.index()) {
            return;
        }
        if (answer.items() == part.size()) {
            follower.hasSnapshot(answer.index());
            commit();
            if (follower.blank() != null) {
                admit(from, follower.blank()); // The entry that did may be one that it will never see.
            }
            send(from, follower);
        } else if (answer.items() != part.offset() && answer.items() < part.size()) {
            // Less than before where the follower has restarted and forgotten the parts that it had.
            sendPart(from, follower, answer.items());
        }
    }
}
