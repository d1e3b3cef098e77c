package io.orrery.replica;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A journal whose syncs end when the test says so. */
final class HeldJournal implements Journal {
    private final List<JournalEntry> entries = new ArrayList<>();
    private int durable;
    private int syncTo;
    private CompletableFuture<Void> underWay;

    /** Ends the sync that is under way. */
    synchronized void finishSync() {
        if (underWay == null) {
            throw new IllegalStateException("no sync is under way");
        }
        CompletableFuture<Void> done = underWay;
        underWay = null;
        durable = syncTo;
        done.complete(null);
    }

    /** Has the sync that is under way fail. */
    synchronized void failSync() {
        CompletableFuture<Void> done = underWay;
        underWay = null;
        done.completeExceptionally(new JournalException("the disk is on fire"));
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
    public synchronized CompletionStage<Void> sync() {
        if (underWay != null) {
            throw new IllegalStateException("a sync is under way already");
        }
        underWay = new CompletableFuture<>();
        syncTo = entries.size();
        return underWay;
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

    @Override
    public byte[] belonging() {
        return new byte[0];
    }

    @Override
    public void keepBelonging(byte[] belonging) {
        throw new UnsupportedOperationException("no test has a cluster and this journal");
    }

    @Override
    public void close() {}
}
