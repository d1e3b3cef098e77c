package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import io.orrery.protocol.kit.FreshNumbers;
import io.orrery.protocol.kit.Invariant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The replicated data as protocols use it: writes of this replica are sent to all others; writes of others arrive, are
 * buffered until their dependencies are applied, and are then applied; versions decide between writes to a key. Both
 * families build on it.
 *
 * <p>Inputs go one way: to {@link Dissemination}, which returns what it decided; that is done with the {@link
 * LocalCopy}, which owns the store; and what waited for that runs last.
 */
public final class Replication {
    /**
     * Its messages and journal entries. Kinds: {@code update} is a write, sent to all when it is made; {@code digest}
     * is a periodic summary; replicas that become reachable exchange {@code hello} and {@code answer}; {@code fetch}
     * asks for missing writes, and {@code delta} brings them; a replaced process sends {@code farewell}. Only an update
     * is about a key.
     */
    public static final Vocabulary VOCABULARY = Vocabulary.of(
            List.of("update", "digest", "hello", "answer", "fetch", "delta", "farewell"),
            DisseminationMessage.class,
            ReplicationEntry.class);

    /** What holds of all protocols that stand on it. */
    public static final List<NamedInvariant> INVARIANTS = List.of(new NamedInvariant(
            "a-fence-survives",
            "What a replica has seen of the starts of another it never forgets, so no earlier start passes again."));

    private static final NamedInvariant FENCE = INVARIANTS.get(0);

    private final ReplicaSettings settings;
    private final Effects effects;
    private final ReplicationListener listener;
    private final LocalCopy copy;
    private final KnownWrites knownWrites;
    private final PeerReachability peerReachability;
    private final Dissemination dissemination;
    /** The sequences of this start's writes; null until it has started. */
    private FreshNumbers sequences;

    public Replication(
            ReplicaSettings settings, Effects effects, ReplicationListener listener, StartRequirements terms) {
        this.settings = settings;
        this.effects = effects;
        this.listener = listener;
        this.copy = new LocalCopy(settings, effects, listener);
        this.knownWrites = copy.knowledge();
        this.peerReachability = new PeerReachability(settings.peers());
        this.dissemination =
                new Dissemination(settings, effects, knownWrites, copy::suspect, copy::holdsBack, copy.room(), terms);
    }

    /** Recovers an entry of the journal. Returns false for an entry of another kind. */
    public boolean recover(JournalEntry entry) {
        Invariant.check(sequences == null, "the journal is read before the start");
        if (entry instanceof Started started) {
            dissemination.recover(started);
            return true;
        }
        return copy.recover(entry) || entry instanceof LegacyEntry;
    }

    /** The clock in an entry; 0 if it has none. */
    public static long clockOf(JournalEntry entry) {
        return entry instanceof AppliedProgress appliedProgress ? appliedProgress.clock() : 0;
    }

    public void start(Start start) {
        Invariant.check(sequences == null, "a replica starts once");
        copy.recovered();
        carryOut(dissemination.start(start));
        sequences = new FreshNumbers(knownWrites.nextSequence(origin()) - 1);
    }

    /**
     * For a protocol's inputs: the replica has {@linkplain #start started}.
     *
     * @throws io.orrery.protocol.kit.BrokenInvariant when it has not
     */
    public void requireStarted() {
        Invariant.check(sequences != null, "a replica starts before anything else happens to it");
    }

    /** Applies a decision of dissemination to the local copy, and all decisions that follow from it. */
    private void carryOut(Decision first) {
        for (Decision next = first; next != null; next = next.then().get()) {
            if (next instanceof Decision.Take take) {
                take(take.write());
            } else if (next instanceof Decision.Heard heard) {
                listener.heard(heard.peer(), heard.known().prefix());
                peerReachability.heard(heard.peer(), heard.known());
            } else if (next instanceof Decision.TakeAll all) {
                copy.takeAll(all.writes(), all.complete());
            } else if (next instanceof Decision.Cover cover) {
                cover.ranges().forEach(copy::cover);
            } else if (next instanceof Decision.LetGo letGo) {
                copy.letGo(letGo.of());
            } else if (next instanceof Decision.Fold fold) {
                copy.fold(fold.isEverywhere());
            }
        }
    }

    private void take(Write write) {
        if (copy.take(write)) {
            dissemination.waitPatiently();
        }
    }

    /** This start of the replica, which numbers its writes. Known once it has started. */
    public Origin origin() {
        return dissemination.origin();
    }

    /**
     * The number that this start had when a peer last told of writes of this replica that it did not know: those of a memory
     * that was lost, or of another process. 0 if none has.
     */
    public long forgotAt() {
        return dissemination.forgotAt();
    }

    /** The number of the latest start of a replica that has been heard of; 0 for none. */
    public long startsOf(NodeId replica) {
        return dissemination.startsOf(replica);
    }

    /** The current start of a replica, as far as is known. */
    public Optional<Origin> currentStart(NodeId replica) {
        return dissemination.currentStart(replica);
    }

    /** Whether a start is the current one of its replica, as far as is known: no other one is known to be. */
    public boolean isCurrent(Origin start) {
        return dissemination.isCurrent(start);
    }

    /**
     * The dot that the next write of this replica will have.
     *
     * @throws CounterLimits.End when there is none
     */
    public Dot nextDot() {
        // Writes in the name of this replica may have been made by hand at another one.
        sequences.used(knownWrites.prefix(origin()));
        Dot next = new Dot(origin(), sequences.peek());
        while (knownWrites.knows(next)) {
            sequences.used(next.sequence());
            next = new Dot(origin(), sequences.peek());
        }
        return next;
    }

    /**
     * The dot that the next write will have which is made here by hand in the name of another replica. Its origin is of this
     * start and of that replica: nobody else makes such dots.
     *
     * @throws CounterLimits.End when there is none
     */
    public Dot nextDotFor(NodeId named) {
        Origin byHand = new Origin(named, 0, 0, origin().start());
        return new Dot(byHand, CounterLimits.next(knownWrites.prefix(byHand)));
    }

    /** Makes a write of this replica: applies it and sends it to all others. */
    public Write write(Key key, Optional<Value> value, Version version, Dependencies dependencies) {
        requireStarted();
        Invariant.check(
                version.origin().equals(origin()), "a version is of the start that makes it", version, origin());
        Write write = new Write(nextDot(), key, value, version, dependencies);
        sequences.used(write.dot().sequence());
        copy.write(write);
        Invariant.check(knownWrites.knows(write.dot()), "a replica knows what it has written", write);
        dissemination.push(write);
        copy.runWoken();
        return write;
    }

    /** Makes the {@linkplain ReplicationListener#durableClock clock} durable without a write. */
    public void keepClock() {
        copy.persistProgress(origin());
    }

    public void message(NodeId from, Message message) {
        requireStarted();
        carryOut(dissemination.message(from, message));
        copy.runWoken();
        dissemination.tellOfCatchUps();
    }

    public void timer(Timer timer) {
        requireStarted();
        carryOut(dissemination.timer(timer));
        copy.runWoken();
    }

    /** Asks a peer for its summary. */
    public void reachable(NodeId peer) {
        requireStarted();
        peerReachability.back(peer);
        dissemination.reachable(peer);
    }

    /** A peer is not reached now. */
    public void unreachable(NodeId peer) {
        peerReachability.away(peer);
    }

    /**
     * Injects a write as if a peer had pushed it: it is then applied, {@linkplain #held buffered}, or dropped if the
     * buffer is full.
     */
    public void inject(Write write) {
        if (!knownWrites.knows(write.dot())) {
            take(write);
            copy.runWoken();
        }
    }

    /** Sends a write of this replica to a peer that may not have got it. */
    public void pushAgain(NodeId peer, Write write) {
        dissemination.push(write, List.of(peer));
    }

    /** Takes in a write that somebody hands on, whoever made it, as if its origin had pushed it. */
    public void offered(Write write) {
        requireStarted();
        carryOut(dissemination.take(write));
        copy.runWoken();
    }

    /** Runs an action for a request once a dependency is applied, unless the request is no longer open. */
    public void whenMet(Dependency dependency, Request request, Runnable action) {
        if (copy.isMet(dependency)) {
            action.run();
        } else {
            copy.await(dependency, request::isOpen, action);
        }
    }

    /**
     * Runs an action for a request once all dependencies are applied, unless the request is no longer open. A request
     * for writes that no reachable replica has is refused at once.
     */
    public void whenMet(Dependencies dependencies, Request request, Runnable action) {
        Dependency unmet = dependencies.firstUnmet(knownWrites);
        if (unmet == null) {
            action.run();
        } else {
            copy.await(unmet, request::isOpen, () -> whenMet(dependencies, request, action));
            peerReachability.waits(
                    request,
                    unmet,
                    dissemination::ask,
                    why -> effects.reply(request, new Outcome.Refused(Outcome.Reason.UNAVAILABLE, why)));
        }
    }

    /** Whether a write has been applied here, or one that superseded it. */
    public boolean knows(Dot dot) {
        return knownWrites.knows(dot);
    }

    /** Whether all these writes have been applied here, or those that superseded them. */
    public boolean knowsAll(VersionVector writes) {
        return knownWrites.knows(new Summary(writes, List.of()));
    }

    /** The current write of a key, tombstones included; null when there is none. */
    public StoredWrite get(Key key) {
        return copy.get(key);
    }

    /** The same with its value. */
    public Write whole(StoredWrite write) {
        return write.whole(effects.values()::get);
    }

    /** The value of a write; empty for a tombstone, and for no write. */
    public Optional<Value> valueOf(StoredWrite write) {
        return write == null ? Optional.empty() : whole(write).value();
    }

    /** What the replica holds for a key, a tombstone included. Its value may be read later, by any thread. */
    public Optional<Update> lookup(Key key) {
        return copy.lookup(key);
    }

    /** Passes on all that is held, tombstones included. What is passed on may be looked at later, by any thread. */
    public void forEach(Consumer<? super Update> action) {
        copy.forEach(action);
    }

    /** Why the store has no room for a client's write; empty if it has. */
    public Optional<String> lackOfRoom(Key key, Optional<Value> value, Dependencies dependencies) {
        return copy.room().refusal(key, value, dependencies);
    }

    /** Whether the store has room for a write that a peer has answered its client for. */
    public boolean hasRoomFor(Key key, Optional<Value> value, Dependencies dependencies) {
        return copy.room().isFor(key, value, dependencies);
    }

    /** All writes that have been applied here without a gap. */
    public VersionVector known() {
        return knownWrites.known();
    }

    /** The write with this dot that is held back; null when none is. */
    public Write held(Dot dot) {
        return copy.held(dot);
    }

    /** Whether this replica has all that it ever confirmed: it has heard as many peers as it takes to know that. */
    public boolean isWhole() {
        return dissemination.isWhole();
    }

    /** The peers for which a replica that is not {@linkplain #isWhole whole} waits. */
    public List<NodeId> awaited() {
        return dissemination.awaited();
    }

    /** The status of this replica since its start; the protocol supplies the services. */
    public ServiceStatus standing(List<ServiceStatus.Service> services) {
        return new ServiceStatus(dissemination.unheard(), dissemination.behind(), services);
    }

    /** Whether every replica had applied this write when last heard from. */
    public boolean isStable(Dot dot) {
        return dissemination.isEverywhere(dot);
    }

    /** Whether another replica had applied this write when last heard from. */
    public boolean isAtAPeer(Dot dot) {
        return dissemination.isAtAPeer(dot);
    }

    public ReplicaStatus status(String clock) {
        List<ReplicaStatus.Buffered> listed = copy.held().stream()
                .map(it ->
                        new ReplicaStatus.Buffered(it.write(), it.dependency().toString()))
                .toList();
        return new ReplicaStatus(
                clock,
                knownWrites.allKnown(0).prefix(),
                copy.keys(),
                copy.tombstones(),
                listed,
                dissemination.lag(),
                copy.room().status());
    }

    /** See {@link io.orrery.protocol.ReplicaView#inspect}. */
    public void inspect(Inspection inspection) {
        long replicas = settings.replicas().size();
        for (NodeId replica : settings.replicas()) {
            inspection.remembers(FENCE, replica, dissemination.startsOf(replica));
        }
        inspection.keeps("starts", dissemination.starts(), replicas);
        inspection.keeps("held writes", copy.held().size(), settings.tuning().buffer());
        inspection.keeps(
                "writes ahead of gaps", knownWrites.ahead(), settings.tuning().buffer() * replicas * replicas);
        inspection.mayForget("writes ahead of gaps, of which another has taken the place", knownWrites.ahead());
        inspection.owes("writes that are held back", copy.held().size());
    }
}
