package io.orrery.protocol.totalorder;

import io.orrery.clock.Dot;
import io.orrery.clock.LamportClock;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Preconditions;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ForwardingEffects;
import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.Promises;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolOption;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ProtocolType.Leadership;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Range;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.ReplicationListener;
import io.orrery.protocol.dissemination.StartRequirements;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.dissemination.Write;
import io.orrery.protocol.kit.Backoff;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.kit.ResendTimer;
import io.orrery.protocol.kit.WaitIndex;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Total-order multicast by timestamps and acknowledgements. Every replica takes writes, stamps them with its Lamport clock and sends
 * them to all. Who gets one tells all how far its own clock is now. A write is shown, and returns, when every replica's clock is past
 * its timestamp and every replica has it: no earlier one can come any more, so all show all writes in the order of timestamps. Replicas that write at the same time are
 * ordered by name.
 *
 * <p>A read is local. With {@code read = ordered} it waits until all has been shown that is here when it comes: what another client
 * has seen is here, as it was shown when all had acknowledged it. Then reads are linearizable too.
 *
 * <p>There is no primary, and nobody is elected; but each write needs every replica. When one is gone, writes wait for it.
 *
 * <p>Sources: Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 1978, section "Ordering the Events
 * Totally"; the queue is that of Coulouris et al., "Distributed Systems", 2012, section 15.4.3. The third course lab leaves it as an
 * exercise.
 */
public final class TotalOrder implements Protocol, ReplicationListener {
    private static final String LOCAL = "local";
    private static final String ORDERED = "ordered";

    /** Whether a read waits for the turn of all writes that are here. */
    public static final ProtocolOption<String> READ = ProtocolOption.choice(
            "read",
            "local: a read is answered at once; ordered: when all writes that are here have been shown, which makes reads linearizable",
            List.of(LOCAL, ORDERED),
            LOCAL);

    private static final NamedInvariant COUNTED = new NamedInvariant(
            "a-clock-never-goes-back", "A replica's clock is never behind a time that it has told, in any later life.");

    public static final ProtocolType TYPE = new ProtocolType(
                    "total-order",
                    "every replica takes writes; all show them in the order of timestamps, when all are past them",
                    Promises.toMoving("sequential", "converged"),
                    Leadership.EVERYBODY,
                    HandMadeOrder.NONE,
                    List.of(READ),
                    new Vocabulary(List.of("acknowledge"), List.of(Acknowledge.class), List.of())
                            .on(Replication.VOCABULARY),
                    new SelfChecks(
                            Stream.concat(Replication.INVARIANTS.stream(), Stream.of(COUNTED))
                                    .toList(),
                            settings -> settings.replicas().size()),
                    TotalOrder::new)
            .comparing();

    /** How many times the patience with a late message is the patience with a late answer, at first. */
    private static final int ANSWER_PATIENCE = 5;

    private enum Timers implements Timer {
        /** Asks those whose acknowledgement is missing. */
        RESEND
    }

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Replication replication;
    private final PlausibilityCheck plausibilityCheck;
    private final LamportClock clock = new LamportClock();
    private final PeerClocks peerClocks;
    private final HoldBackQueue queue = new HoldBackQueue();
    private final Map<Version, Request> writers = new HashMap<>();
    /** The times of this start's writes that some replica may not have shown. */
    private final ArrayDeque<Long> unseen = new ArrayDeque<>();
    /** When this start began, some replica may not have shown the writes up to this time. */
    private long unseenOfBefore;

    /** The peers that want to hear when more has been shown. */
    private final TreeSet<NodeId> askers = new TreeSet<>();

    private final WaitIndex.Woken woken = new WaitIndex.Woken();
    private final WaitIndex<NodeId> onTurn = new WaitIndex<>(woken);
    private final ResendTimer resendTimer;
    private final boolean isOrdered;
    /** All writes up to this time have been shown. */
    private long shown = -1;

    /** The latest time of a write that has come. */
    private long lastWrite;

    /** The latest time that a peer has heard of this replica: by an earlier start, which may have known of more. */
    private long told;

    /** The write that replication takes in now. */
    private Dot taken;

    private boolean hasNews;
    /** What a compare-and-set waits for; null where there is none. One at a time. */
    private Reservation reservation;

    private TotalOrder(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.isOrdered = settings.options().get(READ).equals(ORDERED);
        this.peerClocks = new PeerClocks(settings.peers());
        this.plausibilityCheck = new PlausibilityCheck(settings, this);
        this.replication = new Replication(
                settings,
                new HeldEffects(),
                this,
                StartRequirements.ofAcknowledger(settings.peers().size()));
        Duration first = settings.tuning().patience().multipliedBy(ANSWER_PATIENCE);
        this.resendTimer = new ResendTimer(
                new Backoff(first, settings.tuning().antiEntropy()), after -> effects.setTimer(Timers.RESEND, after));
    }

    /**
     * What replication applies is held back here. A replica that has lost its memory gets what the others have shown, and shows
     * clients nothing until it has all.
     */
    private final class HeldEffects extends ForwardingEffects {
        HeldEffects() {
            super(effects);
        }

        @Override
        public void applied(Update update) {
            if (replication.isWhole()) {
                hold(update);
            } else {
                queue.showNothingBefore(lastWrite);
                super.applied(update);
            }
        }

        @Override
        public void superseded(Update update, Update by) {
            if (replication.isWhole()) {
                hold(update);
            } else {
                queue.showNothingBefore(lastWrite);
                super.superseded(update, by);
            }
        }

        private void hold(Update update) {
            queue.hold(taken, update);
            effects.buffered(
                    update,
                    () -> "until all clocks are past " + update.version().counter());
        }
    }

    @Override
    public void recover(JournalEntry entry) {
        boolean isKnown = replication.recover(entry);
        Preconditions.require(isKnown, () -> "not an entry of this protocol's journal: " + entry);
        if (entry instanceof StoredWrite write) {
            comes(write.version());
        } else {
            clock.recover(Replication.clockOf(entry));
        }
    }

    @Override
    public void start(Start start) {
        // What the journal shows may not have had its turn.
        queue.showNothingBefore(lastWrite);
        unseenOfBefore = lastWrite;
        replication.start(start);
        tell(settings.peers(), true);
        goOn();
    }

    // Clients

    @Override
    public void request(Request request) {
        replication.requireStarted();
        Operation operation = request.operation();
        if (operation instanceof Operation.HandMadeWrite) {
            refuse(request, Outcome.Reason.INVALID, "this protocol takes no writes made by hand");
        } else if (operation instanceof Operation.CompareAndSet) {
            whenReady(request, () -> reserve(request));
        } else if (operation instanceof Operation.Read) {
            read(request);
        } else {
            whenReady(request, () -> write(request));
        }
    }

    /** So many writes of one replica may wait for their turn. */
    private int most() {
        return settings.tuning().buffer();
    }

    private void refuse(Request request, Outcome.Reason reason, String why) {
        effects.reply(request, new Outcome.Refused(reason, why));
    }

    /**
     * A write must be later than all times that this replica has told, which its peers remember; and so many of its writes may
     * wait for their turn somewhere as a buffer holds.
     */
    private void whenReady(Request request, Runnable action) {
        if (isReady()) {
            action.run();
        } else {
            onTurn.await(settings.self(), 0, request::isOpen, () -> whenReady(request, action));
            tell(settings.peers(), true);
            resendLater();
        }
    }

    private boolean isReady() {
        return replication.isWhole()
                && peerClocks.areAllHeard()
                && Math.min(shown, peerClocks.allShow()) >= unseenOfBefore
                && unseen.size() < most()
                && reservation == null;
    }

    private void write(Request request) {
        if (isRefusedForRoom(request)) {
            return;
        }
        clock.recover(told);
        write(request, clock.tick());
        tell(settings.peers(), false);
        goOn();
    }

    private boolean isRefusedForRoom(Request request) {
        Operation operation = request.operation();
        Optional<String> lack = replication.lackOfRoom(operation.key(), operation.newValue(), Dependencies.NONE);
        lack.ifPresent(why -> refuse(request, Outcome.Reason.FULL, why));
        return lack.isPresent();
    }

    private void write(Request request, long time) {
        Operation operation = request.operation();
        queue.keep(operation.key(), replication::lookup);
        Version version = new Version(time, replication.origin());
        comes(version);
        Invariant.check(time > shown, "a write is later than all that is shown", version, shown);
        writers.put(version, request);
        unseen.add(time);
        taken = replication.nextDot();
        replication.write(operation.key(), operation.newValue(), version, Dependencies.NONE);
    }

    private void reserve(Request request) {
        goPast(told);
        reservation = new Reservation(request, clock.time() + 1);
        tell(settings.peers(), true);
        goOn();
    }

    /** The time that this replica tells: all that it writes from now on will be later. */
    private long time() {
        return reservation == null ? clock.time() : reservation.time() - 1;
    }

    /** Whether it is known now what the key of a compare-and-set has at the time that is reserved, or nobody wants to know. */
    private boolean isDecided() {
        return reservation != null
                && (!reservation.request().isOpen()
                        || queue.showsNothingBefore(reservation.time() - 1)
                        || replication.isWhole()
                                && shown >= reservation.time() - 1
                                && peerClocks.areAllPast(reservation.time(), settings.self()));
    }

    private void decide() {
        Reservation decided = reservation;
        Request request = decided.request();
        reservation = null;
        if (!request.isOpen()) {
            return;
        }
        if (queue.showsNothingBefore(decided.time() - 1)) {
            // What the key had then has been superseded by what came with a catch-up: a later time is needed.
            whenReady(request, () -> reserve(request));
            return;
        }
        Key key = request.operation().key();
        Optional<Update> found = queue.lastBefore(new Version(decided.time(), replication.origin()), key)
                .or(() -> lookup(key));
        if (!matches(decided.operation(), found)) {
            whenShown(request, found.map(it -> it.version().counter()).orElse(0L));
        } else if (!isRefusedForRoom(request)) {
            write(request, decided.time());
        }
    }

    private static boolean matches(Operation.CompareAndSet operation, Optional<Update> found) {
        return operation.matches(
                found.map(Update::version),
                found.filter(it -> !it.isTombstone()).isEmpty());
    }

    /** A compare-and-set did not match: its client learns what its key shows, once that is not older than what did not match. */
    private void whenShown(Request request, long until) {
        if (shown < until) {
            onTurn.await(settings.self(), until, request::isOpen, () -> whenShown(request, until));
            return;
        }
        Optional<Update> found = lookup(request.operation().key());
        if (matches((Operation.CompareAndSet) request.operation(), found)) {
            whenReady(request, () -> reserve(request));
        } else {
            effects.reply(
                    request,
                    new Outcome.Mismatch(
                            found.flatMap(Update::value), found.map(Update::version), Long.toString(shown)));
        }
    }

    private void read(Request request) {
        long demanded;
        try {
            demanded = demanded(request.session());
        } catch (IllegalArgumentException e) {
            refuse(request, Outcome.Reason.INVALID, e.getMessage());
            return;
        }
        long until = Math.max(demanded, isOrdered ? queue.last() : 0);
        if (replication.isWhole() && shown >= until) {
            answer(request);
        } else {
            onTurn.await(settings.self(), until, request::isOpen, () -> read(request));
            resendLater();
        }
    }

    private long demanded(String session) {
        if (session.isEmpty()) {
            return 0;
        }
        try {
            long time = Long.parseLong(session);
            plausibilityCheck.time(time);
            return time;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a session token of this protocol is a time, not \"" + session + "\"", e);
        }
    }

    private void answer(Request request) {
        Optional<Update> found = lookup(request.operation().key());
        effects.reply(
                request,
                new Outcome.Done(
                        found.flatMap(Update::value),
                        found.map(Update::version),
                        Outcome.Status.APPLIED,
                        Long.toString(shown)));
    }

    // Replicas

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof Acknowledge acknowledge) {
            if (replication.isCurrent(acknowledge.sender())) {
                resendTimer.answered();
                told = Math.max(told, acknowledge.heard());
                acknowledge.reserved().ifPresent(this::goPast);
                peerClocks.acknowledged(from, acknowledge);
                if (acknowledge.asks()) {
                    tell(List.of(from), false);
                    askers.add(from);
                }
            }
        } else {
            replication.message(from, message);
        }
        goOn();
    }

    /** After a crash, too, no write of this replica may be that early. */
    private void goPast(long time) {
        if (clock.time() < time) {
            clock.recover(time);
            replication.keepClock();
        }
    }

    @Override
    public void timer(Timer timer) {
        if (timer == Timers.RESEND) {
            sendAgain();
            tell(awaited(), true);
            resendTimer.ranOut(isIdle());
            resendLater();
        } else {
            replication.timer(timer);
        }
        goOn();
    }

    @Override
    public void applying(StoredWrite write) {
        if (replication.isWhole()) {
            queue.keep(write.key(), replication::lookup);
        }
        taken = write.dot();
        clock.receive(write.version().counter());
        comes(write.version());
        hasNews = true;
    }

    private void comes(Version write) {
        lastWrite = Math.max(lastWrite, write.counter());
        clock.recover(lastWrite);
    }

    /** Writes that have been superseded did not come along, whoever has superseded them. */
    @Override
    public void caughtUp(List<Range> islands) {
        queue.showNothingBefore(lastWrite);
        hasNews = true;
    }

    /** Tells peers how far the clock is. A replica that may have forgotten writes does not say that it has them. */
    private void tell(List<NodeId> peers, boolean asks) {
        if (replication.isWhole() || asks) {
            long time = replication.isWhole() ? time() : 0;
            Optional<Long> reserved = Optional.ofNullable(reservation).map(Reservation::time);
            for (NodeId peer : peers) {
                effects.send(
                        peer,
                        new Acknowledge(
                                replication.origin(),
                                replication.known(),
                                time,
                                shown,
                                peerClocks.heard(peer),
                                asks,
                                reserved));
            }
        }
    }

    /** After each input: acknowledges what has come, and shows what has its turn. */
    private void goOn() {
        if (hasNews) {
            hasNews = false;
            tell(settings.peers(), false);
        }
        peerClocks.look(it -> replication.knowsAll(it.known()));
        long past = Math.min(time(), peerClocks.allPast());
        long now = replication.isWhole() && past > shown ? queue.show(past, this::allHave, this::show) : -1;
        if (now > shown) {
            shown = now;
            onTurn.reached(settings.self(), shown);
            tell(List.copyOf(askers), false);
            askers.clear();
        }
        if (isDecided()) {
            decide();
            tell(settings.peers(), false);
            goOn();
            return;
        }
        while (!unseen.isEmpty() && unseen.peek() <= Math.min(shown, peerClocks.allShow())) {
            unseen.poll();
        }
        if (isReady()) {
            onTurn.reached(settings.self(), 0);
        }
        woken.run();
        resendLater();
    }

    private boolean allHave(Dot write) {
        return peerClocks.allHave(write) || replication.isStable(write);
    }

    private void show(Update update, Optional<Update> newer) {
        newer.ifPresentOrElse(by -> effects.superseded(update, by), () -> effects.applied(update));
        Request writer = writers.remove(update.version());
        if (writer != null) {
            effects.reply(
                    writer,
                    new Outcome.Done(
                            update.value(),
                            Optional.of(update.version()),
                            Outcome.Status.APPLIED,
                            Long.toString(update.version().counter())));
        }
    }

    private List<NodeId> awaited() {
        return settings.peers().stream()
                .filter(peer -> peerClocks.isBehind(peer, queue.last())
                        || reservation != null && !peerClocks.isPast(peer, reservation.time(), settings.self())
                        || queue.held().stream().anyMatch(it -> !peerClocks.has(peer, it.dot())))
                .toList();
    }

    /** Writes of this replica that a peer may not have. What is missing between them peers notice themselves. */
    private void sendAgain() {
        for (HoldBackQueue.Held held : queue.held()) {
            if (held.update() instanceof Write write
                    && write.dot().origin().node().equals(settings.self())) {
                settings.peers().stream()
                        .filter(peer -> !peerClocks.has(peer, write.dot()))
                        .forEach(peer -> replication.pushAgain(peer, write));
            }
        }
    }

    /** Others may wait to hear what this replica has shown: it is not idle before it has shown what its journal holds. */
    private boolean isIdle() {
        return onTurn.size() == 0 && reservation == null && peerClocks.areAllHeard() && shown >= queue.last();
    }

    private void resendLater() {
        if (!isIdle()) {
            resendTimer.start();
        }
    }

    @Override
    public void reachable(NodeId peer) {
        replication.reachable(peer);
        resendTimer.reset();
        resendLater();
    }

    @Override
    public void unreachable(NodeId peer) {
        replication.unreachable(peer);
    }

    // What can be seen

    @Override
    public ServiceStatus serviceStatus() {
        List<NodeId> peers = settings.peers();
        return replication.standing(List.of(
                isOrdered
                        ? new ServiceStatus.Service("reads", ServiceStatus.Use.READS, peers, peers.size(), List.of())
                        : ServiceStatus.Service.alone("local reads", ServiceStatus.Use.READS),
                new ServiceStatus.Service(
                        "writes", ServiceStatus.Use.WRITES, peers, peers.size(), replication.awaited())));
    }

    @Override
    public Optional<Update> lookup(Key key) {
        Optional<Update> kept = queue.shown(key);
        return kept != null ? kept : replication.lookup(key);
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        replication.forEach(update -> lookup(update.key()).ifPresent(action));
    }

    @Override
    public long startsOf(NodeId replica) {
        return replication.startsOf(replica);
    }

    @Override
    public long counted() {
        return clock.time();
    }

    @Override
    public long durableClock() {
        return clock.time();
    }

    @Override
    public Object clock() {
        return clock.time();
    }

    @Override
    public ReplicaStatus status() {
        ReplicaStatus all = replication.status(clock.toString());
        List<ReplicaStatus.Buffered> held = queue.held().stream()
                .limit(most())
                .map(it -> new ReplicaStatus.Buffered(it.update(), "all clocks past " + it.time()))
                .toList();
        return new ReplicaStatus(all.clock(), all.known(), all.keys(), all.tombstones(), held, all.lag(), all.memory());
    }

    @Override
    public void inspect(Inspection inspection) {
        replication.inspect(inspection);
        inspection.remembers(COUNTED, settings.self(), time());
        inspection.keeps(
                "writes that wait for their turn",
                queue.size(),
                4L * most() * settings.replicas().size());
        inspection.owes("writes that wait for their turn", queue.size());
    }
}
