package io.orrery.protocol.singleleader;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Preconditions;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.dissemination.Dependency;
import io.orrery.protocol.dissemination.Range;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.ReplicationListener;
import io.orrery.protocol.dissemination.Write;
import io.orrery.protocol.kit.Backoff;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.kit.ResendTimer;
import io.orrery.protocol.kit.SessionTokens;
import io.orrery.protocol.singleleader.LeaderMessage.Acknowledge;
import io.orrery.protocol.singleleader.LeaderMessage.AskPosition;
import io.orrery.protocol.singleleader.LeaderMessage.Forward;
import io.orrery.protocol.singleleader.LeaderMessage.Ordered;
import io.orrery.protocol.singleleader.LeaderMessage.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The single-leader family: one replica orders all writes by numbering them, and all replicas apply them. The leader
 * does not wait for one write to order the next, and a slow follower holds up only those writes that must wait for it.
 * What a protocol of the family chooses is its {@link Level}.
 *
 * <p>A leader that starts takes no write before it has heard so many followers, and has all that they have, that nothing is
 * missing that it ever confirmed: its memory may be an older copy, or lost. In a new store nothing can be missing.
 *
 * <p>Source: the labs "Four consistency levels over a primary" and "Single leader, write quorum"; Kleppmann, "Designing
 * Data-Intensive Applications", 2017, chapter 5.
 */
final class SingleLeader implements Protocol, ReplicationListener {
    private enum Timers implements Timer {
        /** Resends what has no answer. */
        RESEND
    }

    /**
     * How many times the patience with a late message is the patience with a late answer, at first: what is lost is sent
     * again after once to twice that long.
     */
    private static final int ANSWER_PATIENCE = 5;

    private final ReplicaSettings settings;
    private final Level level;
    private final NodeId leader;
    private final Effects effects;
    private final Replication replication;
    private final PendingForwards pendingForwards;
    private final Ordering ordering;
    private final Reads reads;
    private final HandMadeWrites byHand;
    private final ResendTimer resendTimer;

    SingleLeader(ReplicaSettings settings, Effects effects, Level level) {
        this.settings = settings;
        this.level = level;
        this.leader = settings.options().get(ProtocolOptions.LEADER);
        this.effects = effects;
        PlausibilityCheck plausibilityCheck = new PlausibilityCheck(settings, this);
        this.replication = new Replication(settings, effects, this, level.startTerms(settings));
        this.pendingForwards = new PendingForwards(settings, effects);
        this.ordering = new Ordering(settings, level, effects, replication);
        SessionTokens tokens = new SessionTokens(settings.replicas(), plausibilityCheck);
        this.reads = new Reads(settings, level, effects, replication, pendingForwards, ordering, tokens, this::request);
        this.byHand = new HandMadeWrites(settings, level, plausibilityCheck, replication, ordering);
        Duration first = settings.tuning().patience().multipliedBy(ANSWER_PATIENCE);
        this.resendTimer = new ResendTimer(
                new Backoff(first, settings.tuning().antiEntropy()), after -> effects.setTimer(Timers.RESEND, after));
    }

    private boolean leads() {
        return leader.equals(settings.self());
    }

    @Override
    public void recover(JournalEntry entry) {
        if (entry instanceof LeaderEntry.OrderedFor ordered) {
            ordering.recover(ordered);
        } else if (entry instanceof LeaderEntry.Fenced fenced) {
            ordering.recover(fenced);
        } else if (entry instanceof LeaderEntry.Taken) {
            return;
        } else if (entry instanceof LeaderEntry.Handed handed) {
            pendingForwards.recover(handed);
        } else if (entry instanceof LeaderEntry.Settled settled) {
            pendingForwards.recover(settled);
        } else {
            boolean isKnown = replication.recover(entry);
            Preconditions.require(isKnown, () -> "not an entry of this protocol's journal: " + entry);
        }
    }

    @Override
    public void start(Start start) {
        replication.start(start);
        pendingForwards.start(replication.origin());
        ordering.start();
        if (leads()) {
            ordering.whenWholeIfRoom(0, () -> pendingForwards.takeBack(it -> ordering.order(it, write -> {})));
        } else {
            pendingForwards.resend();
        }
        resendLater();
    }

    @Override
    public void request(Request request) {
        replication.requireStarted();
        Operation operation = request.operation();
        if (operation instanceof Operation.Read) {
            if (reads.read(request)) {
                resendLater();
            }
        } else if (operation instanceof Operation.HandMadeWrite handMadeWrite) {
            byHand(request, byHand.make(handMadeWrite));
        } else if (leads()) {
            ordering.whenWhole(request, () -> order(request));
        } else if (level.takers() == Level.Takers.LEADER) {
            effects.reply(request, new Outcome.Refused(Outcome.Reason.NOT_LEADER, leader.name()));
        } else {
            forward(request);
        }
    }

    // Writes

    private void order(Request request) {
        Invariant.check(leads(), "the leader alone orders writes", settings.self(), leader);
        if (!ordering.matches(request.operation())) {
            lookAgain(request);
            return;
        }
        if (refusedForRoom(request)) {
            return;
        }
        ordering.order(
                request.operation(),
                write -> done(request, write.value(), Optional.of(write.version()), Outcome.Status.APPLIED));
        resendLater();
    }

    /** A compare-and-set did not match: what its client learns is what a read finds. */
    private void lookAgain(Request request) {
        reads.read(request);
        resendLater();
    }

    private boolean refusedForRoom(Request request) {
        Optional<String> lack = ordering.lackOfRoom(request.operation());
        lack.ifPresent(why -> effects.reply(request, new Outcome.Refused(Outcome.Reason.FULL, why)));
        return lack.isPresent();
    }

    private void forward(Request request) {
        if (refusedForRoom(request)) {
            return;
        }
        if (pendingForwards.isFull()) {
            effects.reply(
                    request,
                    new Outcome.Refused(Outcome.Reason.OVERLOADED, "too many writes wait for an answer of the leader"));
            return;
        }
        if (level.writeReturns() == Level.WriteReturns.AT_ONCE) {
            pendingForwards.writeForSure(request.operation());
            done(request, Ordering.valueOf(request.operation()), Optional.empty(), Outcome.Status.ACCEPTED);
        } else {
            pendingForwards.write(request, replication.currentStart(leader), replication.startsOf(leader));
        }
        resendLater();
    }

    private void ordered(Ordered ordered) {
        // A replaced process may have ordered it as well, without effect.
        Request request = replication.isCurrent(ordered.by())
                ? pendingForwards.written(ordered.caller(), ordered.number())
                : null;
        if (request == null) {
            return;
        }
        if (ordered.isDeclined()) {
            reads.readAfterLeader(request);
            resendLater();
            return;
        }
        Dependency applied =
                new Dependency.Prefix(ordered.dot().origin(), ordered.dot().sequence());
        replication.whenMet(
                applied,
                request,
                () -> done(
                        request,
                        Ordering.valueOf(request.operation()),
                        Optional.of(ordered.version()),
                        Outcome.Status.APPLIED));
    }

    private void done(Request request, Optional<Value> value, Optional<Version> version, Outcome.Status status) {
        effects.reply(request, new Outcome.Done(value, version, status, reads.sessionNow()));
    }

    private void byHand(Request request, Outcome outcome) {
        if (outcome instanceof Outcome.Done made) {
            done(request, made.value(), made.version(), made.status());
        } else {
            effects.reply(request, outcome);
        }
    }

    // Messages

    @Override
    public void message(NodeId from, Message message) {
        replication.requireStarted();
        if (message instanceof Acknowledge || message instanceof Ordered || message instanceof Position) {
            resendTimer.answered();
        }
        if (message instanceof Acknowledge ack) {
            if (replication.isCurrent(ack.by())) {
                ordering.acknowledged(from, ack.origin(), ack.first(), ack.last());
            }
        } else if (message instanceof Forward forward) {
            if (leads()) {
                ordering.order(from, forward);
                resendLater();
            }
        } else if (message instanceof Ordered ordered) {
            ordered(ordered);
        } else if (message instanceof AskPosition ask) {
            reads.asked(from, ask);
        } else if (message instanceof Position position) {
            reads.positioned(position);
        } else {
            replication.message(from, message);
            ordering.noteWhatIsForgotten();
            orderWhatWaited();
        }
    }

    @Override
    public void applied(Write write) {
        acknowledge(write.dot().origin(), write.dot().sequence(), write.dot().sequence());
    }

    @Override
    public void caughtUp(List<Range> islands) {
        replication.known().forEach((origin, count) -> acknowledge(origin, origin.before() + 1, count));
        islands.forEach(island -> acknowledge(island.origin(), island.first(), island.last()));
    }

    private void acknowledge(Origin origin, long first, long last) {
        if (!leads() && leader.equals(origin.node()) && ordering.followersNeeded() > 0) {
            effects.send(leader, new Acknowledge(replication.origin(), origin, first, last));
        }
    }

    @Override
    public void heard(NodeId peer, VersionVector known) {
        known.forEach((origin, count) -> {
            if (origin.node().equals(settings.self())) {
                ordering.acknowledged(peer, origin, origin.before() + 1, count);
            }
        });
    }

    // What has no answer

    /** Followers wrote it while this leader recovered, or this replica did before it led. */
    private void orderWhatWaited() {
        if (ordering.runWhatWaitedForWhole()) {
            resendLater();
        }
    }

    private void resendLater() {
        if (!isIdle() && resendTimer.start()) {
            pendingForwards.mark();
            ordering.mark();
        }
    }

    /** Whether no request of this replica waits for an answer. */
    private boolean isIdle() {
        return pendingForwards.isEmpty() && ordering.isSettled();
    }

    /** For a young request the answer may be in flight, but not if nobody has answered for long. */
    private void resend() {
        if (resendTimer.isSilent()) {
            pendingForwards.resend();
            ordering.laggards().forEach(replication::reachable);
        } else {
            pendingForwards.resendMarked();
            ordering.markedLaggards().forEach(replication::reachable);
        }
    }

    @Override
    public void timer(Timer timer) {
        if (timer != Timers.RESEND) {
            replication.timer(timer);
            orderWhatWaited();
            return;
        }
        resend();
        resendTimer.ranOut(isIdle());
        resendLater();
    }

    @Override
    public void unreachable(NodeId peer) {
        replication.unreachable(peer);
    }

    @Override
    public void reachable(NodeId peer) {
        replication.reachable(peer);
        if (leader.equals(peer)) {
            pendingForwards.resend();
            resendTimer.reset(); // Setting it anew takes the place of a late one.
            resendLater();
        }
    }

    // What can be seen

    @Override
    public ServiceStatus serviceStatus() {
        return replication.standing(
                leads()
                        ? level.servicesOfLeader(settings.peers(), ordering.followersNeeded(), replication.awaited())
                        : level.servicesOfFollower(leader, settings.peers()));
    }

    @Override
    public Optional<Update> lookup(Key key) {
        return replication.lookup(key);
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        replication.forEach(action);
    }

    @Override
    public Object clock() {
        return replication.known();
    }

    /** Versions count the writes of a key, which are fewer than all. */
    @Override
    public long counted() {
        return replication.known().sum();
    }

    @Override
    public long startsOf(NodeId replica) {
        return replication.startsOf(replica);
    }

    @Override
    public ReplicaStatus status() {
        return replication.status(clock().toString());
    }

    /** What holds of all protocols of the family, besides what holds of replication. */
    static final List<NamedInvariant> INVARIANTS = List.of(
            new NamedInvariant(
                    "a-follower-counts-once",
                    "Of the followers that a write waits for each is counted once, however often it acknowledges."),
            new NamedInvariant(
                    "a-quorum-is-what-its-option-says",
                    "A write waits for as many followers as the option write-quorum says, where there is that option."),
            new NamedInvariant(
                    "a-settled-write-stays-settled",
                    "A write that was accepted and has been answered by the leader is not open again after a crash."));

    @Override
    public void inspect(Inspection inspection) {
        replication.inspect(inspection);
        ordering.inspect(inspection, INVARIANTS.get(0));
        if (level.options().contains(ProtocolOptions.WRITE_QUORUM)) {
            inspection.invariant(
                    INVARIANTS.get(1),
                    ordering.followersNeeded() == settings.get(ProtocolOptions.WRITE_QUORUM),
                    ordering.followersNeeded());
        }
        pendingForwards.inspect(inspection);
        if (level.writeReturns() == Level.WriteReturns.AT_ONCE) {
            inspection.remembers(INVARIANTS.get(2), settings.self(), pendingForwards.settledUpTo());
        }
    }
}
