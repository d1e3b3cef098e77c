package io.orrery.protocol.raft;

import io.orrery.protocol.Effects;
import java.util.function.Consumer;

/** Up to where the log is committed, and applied: committed entries are applied at once, in their order. */
final class Commits {
    private final Effects effects;
    private final RaftLog log;
    private final Store store;
    private final int threshold;
    private final Consumer<LogEntry> whenApplied;
    private long commit;
    private long kept;

    /**
     * @param threshold after how many entries a snapshot is made
     * @param whenApplied told of each entry
     */
    Commits(Effects effects, RaftLog log, Store store, int threshold, Consumer<LogEntry> whenApplied) {
        this.effects = effects;
        this.log = log;
        this.store = store;
        this.threshold = threshold;
        this.whenApplied = whenApplied;
    }

    void recover(RaftEntry.Committed entry) {
        kept = entry.index();
    }

    /** The log is recovered, and the store as it was at the snapshot. */
    void start() {
        store.start();
        commit = Math.max(store.applied(), Math.min(kept, log.last()));
        for (long index = store.applied() + 1; index <= commit; index++) {
            store.recover(log.get(index));
        }
    }

    /** The last entry that is known to be committed. */
    long commit() {
        return commit;
    }

    /** All up to this entry, which is here, is committed. Returns whether that is news. */
    boolean reached(long index) {
        if (index <= commit) {
            return false;
        }
        commit = index;
        while (store.applied() < commit) {
            LogEntry next = log.get(store.applied() + 1);
            store.apply(next);
            whenApplied.accept(next);
        }
        return true;
    }

    /** A snapshot has taken the place of all up to this entry. */
    void replaced(long index) {
        commit = Math.max(commit, index);
    }

    /** At the end of an input: keeps what is known, after all that could be sent without waiting for the disk. */
    void keep() {
        if (commit > kept) {
            kept = commit;
            effects.persist(new RaftEntry.Committed(commit));
        }
        if (store.applied() - log.snapshot() >= threshold) {
            store.keep(log.term(store.applied()));
            log.compact(store.applied(), threshold);
        }
    }
}
