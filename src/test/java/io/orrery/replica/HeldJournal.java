package io.orrery.replica;

import io.orrery.journal.Journal;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A journal whose syncs end when the test says so. */
final class HeldJournal implements Journal {
    private final List<JournalEntry> entries = new ArrayList<>();
    private int durable;
    private int syncTo;
    private Runnable underWay;

    /** Ends the sync that is under way. */
    synchronized void finishSync() {
        if (underWay == null) {
            throw new IllegalStateException("no sync is under way");
        }
        Runnable done = underWay;
        underWay = null;
        durable = syncTo;
        done.run();
    }

    synchronized boolean isSyncing() {
        return underWay != null;
    }

    synchronized int appended() {
        return entries.size();
    }

    @Override
    public long incarnation() {
        return 0;
    }

    @Override
    public synchronized void replay(Consumer<JournalEntry> action) {
        entries.subList(0, durable).forEach(action);
    }

    @Override
    public synchronized void append(JournalEntry entry) {
        entries.add(entry);
    }

    @Override
    public synchronized boolean isDurable() {
        return durable == entries.size();
    }

    @Override
    public synchronized void sync(Runnable done) {
        if (underWay != null) {
            throw new IllegalStateException("a sync is under way already");
        }
        underWay = done;
        syncTo = entries.size();
    }

    @Override
    public synchronized void crash() {
        underWay = null;
        entries.subList(durable, entries.size()).clear();
    }

    @Override
    public synchronized void wipe() {
        entries.clear();
        durable = 0;
        underWay = null;
    }
}
