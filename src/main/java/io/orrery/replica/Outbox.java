package io.orrery.replica;

import io.orrery.journal.Journal;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Delays effects until all entries persisted before them are durable, and keeps their order. One sync makes all
 * appended entries durable (group commit); the replica continues meanwhile, until too much waits for a slow disk.
 */
final class Outbox {
    /** Some seconds of a busy replica, in little memory. */
    static final int MOST_EFFECTS = 100_000;

    private final Journal journal;
    private final long mostBytes;
    private final LongConsumer whenSynced;
    private final Consumer<Throwable> whenFailed;
    private final Deque<Held> held = new ArrayDeque<>();
    private long appended;
    /** How many bytes of entries the next sync will make durable, and how many the one that is under way. */
    private long gathered;

    private long underWay;
    private boolean syncing;

    /** How many bytes the answers take that are held. */
    private long answers;

    private record Held(long after, long bytes, Runnable effect) {}

    /**
     * @param mostBytes of entries that wait for the disk
     * @param whenSynced called on any thread with the position that is durable now; to be passed to {@link #synced}
     * @param whenFailed called on any thread when a sync has failed: what is held is never carried out
     */
    Outbox(Journal journal, long mostBytes, LongConsumer whenSynced, Consumer<Throwable> whenFailed) {
        this.journal = journal;
        this.mostBytes = mostBytes;
        this.whenSynced = whenSynced;
        this.whenFailed = whenFailed;
    }

    void persist(JournalEntry entry) {
        journal.append(entry);
        appended++;
        if (!journal.isDurable()) {
            gathered += entry.bytes();
        }
    }

    /** Whether an effect may be carried out at once. */
    boolean isOpen() {
        return held.isEmpty() && journal.isDurable();
    }

    void hold(Runnable effect) {
        hold(effect, 0);
    }

    /** @param bytes what the effect takes that nothing else has in memory */
    void hold(Runnable effect, long bytes) {
        held.add(new Held(appended, bytes, effect));
        answers += bytes;
    }

    int size() {
        return held.size();
    }

    /** Whether so much waits for the disk that nothing should be added. */
    boolean isFull() {
        long bytes = gathered + underWay + answers + journal.values().pendingBytes();
        return held.size() >= MOST_EFFECTS || bytes >= mostBytes;
    }

    /** To be called when an input has been handled: begins a sync if one is needed and none is under way. */
    void flush() {
        if (!syncing && !journal.isDurable()) {
            syncing = true;
            underWay = gathered;
            gathered = 0;
            long upTo = appended;
            journal.sync().whenComplete((done, failure) -> {
                if (failure == null) {
                    whenSynced.accept(upTo);
                } else {
                    whenFailed.accept(failure);
                }
            });
        }
    }

    /** All entries up to this position are durable: carries out what waited for them. */
    void synced(long upTo) {
        syncing = false;
        underWay = 0;
        while (!held.isEmpty() && held.peek().after() <= upTo) {
            Held next = held.poll();
            answers -= next.bytes();
            next.effect().run();
        }
    }
}
