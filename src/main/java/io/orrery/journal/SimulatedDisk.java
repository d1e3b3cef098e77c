package io.orrery.journal;

import io.orrery.network.Delay;
import io.orrery.network.DelayScheduler;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A disk in memory whose syncs take time and which loses, in a crash, what was not synced. With syncs that take no time
 * an entry is durable when it is appended. A sync can be made to fail.
 */
public final class SimulatedDisk implements Journal {
    private final Delay syncTime;
    private final SeededRandom random;
    private final DelayScheduler delayScheduler;
    private SlotLog synced = new SlotLog();
    /** What the disk holds after the next crash, where an older copy is put back then; else null. */
    private SlotLog older;

    private final List<JournalEntry> unsynced = new ArrayList<>();
    private byte[] belonging = {};
    private boolean syncing;
    private boolean closed;
    /** The next sync fails; with syncs that take no time there is one again then. */
    private boolean failing;

    private long incarnation;
    /** Counts crashes, so that the end of a sync that was under way then is recognised and ignored. */
    private int life;

    public SimulatedDisk(Delay syncTime, SeededRandom random, DelayScheduler delayScheduler) {
        this.syncTime = syncTime;
        this.random = random;
        this.delayScheduler = delayScheduler;
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
    public void replay(Consumer<JournalEntry> action) {
        synced.replay(action);
    }

    @Override
    public void append(JournalEntry entry) {
        if (syncTime.equals(Delay.NONE) && !failing) {
            synced.append(entry);
        } else {
            unsynced.add(entry);
        }
    }

    @Override
    public boolean isDurable() {
        return unsynced.isEmpty();
    }

    @Override
    public CompletionStage<Void> sync() {
        if (syncing) {
            throw new IllegalStateException("a sync is under way already");
        }
        syncing = true;
        int batch = unsynced.size();
        int startedIn = life;
        boolean fails = failing;
        CompletableFuture<Void> done = new CompletableFuture<>();
        delayScheduler.after(syncTime.sampleNanos(random), () -> {
            if (life == startedIn && fails) {
                done.completeExceptionally(new JournalException("the simulated disk failed to sync"));
            } else if (life == startedIn) {
                syncing = false;
                List<JournalEntry> head = unsynced.subList(0, batch);
                head.forEach(synced::append);
                head.clear();
                done.complete(null);
            }
        });
        return done;
    }

    /** Has the next sync fail: what it was to make durable is lost in the crash that must follow. */
    public void failNextSync() {
        failing = true;
    }

    /** A disk that holds what this one has synced, as if its files had been copied. */
    public SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk(syncTime, random, delayScheduler);
        copy.synced = synced.copy();
        copy.incarnation = incarnation + 1;
        return copy;
    }

    /** Has the disk hold, from the next crash on, what it held when the copy was made. */
    public void setBackInCrash(SimulatedDisk to) {
        older = to.synced.copy();
    }

    @Override
    public void crash() {
        if (older != null) {
            synced = older;
            older = null;
            incarnation++;
        }
        life++;
        syncing = false;
        failing = false;
        unsynced.clear();
    }

    @Override
    public void wipe() {
        crash();
        synced.clear();
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
