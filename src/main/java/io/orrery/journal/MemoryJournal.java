package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A journal that survives a crash of the replica, and not the end of the process: all it keeps is durable at once. */
public final class MemoryJournal implements Journal {
    private final SlotLog log = new SlotLog();
    private long incarnation;

    /** For a replica whose peers live and end with this process. */
    public MemoryJournal() {
        this(0);
    }

    private MemoryJournal(long firstIncarnation) {
        this.incarnation = firstIncarnation;
    }

    /**
     * For a replica whose peers may outlive this process: they have to tell this memory from the one that the replica had
     * in a process before. As that left nothing behind, incarnations are times.
     *
     * @param millis when the process began, in milliseconds since 1970: later than any process of the replica before it
     * @throws IllegalArgumentException when that is not above 0
     */
    public static MemoryJournal inProcess(long millis) {
        if (millis < 1) {
            throw new IllegalArgumentException("a process begins at a time above 0, not at " + millis);
        }
        return new MemoryJournal(millis);
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public void replay(Consumer<JournalEntry> action) {
        log.replay(action);
    }

    @Override
    public void append(JournalEntry entry) {
        log.append(entry);
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public CompletionStage<Void> sync() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void crash() {}

    @Override
    public void wipe() {
        log.clear();
        incarnation++;
    }

    @Override
    public void close() {}
}
