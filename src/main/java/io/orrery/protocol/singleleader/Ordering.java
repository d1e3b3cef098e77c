package io.orrery.protocol.singleleader;

import io.orrery.clock.Dot;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.dissemination.Write;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.kit.QuorumCounter;
import io.orrery.protocol.singleleader.LeaderMessage.Forward;
import io.orrery.protocol.singleleader.LeaderMessage.Ordered;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The leader's part: numbers the writes without waiting for each, and reports when a write has as many acknowledgements
 * as its level demands. A duplicate of a forwarded write is ordered once.
 */
final class Ordering {
    private final ReplicaSettings settings;
    private final Level level;
    private final Effects effects;
    private final Replication replication;
    private final int followersNeeded;
    private final QuorumCounter<Dot> acknowledgements;
    /** What reads wait for that is to be shown when one follower has it. */
    private final QuorumCounter<Dot> unseen;

    private final ForwardedWrites forwarded = new ForwardedWrites();
    private final ForwardFence fence;
    /** Client requests to a leader that has not recovered yet. */
    private final Queue<Waiting> untilWhole = new ArrayDeque<>();
    /** Requests of followers, which ask again: as many as there is room for. */
    private final Queue<Runnable> askedUntilWhole = new ArrayDeque<>();

    private long askedBytes;

    /** The write that was to be ordered next when {@link #mark} was called last. */
    private Dot marked;

    private record Waiting(Request request, Runnable action) {}

    Ordering(ReplicaSettings settings, Level level, Effects effects, Replication replication) {
        this.settings = settings;
        this.level = level;
        this.effects = effects;
        this.replication = replication;
        this.followersNeeded = level.followersNeeded(settings);
        Invariant.check(
                followersNeeded >= 0 && followersNeeded <= settings.peers().size(),
                "a level waits for no more followers than there are",
                followersNeeded,
                settings.peers().size());
        this.fence = new ForwardFence(level, effects, replication);
        this.acknowledgements = level.counter(settings.peers());
        this.unseen = level.counter(settings.peers());
    }

    void recover(LeaderEntry.OrderedFor entry) {
        forwarded.recover(entry);
    }

    void recover(LeaderEntry.Fenced entry) {
        fence.recover(entry);
    }

    /** Replication has started. */
    void start() {
        fence.start();
    }

    /** To be called in the input by which a peer may have told of writes that this leader did not know to be its own. */
    void noteWhatIsForgotten() {
        fence.note();
    }

    /** Runs an action for a request once this leader has recovered; usually immediately. */
    void whenWhole(Request request, Runnable action) {
        if (replication.isWhole()) {
            action.run();
        } else {
            while (!untilWhole.isEmpty() && !untilWhole.peek().request().isOpen()) {
                untilWhole.poll(); // It may take long, and clients give up in the order in which they came.
            }
            untilWhole.add(new Waiting(request, action));
        }
    }

    /**
     * The same for a request of a follower, which is dropped if there is no room, because followers ask again.
     *
     * @param bytes about how many are kept for as long as it waits
     */
    void whenWholeIfRoom(long bytes, Runnable action) {
        if (replication.isWhole()) {
            action.run();
        } else if (askedUntilWhole.size() < LeaderEntry.WINDOW && askedBytes + bytes <= PendingForwards.MOST_BYTES) {
            askedUntilWhole.add(action);
            askedBytes += bytes;
        }
    }

    /** How many questions of followers wait. */
    int waitingForWhole() {
        return askedUntilWhole.size();
    }

    /** Whether anything waited, and has been done now. */
    boolean runWhatWaitedForWhole() {
        if (!replication.isWhole() || askedUntilWhole.isEmpty() && untilWhole.isEmpty()) {
            return false;
        }
        askedBytes = 0;
        while (!askedUntilWhole.isEmpty()) {
            askedUntilWhole.poll().run();
        }
        while (!untilWhole.isEmpty()) {
            Waiting next = untilWhole.poll();
            if (next.request().isOpen()) {
                next.action().run();
            }
        }
        return true;
    }

    /** Orders a write of this replica's client. */
    void order(Operation operation, Consumer<Write> whenEnoughHaveIt) {
        Write write = order(operation);
        acknowledgements.await(write.dot(), followersNeeded, write.bytes(), () -> whenEnoughHaveIt.accept(write));
    }

    private Write order(Operation operation) {
        Invariant.check(replication.isWhole(), "a leader orders when it has all that it ever confirmed", operation);
        return replication.write(operation.key(), valueOf(operation), nextVersion(operation.key()), dependencies());
    }

    private Dependencies dependencies() {
        return level.order() == Level.Order.LEADERS ? new Dependencies.Past(replication.known()) : Dependencies.NONE;
    }

    /**
     * Why a client's write is not to be taken, as this replica has no room for it; empty when it is. A follower asks this
     * for the leader, which holds the same.
     */
    Optional<String> lackOfRoom(Operation operation) {
        return replication.lackOfRoom(operation.key(), valueOf(operation), dependencies());
    }

    /** The next version of a key: versions count the writes of each. */
    Version nextVersion(Key key) {
        StoredWrite current = replication.get(key);
        return new Version(
                current == null ? 1 : CounterLimits.next(current.version().counter()), replication.origin());
    }

    /** What an operation puts in the key's place: nothing for a delete. */
    static Optional<Value> valueOf(Operation operation) {
        return operation.newValue();
    }

    /** Orders a write that a follower has forwarded, if that is new, and answers it when it is done. */
    void order(NodeId from, Forward forward) {
        if (!replication.isWhole()) {
            whenWholeIfRoom(forward.bytes(), () -> order(from, forward));
            return;
        }
        if (forwarded.isNew(forward) && fence.lets(from, forward)) {
            Operation operation = forward.operation();
            if (!matches(operation)) {
                note(forward, true);
            } else if (!replication.hasRoomFor(operation.key(), valueOf(operation), dependencies())) {
                return; // The follower had room. It comes again, and may find some then.
            } else {
                orderNew(forward);
            }
        }
        ForwardedWrites.Ordered ordered = forwarded.find(forward);
        if (ordered == null) {
            answerOfAnotherLife(from, forward);
            return;
        }
        Ordered answer = new Ordered(
                replication.origin(),
                forward.caller(),
                forward.number(),
                ordered.dot(),
                ordered.version(),
                ordered.declined());
        if (ordered.isDone()) {
            effects.send(from, answer);
        } else if (!ordered.isAwaited()) {
            ordered.awaited();
            int needed = replication.isStable(ordered.dot()) ? 0 : followersNeeded;
            acknowledgements.await(ordered.dot(), needed, 0, () -> {
                ordered.done();
                effects.send(from, answer);
            });
        }
    }

    /**
     * The disk of a replica may be an older copy, in which a write is open that it had an answer to. It was ordered: the
     * replica would send it for ever. By which dot nobody remembers, and nobody waits to hear.
     */
    private void answerOfAnotherLife(NodeId from, Forward forward) {
        if (forwarded.isSettled(forward) && !replication.isCurrent(forward.caller())) {
            effects.send(
                    from,
                    new Ordered(
                            replication.origin(),
                            forward.caller(),
                            forward.number(),
                            replication.nextDot(),
                            nextVersion(forward.operation().key()),
                            Optional.empty()));
        }
    }

    private void orderNew(Forward forward) {
        // Durable together with the write, because one input persists both.
        LeaderEntry.OrderedFor noted = note(forward, false);
        Write write = order(forward.operation());
        Invariant.check(write.dot().equals(noted.dot()), "a write is ordered as it was noted", write, noted);
        Invariant.check(write.version().equals(noted.version()), "a write is ordered as it was noted", write, noted);
    }

    private LeaderEntry.OrderedFor note(Forward forward, boolean isDeclined) {
        LeaderEntry.OrderedFor entry = forwarded.add(
                forward, replication.nextDot(), nextVersion(forward.operation().key()), isDeclined);
        effects.persist(entry);
        return entry;
    }

    /** Whether an operation takes effect if it is ordered now: all but a compare-and-set do. */
    boolean matches(Operation operation) {
        StoredWrite found = replication.get(operation.key());
        return !(operation instanceof Operation.CompareAndSet cas)
                || cas.matches(
                        Optional.ofNullable(found).map(StoredWrite::version), found == null || found.isTombstone());
    }

    /** How many followers a write waits for. */
    int followersNeeded() {
        return followersNeeded;
    }

    /**
     * Runs an action once what the leader shows is safe; usually immediately. A write that not all followers have may
     * be lost if the leader is replaced, so nobody may have read it.
     *
     * @param shown null where the key shows nothing
     */
    void whenSafe(StoredWrite shown, BooleanSupplier isWanted, Runnable action) {
        if (shown == null || !shown.dot().origin().node().equals(settings.self())) {
            action.run();
            return;
        }
        boolean isOfThisStart = shown.dot().origin().equals(replication.origin());
        if (isOfThisStart ? !acknowledgements.isAwaited(shown.dot()) : replication.isStable(shown.dot())) {
            action.run();
        } else {
            acknowledgements.await(shown.dot(), settings.peers().size(), 0, () -> {
                if (isWanted.getAsBoolean()) {
                    action.run();
                }
            });
        }
    }

    /**
     * Runs an action once a follower has what the leader shows; usually immediately. A process that takes the place of this
     * one hears of it then, before it orders anything.
     *
     * @param shown null where the key shows nothing
     */
    void whenAFollowerHas(StoredWrite shown, BooleanSupplier isWanted, Runnable action) {
        if (shown == null || isAtAFollower(shown.dot())) {
            action.run();
            return;
        }
        unseen.await(shown.dot(), 1, 0, () -> {
            if (isWanted.getAsBoolean()) {
                action.run();
            }
        });
    }

    private boolean isAtAFollower(Dot dot) {
        boolean isConfirmed = dot.origin().equals(replication.origin()) && !acknowledgements.isAwaited(dot);
        return !dot.origin().node().equals(settings.self())
                || isConfirmed
                || acknowledgements.isAcknowledged(dot)
                || replication.isAtAPeer(dot);
    }

    /** A follower has all writes of an origin between two sequences, both included. */
    void acknowledged(NodeId follower, Origin origin, long first, long last) {
        if (first <= last) {
            acknowledgements.acknowledged(follower, new Dot(origin, first), new Dot(origin, last));
            unseen.acknowledged(follower, new Dot(origin, first), new Dot(origin, last));
        }
    }

    /** Whether no write waits for followers. */
    boolean isSettled() {
        return acknowledgements.isEmpty();
    }

    /** Remembers which writes have been ordered until now. */
    void mark() {
        marked = replication.nextDot();
    }

    /** The followers that writes wait for which were ordered before the mark; to later ones an answer may be under way. */
    List<NodeId> markedLaggards() {
        return acknowledgements.laggards(marked);
    }

    /** The followers that any write waits for. */
    List<NodeId> laggards() {
        return acknowledgements.laggards();
    }

    /** @param countsOnce holds of the followers that are counted */
    void inspect(Inspection inspection, NamedInvariant countsOnce) {
        inspection.invariant(countsOnce, acknowledgements.countsEachOnce(), "the leader's count");
        inspection.keeps("questions that wait for a whole leader", askedUntilWhole.size(), LeaderEntry.WINDOW);
        inspection.keeps("remembered forwards", forwarded.most(), LeaderEntry.OrderedFor.PLACES);
        inspection.owes("writes that wait for followers", acknowledgements.size());
        inspection.owes("reads that wait for a follower", unseen.size());
        inspection.owes("requests that wait for a whole leader", askedUntilWhole.size() + untilWhole.size());
    }
}
