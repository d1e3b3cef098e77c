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
    /** Some seconds' worth of a busy replica, in little memory. */
    static final int MOST_EFFECTS = 100_000;

    private final Journal journal;
    private final long mostBytes;
    private final LongConsumer whenSynced;
    private final Consumer<Throwable> whenFailed;
    private final Deque<WaitingEffect> held = new ArrayDeque<>();
    private long appended;
    /** The bytes of the entries that the next sync will make durable, and of those of the current sync. */
    private long gathered;

    private long underWay;
    private boolean syncing;

    /** The bytes of the held answers. */
    private long answers;

    private record WaitingEffect(long after, long bytes, Runnable effect) {}

    /**
     * @param mostBytes the limit of entries that wait for the disk
     * @param whenSynced called on any thread with the new durable position; must lead to {@link #synced}
     * @param whenFailed called on any thread if a sync has failed; held effects are then never performed
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

    /** Whether an effect may be performed at once. */
    boolean isOpen() {
        return held.isEmpty() && journal.isDurable();
    }

    void hold(Runnable effect) {
        hold(effect, 0);
    }

    /** @param bytes the memory that only this effect holds */
    void hold(Runnable effect, long bytes) {
        held.add(new WaitingEffect(appended, bytes, effect));
        answers += bytes;
    }

    int size() {
        return held.size();
    }

    /** Whether the replica should stop adding effects until the disk catches up. */
    boolean isFull() {
        long bytes = gathered + underWay + answers + journal.values().pendingBytes();
        return held.size() >= MOST_EFFECTS || bytes >= mostBytes;
    }

    /** To be called after each input: begins a sync if one is needed and none runs. */
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

    /** Performs the effects that waited for the entries up to this position, which are now durable. */
    void synced(long upTo) {
        syncing = false;
        underWay = 0;
        // What came later may be durable too: a disk that takes no time any more keeps it at once, and nothing else is
        // to come.
        long durable = journal.isDurable() ? appended : upTo;
        while (!held.isEmpty() && held.peek().after() <= durable) {
            WaitingEffect next = held.poll();
            answers -= next.bytes();
            next.effect().run();
        }
    }
}
