package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.kit.WaitIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A replica's copy of the data, and the only owner of its store. It applies writes, buffers those with missing
 * dependencies, persists what it applies, and wakes waiting requests. Others only read ({@link #knowledge}).
 */
final class LocalCopy {
    private final NodeId self;
    private final Effects effects;
    private final ReplicationListener listener;
    private final WriteStore store;
    private final StoreQuota storeQuota;
    private final CausalBuffer held;
    private final WaitIndex.Woken woken = new WaitIndex.Woken();
    private final WaitIndex<Origin> onPrefix = new WaitIndex<>(woken);
    private final WaitIndex<Origin> onWrite = new WaitIndex<>(woken);

    LocalCopy(ReplicaSettings settings, Effects effects, ReplicationListener listener) {
        this.self = settings.self();
        this.effects = effects;
        this.listener = listener;
        this.store = new WriteStore(listener::replaces);
        this.storeQuota = new StoreQuota(settings, store, effects);
        this.held = new CausalBuffer(settings.tuning().buffer());
    }

    /** Which writes are known here. */
    KnownWrites knowledge() {
        return store.logs();
    }

    /** The memory that the store may take. */
    StoreQuota room() {
        return storeQuota;
    }

    /** Recovers an entry of the journal. Returns false for an entry of another kind. */
    boolean recover(JournalEntry entry) {
        if (entry instanceof Write write) {
            store.recover(moved(write));
        } else if (entry instanceof WriteWithValueOnDisk write) {
            store.recover(write);
        } else if (entry instanceof AppliedProgress appliedProgress) {
            store.logs().recover(appliedProgress);
        } else {
            return false;
        }
        return true;
    }

    /**
     * A journal of an earlier version has all values within writes: they are moved if there is a store of values now.
     */
    private StoredWrite moved(Write write) {
        StoredWrite storedWrite = StoredWrite.of(write, effects.values());
        if (storedWrite != write) {
            effects.persist(storedWrite);
        }
        return storedWrite;
    }

    /** All entries of the journal have been given. */
    void recovered() {
        // A recovered write may be ahead of the recovered progress. It counts as known from now on, so the progress
        // must be persisted in case another write takes its slot.
        store.recovered().forEach(this::persistProgress);
        effects.values().dropAllBut(store::showsValueOf, store.onDisk());
    }

    // What can be seen

    /** The current write of a key, tombstones included; null when there is none. */
    StoredWrite get(Key key) {
        return store.get(key);
    }

    /** The current write of a key for those outside the replica, who may read its value later, on any thread. */
    Optional<Update> lookup(Key key) {
        return Optional.ofNullable(store.get(key))
                .map(write -> seen(write, effects.values().snapshot()));
    }

    /** Passes on all that is held, tombstones included. What is passed on may be looked at later, by any thread. */
    void forEach(Consumer<? super Update> action) {
        Function<Dot, Value> values = effects.values().snapshot();
        store.forEach(write -> action.accept(seen(write, values)));
    }

    private static Update seen(StoredWrite write, Function<Dot, Value> values) {
        return write instanceof WriteWithValueOnDisk writeWithValueOnDisk
                ? new WriteWithValueOnDisk.Seen(writeWithValueOnDisk, values)
                : write.whole(values);
    }

    int keys() {
        return store.keys();
    }

    int tombstones() {
        return store.tombstones();
    }

    /** The write with this dot that is held back; null when none is. */
    Write held(Dot dot) {
        return held.get(dot);
    }

    /** All writes that are held back, with what each waits for. */
    Collection<CausalBuffer.BufferedWrite> held() {
        return held.all();
    }

    /**
     * An origin of a write that is held back, and that may be taken for lost meanwhile; null when there is none.
     *
     * @param which the writes in question
     */
    Origin holdsBack(Predicate<Dot> which) {
        for (CausalBuffer.BufferedWrite buffered : held.all()) {
            Write write = buffered.write();
            if (write.dependencies().mayBeOvertaken() && which.test(write.dot())) {
                return write.dot().origin();
            }
        }
        return null;
    }

    /** The oldest sign that something is missing here; null when there is none. */
    SuspectedGap suspect() {
        if (held.isEmpty()) {
            return store.logs().firstGap(self);
        }
        Dot oldest = held.oldest();
        return new SuspectedGap(oldest.origin(), oldest.sequence());
    }

    // Who waits

    boolean isMet(Dependency dependency) {
        if (dependency instanceof Dependency.Prefix prefix) {
            return knowledge().prefix(prefix.origin()) >= prefix.sequence();
        }
        return knowledge().knows(((Dependency.Made) dependency).dot());
    }

    /** Runs an action once a missing dependency is applied, if it is still wanted then. */
    void await(Dependency dependency, BooleanSupplier isWanted, Runnable action) {
        if (dependency instanceof Dependency.Prefix on) {
            onPrefix.await(on.origin(), on.sequence(), isWanted, action);
        } else if (dependency instanceof Dependency.Made on) {
            onWrite.await(on.origin(), on.sequence(), isWanted, action);
        }
    }

    /** Runs the actions whose dependencies have been applied. */
    void runWoken() {
        woken.run();
    }

    // What changes

    /** Applies a write of this replica. */
    void write(Write write) {
        apply(write);
    }

    /**
     * Handles an unknown write of another replica: applies it, buffers it, or drops it if there is no room.
     *
     * @return whether it has been held back, and was not before
     */
    boolean take(Write write) {
        if (held.contains(write.dot()) || !hasRoomFor(write)) {
            return false;
        }
        Dependency unmet = write.dependencies().firstUnmet(knowledge());
        if (unmet == null) {
            applyForeign(write);
            return false;
        }
        if (held.isFull()) {
            return false;
        }
        hold(write, unmet);
        effects.buffered(write, unmet::toString);
        return true;
    }

    private boolean hasRoomFor(Write write) {
        boolean hasRoom = storeQuota.isFor(write.key(), write.value(), write.dependencies());
        if (!hasRoom) {
            storeQuota.lacksFor(write);
        }
        return hasRoom;
    }

    private void hold(Write write, Dependency unmet) {
        Dot dot = write.dot();
        held.put(write, unmet);
        // A catch-up may bring it meanwhile.
        await(unmet, () -> held.contains(dot), () -> retry(write));
    }

    private void retry(Write write) {
        Dependency unmet = write.dependencies().firstUnmet(knowledge());
        if (unmet == null) {
            held.remove(write.dot());
            if (hasRoomFor(write)) {
                applyForeign(write);
            }
        } else {
            hold(write, unmet);
        }
    }

    /** Takes in all that a peer has and that was missing here, as one. */
    void takeAll(List<StoredWrite> writes, Summary complete) {
        // Together: in between, a write could be shown whose dependencies are superseded by others that come later
        // here.
        List<StoredWrite> ordered = new ArrayList<>(writes);
        ordered.sort(Comparator.comparing(StoredWrite::version));
        Function<Dot, Value> values = effects.values().snapshot();
        for (StoredWrite write : ordered) {
            if (knowledge().knows(write.dot())) {
                knowledge().dropUnlessShown(write, effects.values());
            } else {
                held.remove(write.dot());
                listener.applying(write);
                apply(write, seen(write, values), store.get(write.key()));
            }
        }
        complete.prefix().forEach((origin, count) -> cover(new Range(origin, 1, count)));
        complete.islands().forEach(this::cover);
        held.removeIf(knowledge()::knows);
        listener.caughtUp(complete.islands());
    }

    /** A range counts as known now: what is kept of it has been taken in, and nothing more of it will come. */
    void cover(Range range) {
        if (store.logs().cover(range)) {
            persistProgress(range.origin());
            onPrefix.reached(range.origin(), knowledge().prefix(range.origin()));
        }
        onWrite.reached(range.origin(), range.first(), range.last());
    }

    /** Drops the buffered writes of these origins. */
    void letGo(Predicate<Origin> origins) {
        held.removeIf(dot -> origins.test(dot.origin()));
    }

    /** See {@link OriginLogs#fold}. */
    void fold(Predicate<Origin> isEverywhere) {
        store.logs().fold(isEverywhere);
    }

    private void applyForeign(Write write) {
        listener.applying(write);
        apply(write);
        listener.applied(write);
    }

    private void apply(Write write) {
        StoredWrite before = store.get(write.key());
        // A write that is never shown needs no value.
        apply(store.shows(write, before) ? StoredWrite.of(write, effects.values()) : write, write, before);
    }

    /**
     * @param update the same as something to look at
     * @param before what its key shows; null for nothing
     */
    private void apply(StoredWrite write, Update update, StoredWrite before) {
        Origin origin = write.dot().origin();
        StoredWrite newer = store.take(write, before);
        if (newer == null) {
            effects.persist(write);
        }
        persistProgress(origin);
        if (newer == null) {
            effects.applied(update);
        } else {
            effects.superseded(update, seen(newer, effects.values()::get));
        }
        knowledge().dropUnlessShown(newer == null ? before : write, effects.values());
        long sequence = write.dot().sequence();
        onWrite.reached(origin, sequence, sequence);
        onPrefix.reached(origin, knowledge().prefix(origin));
    }

    /** Keeps how far this copy is with an origin, and the clock. */
    void persistProgress(Origin origin) {
        effects.persist(new AppliedProgress(origin, knowledge().prefix(origin), listener.durableClock()));
    }
}
