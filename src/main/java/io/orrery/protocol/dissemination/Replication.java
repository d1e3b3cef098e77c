package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Counters;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.Standing;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A replica's copy of the data, and how it stays one: writes of this replica go out to all others, writes of others come
 * in, are held back until what they depend on has been applied, and are applied then, in the order that their versions
 * decide. Both families of protocols stand on it.
 */
public final class Replication {
    /**
     * What replicas say to each other for it, and what it keeps: closed sets. Of the kinds {@code update} is a write, sent to
     * all when it is made; {@code digest} tells from time to time what its sender has; {@code hello} and {@code answer} are
     * exchanged by replicas that (again) reach each other; {@code fetch} asks for what is missing, and {@code delta} brings
     * it; {@code farewell} is what a process says whose place another has taken. Only an update is about a key.
     */
    public static final Vocabulary VOCABULARY = Vocabulary.of(
            List.of("update", "digest", "hello", "answer", "fetch", "delta", "farewell"),
            DisseminationMessage.class,
            ReplicationEntry.class);

    /** What a protocol wants to hear of its copy of the data. */
    public interface Listener {
        /** A write of another replica is about to be applied. */
        default void applying(Kept write) {}

        /** A write of another replica has been applied or was found to be superseded, by itself. */
        default void applied(Write write) {}

        /**
         * Whether a write that comes takes the place of the one that its key shows: where its version is higher, so that all
         * replicas agree in whatever order writes come. A protocol that decides by anything else may not converge.
         */
        default boolean replaces(Kept comes, Kept shown) {
            return comes.version().compareTo(shown.version()) > 0;
        }

        /** The protocol's clock, to be found again after a crash; 0 for a protocol without one. */
        default long durableClock() {
            return 0;
        }

        /**
         * The replica has caught up with a peer: any number of writes have been applied together.
         *
         * @param islands what the peer has ahead of gaps, and this replica too now
         */
        default void caughtUp(List<Range> islands) {}

        /** A peer has told what it has. */
        default void heard(NodeId peer, VersionVector known) {}
    }

    /** What dissemination brings, taken in. */
    private final class Incoming implements Arrivals {
        @Override
        public void arrived(Write write) {
            Replication.this.arrived(write);
        }

        @Override
        public void caughtUp(List<Kept> writes, Known complete) {
            Replication.this.caughtUp(writes, complete);
        }

        @Override
        public void covered(Range range) {
            Replication.this.covered(range);
        }

        @Override
        public void nothingMoreOf(Predicate<Origin> origins) {
            held.removeIf(dot -> origins.test(dot.origin()));
        }

        @Override
        public Arrivals.Suspect suspect() {
            return Replication.this.suspect();
        }

        @Override
        public void heard(NodeId peer, Known known) {
            listener.heard(peer, known.prefix());
            reach.heard(peer, known);
        }
    }

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Listener listener;
    private final WriteStore store;
    private final Room room;
    private final Waiting waiting = new Waiting();
    private final Reach reach;
    private final HeldBack held;
    private final Dissemination dissemination;
    private long nextSequence = 1;

    public Replication(ReplicaSettings settings, Effects effects, Listener listener, StartTerms terms) {
        this.settings = settings;
        this.effects = effects;
        this.listener = listener;
        this.store = new WriteStore(listener::replaces);
        this.reach = new Reach(settings.peers());
        this.held = new HeldBack(settings.tuning().buffer());
        this.room = new Room(settings, store, effects);
        this.dissemination = new Dissemination(settings, effects, store, room, new Incoming(), terms);
    }

    /** Takes back what the journal remembers. Returns false for an entry that is not of the replication's. */
    public boolean recover(JournalEntry entry) {
        if (entry instanceof Write write) {
            store.recover(moved(write));
        } else if (entry instanceof OnDisk write) {
            store.recover(write);
        } else if (entry instanceof Progress progress) {
            store.recover(progress);
        } else if (entry instanceof Started started) {
            dissemination.recover(started);
        } else {
            return entry instanceof FormatOne;
        }
        return true;
    }

    /** A journal of an earlier version has all values in their writes: where there is another place now, they go there. */
    private Kept moved(Write write) {
        Kept kept = Kept.of(write, effects.values());
        if (kept != write) {
            effects.persist(kept);
        }
        return kept;
    }

    /** The clock that an entry of the replication's remembers; 0 for one without. */
    public static long clockOf(JournalEntry entry) {
        return entry instanceof Progress progress ? progress.clock() : 0;
    }

    public void start(Start start) {
        // A write may have been found that is ahead of the progress found. It counts as known from now on, so that must
        // be remembered even when another write takes its place in the journal.
        store.recovered().forEach(this::persistProgress);
        effects.values().dropAllBut(store::showsValueOf, store.onDisk());
        dissemination.start(start);
        nextSequence = store.nextSequence(origin());
    }

    /** This start of the replica: who numbers its writes. Known when it has started. */
    public Origin origin() {
        return dissemination.origin();
    }

    /** Whether this replica has found, since it started, that its memory is new or an older copy. */
    public boolean isForgetful() {
        return dissemination.isForgetful();
    }

    /** The number of the latest start of a replica that has been heard of; 0 for none. */
    public long startsOf(NodeId replica) {
        return dissemination.startsOf(replica);
    }

    /** The start that a replica is known to be in. */
    public Optional<Origin> currentStart(NodeId replica) {
        return dissemination.currentStart(replica);
    }

    /** Whether a start is the one that its replica is known to be in. */
    public boolean isCurrent(Origin start) {
        return dissemination.isCurrent(start);
    }

    /**
     * The dot that the next write of this replica will have.
     *
     * @throws Counters.End when there is none
     */
    public Dot nextDot() {
        // Somebody may have made writes of this replica by hand, at another one, and it has heard of them.
        long last = Math.max(nextSequence - 1, store.prefix(origin()));
        Dot next = new Dot(origin(), Counters.next(last));
        while (store.knows(next)) {
            next = new Dot(origin(), Counters.next(next.sequence()));
        }
        nextSequence = next.sequence();
        return next;
    }

    /**
     * The dot that the next write will have which is made here by hand in the name of another replica. Its origin is of this
     * start and of that replica: nobody else makes such dots.
     *
     * @throws Counters.End when there is none
     */
    public Dot nextDotFor(NodeId named) {
        Origin byHand = new Origin(named, 0, 0, origin().start());
        return new Dot(byHand, Counters.next(store.prefix(byHand)));
    }

    /** Makes a write of this replica: applies it and sends it to all others. */
    public Write write(Key key, Optional<Value> value, Version version, Dependencies dependencies) {
        Write write = new Write(nextDot(), key, value, version, dependencies);
        nextSequence++;
        apply(write);
        dissemination.push(write);
        waiting.runWoken();
        return write;
    }

    public void message(NodeId from, Message message) {
        dissemination.message(from, message);
        waiting.runWoken();
        dissemination.tellOfCatchUps();
    }

    public void timer(Timer timer) {
        dissemination.timer(timer);
        waiting.runWoken();
    }

    /** Asks a peer what it has. */
    public void reachable(NodeId peer) {
        reach.back(peer);
        dissemination.reachable(peer);
    }

    /** A peer is not reached now. */
    public void unreachable(NodeId peer) {
        reach.away(peer);
    }

    /**
     * Takes in a write by hand, as if a peer had pushed it: it is known then, or {@link #held}, or dropped when too many
     * are held back.
     */
    public void inject(Write write) {
        if (!store.knows(write.dot())) {
            arrived(write);
            waiting.runWoken();
        }
    }

    /** Does something for a request as soon as a dependency has been applied, if somebody still waits for it then. */
    public void whenMet(Dependency dependency, Request request, Runnable action) {
        if (isMet(dependency)) {
            action.run();
        } else {
            waiting.await(dependency, request::isOpen, action);
        }
    }

    private boolean isMet(Dependency dependency) {
        if (dependency instanceof Dependency.Prefix prefix) {
            return store.prefix(prefix.origin()) >= prefix.sequence();
        }
        return store.knows(((Dependency.Made) dependency).dot());
    }

    /**
     * Does something for a request as soon as all dependencies have been applied, if somebody still waits for it then. A
     * request that would wait for what nobody who is reached has is refused at once.
     */
    public void whenMet(Dependencies dependencies, Request request, Runnable action) {
        Dependency unmet = dependencies.firstUnmet(store);
        if (unmet == null) {
            action.run();
        } else {
            waiting.await(unmet, request::isOpen, () -> whenMet(dependencies, request, action));
            reach.waits(
                    request,
                    unmet,
                    dissemination::ask,
                    why -> effects.reply(request, new Outcome.Refused(Outcome.Reason.UNAVAILABLE, why)));
        }
    }

    /** Whether a write has been applied here, or one that superseded it. */
    public boolean knows(Dot dot) {
        return store.knows(dot);
    }

    /** The current write of a key, tombstones included; null when there is none. */
    public Kept get(Key key) {
        return store.get(key);
    }

    /** The same with its value. */
    public Write whole(Kept write) {
        return write.whole(effects.values()::get);
    }

    /** The value of a write; empty for a tombstone, and for no write. */
    public Optional<Value> valueOf(Kept write) {
        return write == null ? Optional.empty() : whole(write).value();
    }

    /** Passes on all that is held, tombstones included. What is passed on may be looked at later, by any thread. */
    public void forEach(Consumer<? super Update> action) {
        Function<Dot, Value> values = effects.values().snapshot();
        store.forEach(write -> action.accept(seen(write, values)));
    }

    private static Update seen(Kept write, Function<Dot, Value> values) {
        return write instanceof OnDisk onDisk ? new OnDisk.Seen(onDisk, values) : write.whole(values);
    }

    /** Why a client's write is not to be taken, as the store has no room for it; empty when it is. */
    public Optional<String> lackOfRoom(Key key, Optional<Value> value, Dependencies dependencies) {
        return room.refusal(key, value, dependencies);
    }

    /** Whether the store has room for a write that a peer has answered its client for. */
    public boolean hasRoomFor(Key key, Optional<Value> value, Dependencies dependencies) {
        return room.isFor(room.growth(key, value, dependencies));
    }

    /** All writes that have been applied here without a gap. */
    public VersionVector known() {
        return store.known();
    }

    /** The write with this dot that is held back; null when none is. */
    public Write held(Dot dot) {
        return held.get(dot);
    }

    /** Whether this replica has all that it ever confirmed: it has heard as many peers as it takes to know that. */
    public boolean isWhole() {
        return dissemination.isWhole();
    }

    /** The peers for which a replica that is not {@linkplain #isWhole whole} waits. */
    public List<NodeId> awaited() {
        return dissemination.awaited();
    }

    /** How far this replica has come since its start; what it does is for the protocol to say. */
    public Standing standing(List<Standing.Service> services) {
        return new Standing(dissemination.unheard(), dissemination.behind(), services);
    }

    /** Whether every replica, when last heard of, had applied this write. */
    public boolean isStable(Dot dot) {
        return dissemination.isEverywhere(dot);
    }

    public ReplicaStatus status(String clock) {
        List<ReplicaStatus.Held> listed = held.all().stream()
                .map(it -> new ReplicaStatus.Held(it.write(), it.dependency().toString()))
                .toList();
        SortedMap<NodeId, Long> lag = dissemination.lag();
        return new ReplicaStatus(
                clock, store.allKnown(0).prefix(), store.keys(), store.tombstones(), listed, lag, room.status());
    }

    private void arrived(Write write) {
        if (held.contains(write.dot())) {
            return;
        }
        if (!hasRoomFor(write)) {
            return;
        }
        Dependency unmet = write.dependencies().firstUnmet(store);
        if (unmet == null) {
            applyForeign(write);
        } else if (!held.isFull()) {
            hold(write, unmet);
            effects.buffered(write, unmet.toString());
            dissemination.waitPatiently();
        }
    }

    private boolean hasRoomFor(Write write) {
        boolean hasRoom = room.isFor(room.growth(write));
        if (!hasRoom) {
            room.lacksFor(write);
        }
        return hasRoom;
    }

    private void hold(Write write, Dependency unmet) {
        Dot dot = write.dot();
        held.put(write, unmet);
        // A catch-up may bring it meanwhile.
        waiting.await(unmet, () -> held.contains(dot), () -> retry(held.get(dot)));
    }

    private void retry(Write write) {
        Dependency unmet = write.dependencies().firstUnmet(store);
        if (unmet == null) {
            held.remove(write.dot());
            if (hasRoomFor(write)) {
                applyForeign(write);
            }
        } else {
            hold(write, unmet);
        }
    }

    private Arrivals.Suspect suspect() {
        if (held.isEmpty()) {
            return store.firstGap(settings.self());
        }
        Dot oldest = held.oldest();
        return new Arrivals.Suspect(oldest.origin(), oldest.sequence());
    }

    private void caughtUp(List<Kept> writes, Known complete) {
        // Together: in between, a write could be shown whose dependencies are superseded by others that come later
        // here.
        List<Kept> ordered = new ArrayList<>(writes);
        ordered.sort(Comparator.comparing(Kept::version));
        Function<Dot, Value> values = effects.values().snapshot();
        for (Kept write : ordered) {
            if (store.knows(write.dot())) {
                store.dropUnlessShown(write, effects.values());
            } else {
                held.remove(write.dot());
                listener.applying(write);
                apply(write, seen(write, values));
            }
        }
        complete.prefix().forEach((origin, count) -> covered(new Range(origin, 1, count)));
        complete.islands().forEach(this::covered);
        held.removeIf(store::knows);
        listener.caughtUp(complete.islands());
    }

    private void covered(Range range) {
        if (store.cover(range)) {
            persistProgress(range.origin());
            waiting.reached(range.origin(), store.prefix(range.origin()));
        }
        waiting.known(range.origin(), range.first(), range.last());
    }

    private void applyForeign(Write write) {
        listener.applying(write);
        apply(write);
        listener.applied(write);
    }

    private void apply(Write write) {
        // What is never shown is never looked for: its value need not be kept.
        apply(store.newerThan(write) == null ? Kept.of(write, effects.values()) : write, write);
    }

    /** @param update the same as something to look at */
    private void apply(Kept write, Update update) {
        Origin origin = write.dot().origin();
        Kept before = store.get(write.key());
        Kept newer = store.take(write);
        if (newer == null) {
            effects.persist(write);
        }
        persistProgress(origin);
        if (newer == null) {
            effects.applied(update);
        } else {
            effects.superseded(update, seen(newer, effects.values()::get));
        }
        store.dropUnlessShown(newer == null ? before : write, effects.values());
        waiting.known(origin, write.dot().sequence(), write.dot().sequence());
        waiting.reached(origin, store.prefix(origin));
    }

    private void persistProgress(Origin origin) {
        effects.persist(new Progress(origin, store.prefix(origin), listener.durableClock()));
    }
}
