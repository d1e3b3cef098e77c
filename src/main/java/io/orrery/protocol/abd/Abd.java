package io.orrery.protocol.abd;

import io.orrery.clock.Dot;
import io.orrery.clock.LamportClock;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Preconditions;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
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
import io.orrery.protocol.abd.AbdMessage.Query;
import io.orrery.protocol.abd.AbdMessage.State;
import io.orrery.protocol.abd.AbdMessage.Store;
import io.orrery.protocol.abd.AbdMessage.Stored;
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
import io.orrery.protocol.kit.UnansweredRequests;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Registers that majorities keep. An operation has two phases: it asks replicas what they have until a majority has answered,
 * and has a majority keep what it ends with: a write a version above all that it has seen, a read what is latest, so that no
 * later read sees less. Any two majorities have a replica in common. So any minority may be away, and nobody waits for an
 * election.
 *
 * <p>A write goes to all as an {@code update} of {@link Replication}, which also brings replicas up to date that were away; who
 * applies one says {@code stored}. With {@code read = fast} a read is over after its first phase where all of that majority have
 * the same version: it is at a majority already.
 *
 * <p>A replica whose memory is new, or older than what its peers know of it, has no vote until it has all that it may have
 * confirmed; clients can use it meanwhile, as the others make up a majority.
 *
 * <p>Sources: Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems", JACM 1995; for several writers
 * Lynch and Shvartsman, "Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts", FTCS 1997; for fast
 * reads Dutta, Guerraoui, Levy and Chakraborty, "How Fast can a Distributed Atomic Read be?", PODC 2004, section 1.
 */
public final class Abd implements Protocol, ReplicationListener {
    private static final String WRITE_BACK = "write-back";
    private static final String FAST = "fast";

    /** Whether a read always writes back what it returns, or only where it must. */
    public static final ProtocolOption<String> READ = ProtocolOption.choice(
            "read",
            "write-back: a read has a majority keep what it returns; fast: not where all that answered have it",
            List.of(WRITE_BACK, FAST),
            WRITE_BACK);

    private static final NamedInvariant COUNTED = new NamedInvariant(
            "a-version-counter-never-falls",
            "A replica's counter is never below that of a version that it has given or applied, in any later life.");

    /** What it keeps is what replication keeps. */
    private static final Vocabulary VOCABULARY = new Vocabulary(
            List.of("query", "state", "store", "stored"),
            List.of(Query.class, State.class, Store.class, Stored.class),
            List.of());

    public static final ProtocolType TYPE = new ProtocolType(
            "abd",
            "a majority keeps each key, without a leader; any minority may fail",
            Promises.toMoving("linearizable", "converged"),
            Leadership.MAJORITY,
            HandMadeOrder.NONE,
            List.of(READ),
            VOCABULARY.on(Replication.VOCABULARY),
            new SelfChecks(
                    Stream.concat(Replication.INVARIANTS.stream(), Stream.of(COUNTED))
                            .toList(),
                    Abd::majority),
            Abd::new);

    /** So many operations may be under way at a replica. */
    private static final int MOST_OPEN = 10_000;

    /** How many times the patience with a late message is the patience with a late answer, at first. */
    private static final int ANSWER_PATIENCE = 5;

    private enum Timers implements Timer {
        /** Sends again what has no answer. */
        RESEND
    }

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Replication replication;
    private final LamportClock clock = new LamportClock();
    private final UnansweredRequests<Querying> queries = new UnansweredRequests<>();
    private final Map<Dot, Storing> storings = new LinkedHashMap<>();
    private final ResendTimer resendTimer;
    private final int majority;
    private final boolean isFast;
    private boolean hasVote;

    private Abd(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.majority = majority(settings);
        this.isFast = settings.options().get(READ).equals(FAST);
        // What it confirmed is at a majority: so many peers that one of them must be of it.
        int others = settings.replicas().size() - majority + 1;
        this.replication = new Replication(
                settings,
                effects,
                this,
                StartRequirements.ofAcknowledger(
                        Math.min(others, settings.peers().size())));
        Duration first = settings.tuning().patience().multipliedBy(ANSWER_PATIENCE);
        this.resendTimer = new ResendTimer(
                new Backoff(first, settings.tuning().antiEntropy()), after -> effects.setTimer(Timers.RESEND, after));
    }

    private static int majority(ReplicaSettings settings) {
        return settings.replicas().size() / 2 + 1;
    }

    @Override
    public void recover(JournalEntry entry) {
        boolean isKnown = replication.recover(entry);
        Preconditions.require(isKnown, () -> "not an entry of this protocol's journal: " + entry);
        clock.recover(entry instanceof StoredWrite write ? write.version().counter() : Replication.clockOf(entry));
    }

    @Override
    public void start(Start start) {
        replication.start(start);
        voteIfWhole();
    }

    /** From the time on at which it has all that it may have confirmed, this replica counts as one of the majority. */
    private void voteIfWhole() {
        if (hasVote || !replication.isWhole()) {
            return;
        }
        hasVote = true;
        for (Map.Entry<Long, Querying> open : List.copyOf(queries.open().entrySet())) {
            askMyself(open.getKey(), open.getValue());
        }
        List.copyOf(storings.values()).forEach(this::countMyself);
    }

    // Clients

    @Override
    public void request(Request request) {
        replication.requireStarted();
        Operation operation = request.operation();
        if (operation instanceof Operation.HandMadeWrite) {
            refuse(request, Outcome.Reason.INVALID, "this protocol takes no writes made by hand");
        } else if (queries.open().size() + storings.size() >= MOST_OPEN) {
            refuse(request, Outcome.Reason.OVERLOADED, MOST_OPEN + " operations are under way at this replica");
        } else if (operation instanceof Operation.Read || hasRoom(request)) {
            Querying querying = new Querying(request);
            long number = queries.add(querying);
            Query query = query(number, querying);
            settings.peers().forEach(peer -> effects.send(peer, query));
            askMyself(number, querying);
            resendLater();
        }
    }

    private Query query(long number, Querying querying) {
        return new Query(
                replication.origin(), number, querying.key(), querying.request().operation() instanceof Operation.Read);
    }

    private boolean hasRoom(Request request) {
        Operation operation = request.operation();
        Optional<String> lack = replication.lackOfRoom(operation.key(), written(operation), Dependencies.NONE);
        lack.ifPresent(why -> refuse(request, Outcome.Reason.FULL, why));
        return lack.isEmpty();
    }

    private static Optional<Value> written(Operation operation) {
        return operation.newValue();
    }

    private void refuse(Request request, Outcome.Reason reason, String why) {
        effects.reply(request, new Outcome.Refused(reason, why));
    }

    // The first phase

    private void askMyself(long number, Querying querying) {
        if (hasVote) {
            StoredWrite shown = replication.get(querying.key());
            boolean isRead = querying.request().operation() instanceof Operation.Read;
            answered(
                    number,
                    settings.self(),
                    Optional.ofNullable(shown).map(StoredWrite::version),
                    Optional.ofNullable(isRead ? shown : null).map(replication::whole));
        }
    }

    private void answered(long number, NodeId by, Optional<Version> version, Optional<Write> write) {
        Querying querying = queries.get(number);
        if (querying == null) {
            return;
        }
        resendTimer.answered();
        querying.answered(by, version, write);
        if (querying.answers() >= majority) {
            queries.remove(number);
            if (querying.request().isOpen()) {
                store(querying);
            }
        }
    }

    private void store(Querying querying) {
        Request request = querying.request();
        if (!(request.operation() instanceof Operation.Read)) {
            write(request, querying.latest());
        } else if (querying.write() == null) {
            reply(request, null);
        } else if (isFast && querying.haveLatest().size() >= majority) {
            reply(request, querying.write());
        } else {
            writeBack(querying);
        }
    }

    private void reply(Request request, Write write) {
        Optional<Write> found = Optional.ofNullable(write);
        effects.reply(
                request,
                new Outcome.Done(found.flatMap(Write::value), found.map(Write::version), Outcome.Status.APPLIED, ""));
    }

    // The second phase

    /** @param latest the highest version that a majority has; null where there is none */
    private void write(Request request, Version latest) {
        if (!hasRoom(request)) {
            return;
        }
        if (latest != null) {
            clock.receive(latest.counter());
        }
        Version version = new Version(clock.tick(), replication.origin());
        Invariant.check(
                latest == null || version.compareTo(latest) > 0, "a write is above all that was seen", version, latest);
        Operation operation = request.operation();
        Write write = replication.write(operation.key(), written(operation), version, Dependencies.NONE);
        await(write, List.of(), request);
    }

    private void writeBack(Querying read) {
        Write write = read.write();
        Collection<NodeId> have = isFast ? read.haveLatest() : List.of();
        replication.offered(write);
        boolean isNew = !storings.containsKey(write.dot());
        await(write, have, read.request());
        if (isNew) {
            send(storings.get(write.dot()));
        }
    }

    private void await(Write write, Collection<NodeId> have, Request request) {
        Storing storing = storings.computeIfAbsent(write.dot(), dot -> new Storing(write));
        storing.await(request::isOpen, () -> reply(request, write));
        have.forEach(storing::isAt);
        countMyself(storing);
        resendLater();
    }

    private void countMyself(Storing storing) {
        if (hasVote && has(storing.write())) {
            storing.isAt(settings.self());
        }
        endIfEnough(storing);
    }

    /** Whether this replica has a write, or one that took its place. */
    private boolean has(Write write) {
        StoredWrite shown = replication.get(write.key());
        return shown != null && shown.version().compareTo(write.version()) >= 0;
    }

    private void stored(NodeId by, Dot dot) {
        Storing storing = storings.get(dot);
        if (storing != null) {
            resendTimer.answered();
            storing.isAt(by);
            endIfEnough(storing);
        }
    }

    private void endIfEnough(Storing storing) {
        if (storing.copies() >= majority && storings.remove(storing.write().dot(), storing)) {
            storing.isEnough();
        }
    }

    private void send(Storing storing) {
        if (storing == null) {
            return;
        }
        Store store = new Store(storing.write());
        settings.peers().stream().filter(peer -> !storing.hasIt(peer)).forEach(peer -> effects.send(peer, store));
    }

    // Replicas

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof Query query) {
            if (hasVote && replication.isCurrent(query.caller())) {
                StoredWrite shown = replication.get(query.of());
                effects.send(
                        from,
                        new State(
                                query.caller(),
                                query.number(),
                                query.of(),
                                Optional.ofNullable(shown).map(StoredWrite::version),
                                Optional.ofNullable(query.whole() ? shown : null)
                                        .map(replication::whole)));
            }
        } else if (message instanceof State state) {
            if (state.caller().equals(replication.origin())) {
                answered(state.number(), from, state.version(), state.write());
            }
        } else if (message instanceof Store store) {
            replication.offered(store.write());
            confirm(from, store.write());
        } else if (message instanceof Stored stored) {
            stored(from, stored.dot());
        } else {
            replication.message(from, message);
        }
        voteIfWhole();
    }

    private void confirm(NodeId to, Write write) {
        if (hasVote && has(write)) {
            effects.send(to, new Stored(write.key(), write.dot()));
        }
    }

    @Override
    public void applying(StoredWrite write) {
        clock.receive(write.version().counter());
    }

    /** An update of its origin: who waits for it to be at a majority. */
    @Override
    public void applied(Write write) {
        NodeId origin = write.dot().origin().node();
        if (!origin.equals(settings.self())) {
            confirm(origin, write);
        }
    }

    /** What came together may be what this replica had no vote on. */
    @Override
    public void caughtUp(List<Range> islands) {
        List.copyOf(storings.values()).forEach(this::countMyself);
    }

    @Override
    public void timer(Timer timer) {
        if (timer == Timers.RESEND) {
            queries.removeIf(querying -> !querying.request().isOpen());
            storings.values().removeIf(storing -> !storing.isOpen());
            queries.open()
                    .forEach((number, querying) -> settings.peers().stream()
                            .filter(peer -> !querying.hasAnswered(peer))
                            .forEach(peer -> effects.send(peer, query(number, querying))));
            storings.values().forEach(this::send);
            resendTimer.ranOut(isIdle());
            resendLater();
        } else {
            replication.timer(timer);
        }
        voteIfWhole();
    }

    private boolean isIdle() {
        return queries.isEmpty() && storings.isEmpty();
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
        int needed = hasVote ? majority - 1 : majority;
        return replication.standing(List.of(
                new ServiceStatus.Service("reads", ServiceStatus.Use.READS, settings.peers(), needed, List.of()),
                new ServiceStatus.Service("writes", ServiceStatus.Use.WRITES, settings.peers(), needed, List.of())));
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
        return replication.status(clock.toString());
    }

    @Override
    public void inspect(Inspection inspection) {
        replication.inspect(inspection);
        inspection.remembers(COUNTED, settings.self(), clock.time());
        inspection.keeps("operations under way", queries.open().size() + storings.size(), MOST_OPEN);
    }
}
