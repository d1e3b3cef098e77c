package io.orrery.journal;

import io.orrery.clock.Dot;
import io.orrery.network.Delay;
import io.orrery.network.DelayScheduler;
import io.orrery.network.Fault;
import io.orrery.network.Fault.DiskFailure;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Values;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A disk in memory whose syncs and replays take time, which loses in a crash what it has not synced, and which has the
 * faults that it is told to have. With syncs that take no time an entry is durable when it is appended.
 */
public final class SimulatedDisk implements Journal {
    private final DiskModel model;
    private final boolean syncsTakeTime;
    private final SeededRandom syncTimes;
    /** For all other draws: which batches survive, how long a replay takes, what is damaged. */
    private final SeededRandom outcomes;

    private final DelayScheduler delayScheduler;
    private final Values values;
    private DiskContents contents;
    /** What the disk holds after the next crash, where an older copy is put back then; else null. */
    private DiskContents older;

    private boolean isPowerCut;

    private DiskBatch waiting = new DiskBatch();
    /** The batch that is being synced, or whose sync has failed; else null. */
    private DiskBatch underWay;

    /** How the sync of that batch has failed; null if it has not. */
    private DiskFailure failed;

    private final Set<DiskFailure> failures = EnumSet.noneOf(DiskFailure.class);
    private Duration slowBy = Duration.ZERO;
    private byte[] belonging = {};
    private boolean closed;
    private long incarnation;
    /** Counts crashes, so that the end of what was under way then is recognised and ignored. */
    private int life;

    /** A disk that has no faults of its own. */
    public SimulatedDisk(Delay syncTime, SeededRandom random, DelayScheduler delayScheduler) {
        this(DiskModel.syncing(syncTime), random, new SeededRandom(0), delayScheduler);
    }

    /**
     * @param syncTimes draws how long syncs take
     * @param outcomes draws all else
     */
    public SimulatedDisk(
            DiskModel model, SeededRandom syncTimes, SeededRandom outcomes, DelayScheduler delayScheduler) {
        this.model = model;
        this.syncsTakeTime = !model.sync().equals(Delay.NONE);
        this.syncTimes = syncTimes;
        this.outcomes = outcomes;
        this.delayScheduler = delayScheduler;
        this.values = model.hasValues() ? new SimulatedValues(model.valuesOver(), this) : Values.NONE;
        this.contents = new DiskContents(model.policy());
    }

    private SimulatedDisk(SimulatedDisk original) {
        model = original.model;
        syncsTakeTime = original.syncsTakeTime;
        syncTimes = original.syncTimes;
        outcomes = original.outcomes;
        delayScheduler = original.delayScheduler;
        values = original.values instanceof SimulatedValues apart ? apart.of(this) : Values.NONE;
        contents = original.contents.copy();
        incarnation = original.incarnation + 1;
    }

    /**
     * Has a disk that holds nothing yet be the memory of this number, as if others had been before it.
     *
     * @param number 0 or more
     */
    public void beginAt(long number) {
        incarnation = number;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public void slowBy(Duration by) {
        slowBy = by;
    }

    @Override
    public CompletionStage<Void> whenReadable() {
        CompletableFuture<Void> readable = new CompletableFuture<>();
        long nanos = contents.isEmpty() ? 0 : model.replay().sampleNanos(outcomes) + slowBy.toNanos();
        if (nanos == 0) {
            readable.complete(null);
            return readable;
        }
        int startedIn = life;
        delayScheduler.after(nanos, () -> {
            if (life == startedIn) {
                readable.complete(null);
            }
        });
        return readable;
    }

    /** Passes on what a replay would find; nothing where it would fail. Changes nothing. */
    public void forEachDurable(Consumer<JournalEntry> action) {
        contents.look(action);
    }

    @Override
    public void replay(Consumer<JournalEntry> action) {
        requireRoom();
        if (failures.remove(DiskFailure.REPLAY)) {
            throw new JournalException("the simulated disk failed to be read");
        }
        contents.replay(action);
    }

    private void requireRoom() {
        if (failures.contains(DiskFailure.FULL)) {
            throw new JournalException("the simulated disk is full");
        }
    }

    @Override
    public void append(JournalEntry entry) {
        if (isInstant()) {
            contents.append(entry);
        } else {
            waiting.entries().add(entry);
        }
    }

    /** Where something waits already, what comes later has to wait too. */
    private boolean isInstant() {
        return !syncsTakeTime && failures.isEmpty() && slowBy.isZero() && waiting.isEmpty() && underWay == null;
    }

    @Override
    public Values values() {
        return values;
    }

    /** Adds a value to what the next sync writes, or its deletion. */
    void put(Dot value, boolean present) {
        if (isInstant()) {
            DiskBatch batch = new DiskBatch();
            batch.values().put(value, present);
            contents.write(batch);
        } else {
            waiting.values().put(value, present);
        }
    }

    /** @throws JournalException if the value cannot be read */
    void readValue(Dot value) {
        if (waits(waiting, value) || underWay != null && waits(underWay, value)) {
            return;
        }
        if (failures.remove(DiskFailure.READ)) {
            throw new JournalException("the simulated disk failed to read the value of " + value);
        }
        contents.requireValue(value);
    }

    private static boolean waits(DiskBatch batch, Dot value) {
        return batch.values().getOrDefault(value, false);
    }

    int retainValues(Predicate<Dot> needed) {
        return contents.retain(needed) + (int) waitingValues().count();
    }

    /** The values that are not on disk yet. */
    Stream<Dot> waitingValues() {
        return Stream.of(waiting, underWay == null ? new DiskBatch() : underWay)
                .flatMap(batch -> batch.values().entrySet().stream())
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey);
    }

    @Override
    public boolean isDurable() {
        return waiting.isEmpty() && (underWay == null || underWay.isEmpty());
    }

    @Override
    public CompletionStage<Void> sync() {
        if (underWay != null) {
            throw new IllegalStateException("a sync is under way already");
        }
        underWay = waiting;
        waiting = new DiskBatch();
        int startedIn = life;
        DiskFailure failure = failureOfSync();
        CompletableFuture<Void> done = new CompletableFuture<>();
        delayScheduler.after(model.sync().sampleNanos(syncTimes) + slowBy.toNanos(), () -> {
            if (life == startedIn && failure != null) {
                failed = failure;
                done.completeExceptionally(new JournalException(
                        failure == DiskFailure.FULL
                                ? "the simulated disk is full"
                                : "the simulated disk failed to sync"));
            } else if (life == startedIn) {
                contents.write(underWay);
                underWay = null;
                done.complete(null);
            }
        });
        return done;
    }

    /** Null if the next sync succeeds. */
    private DiskFailure failureOfSync() {
        return Stream.of(DiskFailure.FULL, DiskFailure.SYNC, DiskFailure.SYNC_KEPT)
                .filter(failures::contains)
                .findFirst()
                .orElse(null);
    }

    /** Applies a fault, or its end. */
    public void apply(Fault.OfDisk fault) {
        if (fault instanceof Fault.FailDisk fail) {
            failures.add(fail.what());
        } else if (fault instanceof Fault.DamageDisk damage) {
            contents.damage(damage.what(), outcomes);
        } else if (fault instanceof Fault.SlowDisk slow) {
            slowBy(slow.by());
        } else {
            failures.clear();
            slowBy(Duration.ZERO);
        }
    }

    /** Has the disk lose, in the next crash, what a loss of power takes. */
    public void losePowerInCrash() {
        isPowerCut = true;
    }

    /** A disk that holds what this one has synced, as if its files had been copied. */
    public SimulatedDisk copy() {
        return new SimulatedDisk(this);
    }

    /** Has the disk hold, from the next crash on, what it held when the copy was made. */
    public void setBackInCrash(SimulatedDisk to) {
        older = to.contents.copy();
    }

    @Override
    public void crash() {
        if (underWay != null && survivesCrash()) {
            contents.write(underWay);
        }
        if (isPowerCut) {
            isPowerCut = false;
            incarnation += contents.losePower(outcomes) ? 1 : 0;
        }
        if (older != null) {
            contents = older;
            older = null;
            incarnation++;
        }
        life++;
        waiting = new DiskBatch();
        underWay = null;
        failed = null;
        // The others are of what the next life does.
        failures.removeAll(Set.of(DiskFailure.SYNC, DiskFailure.SYNC_KEPT, DiskFailure.READ));
    }

    private boolean survivesCrash() {
        if (failed != null) {
            return failed == DiskFailure.SYNC_KEPT;
        }
        return model.keptInCrash() > 0 && outcomes.nextDouble() < model.keptInCrash();
    }

    @Override
    public void wipe() {
        crash();
        requireRoom();
        if (failures.remove(DiskFailure.WIPE)) {
            throw new JournalException("the simulated disk failed to forget");
        }
        contents = new DiskContents(model.policy());
        incarnation++;
    }

    @Override
    public byte[] belonging() {
        return belonging.clone();
    }

    @Override
    public void keepBelonging(byte[] next) {
        belonging = next.clone();
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Whether the replica that wrote here has ended for good. */
    public boolean isClosed() {
        return closed;
    }
}
