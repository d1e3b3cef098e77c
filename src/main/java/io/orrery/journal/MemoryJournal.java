package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/** A journal in memory. It survives a crash of the replica, but not the end of the process. All entries are durable at once. */
public final class MemoryJournal implements Journal {
    private final SlotLog log = new SlotLog();
    private final LongUnaryOperator nextIncarnation;
    private long incarnation;
    private volatile byte[] belonging = {};

    /** For a replica whose peers live in this process. */
    public MemoryJournal() {
        this(0, last -> last + 1);
    }

    private MemoryJournal(long incarnation, LongUnaryOperator nextIncarnation) {
        this.incarnation = incarnation;
        this.nextIncarnation = nextIncarnation;
    }

    /** For a replica whose peers may outlive this process. */
    public static MemoryJournal inProcess() {
        return new MemoryJournal(IncarnationNumbers.draw(), last -> IncarnationNumbers.draw());
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
        incarnation = nextIncarnation.applyAsLong(incarnation);
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
    public void close() {}
}
