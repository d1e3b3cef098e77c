package io.orrery.protocol.raft;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.ServiceStatus.Service;
import io.orrery.protocol.ServiceStatus.Use;
import io.orrery.protocol.Timer;
import io.orrery.protocol.kit.Backoff;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.kit.ResendTimer;
import io.orrery.protocol.raft.RaftEntry.Item;
import io.orrery.protocol.raft.RaftMessage.Append;
import io.orrery.protocol.raft.RaftMessage.Appended;
import io.orrery.protocol.raft.RaftMessage.Ask;
import io.orrery.protocol.raft.RaftMessage.Commit;
import io.orrery.protocol.raft.RaftMessage.Forward;
import io.orrery.protocol.raft.RaftMessage.Index;
import io.orrery.protocol.raft.RaftMessage.Snapshot;
import io.orrery.protocol.raft.RaftMessage.Taken;
import io.orrery.protocol.raft.RaftMessage.Vote;
import io.orrery.protocol.raft.RaftMessage.Voted;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A replica: gives each input to the part that it is for. */
final class Raft implements Protocol {
    /** What is not answered is sent again after so many times the patience of the deployment at the most. */
    private static final int LONGEST_PATIENCE = 64;

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Jitter jitter = new Jitter();
    private final Ballots ballots;
    private final RaftLog log;
    private final Store store;
    private final Commits commits;
    private final Elections elections;
    private final Acceptance acceptance;
    private final Replication replication;
    private final Writes writes;
    private final Reads reads;
    private final ResendTimer resendTimer;
    private NodeId lastLeader;
    private long lastTerm;
    private boolean isTicking;
    private Origin origin;

    Raft(ReplicaSettings settings, Effects effects) {
        this(settings, effects, Answers.MOST);
    }

    /** @param remembered how many requests with an id are remembered: the same at all replicas */
    Raft(ReplicaSettings settings, Effects effects, int remembered) {
        this.settings = settings;
        this.effects = effects;
        ballots = new Ballots(effects);
        log = new RaftLog(effects);
        store = new Store(effects, remembered);
        commits = new Commits(effects, log, store, settings.get(RaftOptions.SNAPSHOT_THRESHOLD), this::applied);
        replication = new Replication(settings, effects, ballots, log, store, commits);
        elections = new Elections(settings, effects, ballots, log, jitter, this::won, replication::end);
        acceptance = new Acceptance(effects, ballots, log, store, commits);
        writes = new Writes(settings, effects, ballots, store, elections, replication);
        reads = new Reads(effects, ballots, log, store, commits, elections, replication);
        Duration patience = settings.tuning().patience();
        resendTimer = new ResendTimer(
                new Backoff(patience, patience.multipliedBy(LONGEST_PATIENCE)),
                after -> effects.setTimer(Alarm.RESEND, after));
    }

    @Override
    public void recover(JournalEntry entry) {
        if (entry instanceof LogEntry logged) {
            log.recover(logged);
        } else if (entry instanceof RaftEntry.Ballot ballot) {
            ballots.recover(ballot);
        } else if (entry instanceof Item item) {
            store.recover(item);
        } else if (entry instanceof RaftEntry.Answered answered) {
            store.recover(answered);
        } else if (entry instanceof RaftEntry.Kept kept) {
            log.recover(kept);
            store.recover(kept);
        } else if (entry instanceof RaftEntry.Committed committed) {
            commits.recover(committed);
        }
    }

    @Override
    public void start(Start begun) {
        jitter.seed(begun);
        origin = new Origin(settings.self(), begun.incarnation(), 0, begun.id());
        log.start();
        commits.start();
        acceptance.start(origin);
        replication.start(origin);
        writes.start(origin);
        reads.start(origin);
        elections.start(origin);
        finish();
    }

    private void won() {
        if (!ballots.counts()) {
            ballots.count(); // All have voted for it.
        }
        replication.begin(elections.isUnanimous(), elections.votes());
    }

    private void applied(LogEntry entry) {
        if (entry instanceof LogEntry.Admitted admitted) {
            if (!ballots.counts() && admitted.start().equals(origin)) {
                ballots.count();
            }
            replication.applied(admitted);
        } else {
            writes.applied(entry);
        }
        reads.applied();
    }

    @Override
    public void request(Request request) {
        if (request.operation() instanceof Operation.HandMadeWrite) {
            effects.reply(request, new Outcome.Refused(Outcome.Reason.INVALID, "raft takes no writes made by hand"));
            return;
        }
        if (request.operation() instanceof Operation.Read) {
            reads.request(request);
        } else {
            writes.request(request);
        }
        finish();
    }

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof Append append) {
            leads(from, append.term());
            acceptance.append(from, append);
        } else if (message instanceof Appended answer) {
            elections.observe(answer.term());
            if (elections.isLeader()) {
                replication.answered(from, answer);
            }
        } else if (message instanceof Commit commit) {
            if (commit.term() == ballots.term() && !elections.isLeader()) {
                acceptance.committed(commit.index());
            }
        } else if (message instanceof Forward forward) {
            writes.forwarded(forward);
        } else if (message instanceof Ask ask) {
            reads.asked(from, ask);
        } else if (message instanceof Index index) {
            resendTimer.answered();
            reads.told(index);
        } else if (message instanceof Vote vote) {
            elections.asked(from, vote);
        } else if (message instanceof Voted voted) {
            elections.voted(from, voted);
        } else if (message instanceof Snapshot part) {
            leads(from, part.term());
            if (acceptance.snapshot(from, part)) {
                writes.skipped();
                reads.applied();
            }
        } else if (message instanceof Taken taken) {
            elections.observe(taken.term());
            replication.taken(from, taken);
        }
        finish();
    }

    /** A leader has been heard, if its term is not over. */
    private void leads(NodeId from, long term) {
        elections.observe(term);
        if (term == ballots.term()) {
            Invariant.check(!elections.isLeader(), "a term has one leader", from);
            elections.heard(from);
        }
    }

    @Override
    public void timer(Timer timer) {
        if (timer == Alarm.ELECTION) {
            elections.timedOut();
        } else if (timer == Alarm.TICK) {
            isTicking = false;
            tick();
        } else if (timer == Alarm.RESEND) {
            reads.resend();
            writes.resend();
            resendTimer.ranOut(isIdle());
        }
        finish();
    }

    private void tick() {
        if (!elections.isLeader()) {
            elections.askAgain();
        } else if (replication.tick(ticksOfPatience())) {
            elections.calm();
        } else {
            elections.stepDown();
        }
    }

    private int ticksOfPatience() {
        return (int) Math.max(2, 2 * elections.patience().dividedBy(settings.get(RaftOptions.HEARTBEAT)));
    }

    private boolean isIdle() {
        return reads.isEmpty() && writes.isEmpty();
    }

    /** The end of each input. */
    private void finish() {
        if (ballots.term() != lastTerm || elections.leader() != lastLeader) {
            lastTerm = ballots.term();
            lastLeader = elections.leader();
            reads.leaderChanged();
            writes.leaderChanged();
        }
        reads.confirmed();
        commits.keep();
        boolean ticks = elections.role() != Elections.Role.FOLLOWER;
        if (ticks && !isTicking) {
            isTicking = true;
            effects.setTimer(Alarm.TICK, settings.get(RaftOptions.HEARTBEAT));
        }
        if (!isIdle() && resendTimer.start()) {
            writes.mark();
        }
    }

    @Override
    public void reachable(NodeId peer) {}

    @Override
    public long counted() {
        return log.last();
    }

    @Override
    public ServiceStatus serviceStatus() {
        List<NodeId> peers = settings.peers();
        List<NodeId> awaited = ballots.counts() ? List.of() : peers;
        int needed = elections.majority() - 1;
        return new ServiceStatus(
                List.of(),
                List.of(),
                List.of(
                        new Service("reads", Use.READS, peers, needed, awaited),
                        new Service("writes", Use.WRITES, peers, needed, awaited)));
    }

    @Override
    public Optional<Item> lookup(Key key) {
        return store.lookup(key);
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        store.forEach(action);
    }

    @Override
    public Object clock() {
        return store.applied();
    }

    @Override
    public ReplicaStatus status() {
        // One line for all: the log has no other writers than its leaders, one after the other.
        Map<Origin, Long> lastWrite = new TreeMap<>();
        if (store.lastWrite() > 0) {
            lastWrite.put(Origin.of(settings.replicas().get(0).name()), store.lastWrite());
        }
        return new ReplicaStatus(
                        String.valueOf(store.applied()),
                        VersionVector.of(lastWrite),
                        store.keys(),
                        store.tombstones(),
                        List.of(),
                        new TreeMap<>(),
                        new ReplicaStatus.Memory(
                                store.bytes(), settings.tuning().storeBytes(), false))
                .with(facts());
    }

    /** The state of figure 2 of the paper, as far as it tells who leads and how far the log is. */
    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("role", elections.role().toString().toLowerCase(Locale.ROOT).replace('_', '-'));
        facts.put("term", ballots.term());
        if (elections.leader() != null) {
            facts.put("leader", elections.leader().name());
        }
        facts.put("last", log.last());
        facts.put("commit", commits.commit());
        facts.put("applied", store.applied());
        return facts;
    }

    static final NamedInvariant TERMS =
            new NamedInvariant("terms-only-grow", "The term of a replica never falls, nor does a crash take it back.");

    static final NamedInvariant COMMITTED = new NamedInvariant(
            "committed-is-stored",
            "What is applied is committed, and what is committed is in the log or its snapshot.");

    @Override
    public void inspect(Inspection inspection) {
        inspection.remembers(TERMS, "term", ballots.term());
        inspection.invariant(
                COMMITTED, store.applied() == commits.commit() && commits.commit() <= log.last(), commits.commit());
        inspection.keeps("entries after the snapshot", log.last() - log.snapshot(), LogEntry.RING);
        inspection.keeps("requests with an id", store.remembered(), Answers.MOST);
        inspection.owes("writes to the log", writes.isEmpty() ? 0 : 1);
        inspection.owes("reads to the leader", reads.isEmpty() ? 0 : 1);
    }
}
