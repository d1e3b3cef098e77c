package io.orrery.journal;

import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import io.orrery.network.Timekeeper;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A disk in memory whose syncs take time and which loses, in a crash, what was not synced. With syncs that take no time
 * an entry is durable when it is appended.
 */
public final class SimulatedDisk implements Journal {
    private final Delay syncTime;
    private final SeededRandom random;
    private final Timekeeper timekeeper;
    private final SlotLog synced = new SlotLog();
    private final List<JournalEntry> unsynced = new ArrayList<>();
    private boolean syncing;
    private long incarnation;
    /** Counts crashes, so that the end of a sync that was under way then is recognised and ignored. */
    private int life;

    public SimulatedDisk(Delay syncTime, SeededRandom random, Timekeeper timekeeper) {
        this.syncTime = syncTime;
        this.random = random;
        this.timekeeper = timekeeper;
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
        if (syncTime.equals(Delay.NONE)) {
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
    public void sync(Runnable durable) {
        if (syncing) {
            throw new IllegalStateException("a sync is under way already");
        }
        syncing = true;
        int batch = unsynced.size();
        int startedIn = life;
        timekeeper.after(syncTime.sampleNanos(random), () -> {
            if (life == startedIn) {
                syncing = false;
                List<JournalEntry> head = unsynced.subList(0, batch);
                head.forEach(synced::append);
                head.clear();
                durable.run();
            }
        });
    }

    @Override
    public void crash() {
        life++;
        syncing = false;
        unsynced.clear();
    }

    @Override
    public void wipe() {
        crash();
        synced.clear();
        incarnation++;
    }
}
