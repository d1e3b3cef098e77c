package io.orrery.protocol.raft;

import io.orrery.protocol.Configuration;
import io.orrery.protocol.Effects;
import io.orrery.protocol.kit.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The log of a replica. Entries up to the snapshot are on disk as items, and a tail of them stays in memory for followers
 * that are a little behind.
 */
final class RaftLog {
    private final Effects effects;
    private final Configurations configurations;
    /** While it recovers: what the journal has, without what a later entry has replaced. */
    private final TreeMap<Long, LogEntry> found = new TreeMap<>();

    /** From {@code base + 1} on, without gaps. */
    private final List<LogEntry> entries = new ArrayList<>();

    private long base;
    private long baseTerm;
    private long snapshot;
    private long snapshotTerm;

    RaftLog(Effects effects, Configurations configurations) {
        this.effects = effects;
        this.configurations = configurations;
    }

    /** Whatever followed in the log when this entry was appended had been dropped before. */
    void recover(LogEntry entry) {
        found.tailMap(entry.index(), true).clear();
        found.put(entry.index(), entry);
    }

    void recover(RaftEntry.Kept kept) {
        snapshot = kept.index();
        snapshotTerm = kept.term();
        if (kept.alone()) {
            found.clear();
        }
    }

    /** The journal is complete. */
    void start() {
        base = snapshot;
        baseTerm = snapshotTerm;
        for (LogEntry entry : found.tailMap(base, false).values()) {
            Invariant.check(entry.index() == last() + 1, "a log has no gaps", entry.index(), last());
            entries.add(entry);
            if (entry instanceof LogEntry.Configured configured) {
                configurations.recover(configured);
            }
        }
        found.clear();
    }

    long last() {
        return base + entries.size();
    }

    long lastTerm() {
        return entries.isEmpty() ? baseTerm : entries.get(entries.size() - 1).term();
    }

    /** The last entry of which only the index and the term are known; 0 if there is none. */
    long base() {
        return base;
    }

    /** The entry up to which the snapshot on disk has all. */
    long snapshot() {
        return snapshot;
    }

    long snapshotTerm() {
        return snapshotTerm;
    }

    /** The term of an entry from the base to the last; 0 for that before the first. */
    long term(long index) {
        return index == base ? baseTerm : get(index).term();
    }

    /** Whether the log has this entry, or had it and has it in its snapshot no more by itself. */
    boolean has(long index, long term) {
        return index >= base && index <= last() && term(index) == term;
    }

    LogEntry get(long index) {
        return entries.get((int) (index - base - 1));
    }

    /** Whether there is room for an entry of this index. */
    boolean hasRoomFor(long index) {
        return index - snapshot <= LogEntry.RING;
    }

    void append(LogEntry entry) {
        Invariant.check(entry.index() == last() + 1, "an entry follows the last one", entry.index(), last());
        Invariant.check(entry.term() >= lastTerm(), "terms do not go back in a log", entry.term(), lastTerm());
        Invariant.check(hasRoomFor(entry.index()), "a log has room for what is appended", entry.index(), snapshot);
        effects.persist(entry);
        entries.add(entry);
        if (entry instanceof LogEntry.Command command) {
            effects.buffered(command, () -> "a majority to store it");
        } else if (entry instanceof LogEntry.Configured configured) {
            configurations.appended(configured);
        }
    }

    /** Drops an entry and all after it. They leave the disk with the next append, which follows at once. */
    void truncate(long from) {
        entries.subList((int) (from - base - 1), entries.size()).clear();
        configurations.truncated(from);
    }

    /**
     * Some entries, in their order.
     *
     * @param most how many
     * @param mostBytes of which there is at least one, however large
     */
    List<LogEntry> from(long index, int most, long mostBytes) {
        List<LogEntry> some = new ArrayList<>();
        long bytes = 0;
        for (long i = index; i <= last() && some.size() < most; i++) {
            LogEntry entry = get(i);
            bytes += entry.bytes();
            if (!some.isEmpty() && bytes > mostBytes) {
                break;
            }
            some.add(entry);
        }
        return some;
    }

    /**
     * The last entry up to an index whose term is not above another: all after it differ from a log whose entry there is of
     * that term, so a leader passes over a whole term at once (paper, end of section 5.3).
     */
    long lastNotAbove(long from, long term) {
        long index = Math.max(base, Math.min(from, last()));
        while (index > base && term(index) > term) {
            index--;
        }
        return index;
    }

    /**
     * The items on disk are the snapshot at this entry.
     *
     * @param tail how many entries before it stay in memory
     */
    void compact(long index, int tail) {
        configurations.compacted(index);
        snapshotTerm = term(index);
        snapshot = index;
        long newBase = Math.max(base, index - tail);
        long newBaseTerm = term(newBase);
        entries.subList(0, (int) (newBase - base)).clear();
        base = newBase;
        baseTerm = newBaseTerm;
    }

    /** A snapshot of a leader takes the place of the log, except of what follows it here too. */
    void replace(long index, long term, Optional<Configuration> configuration) {
        boolean goesOn = has(index, term);
        configurations.replaced(index, configuration, !goesOn);
        if (goesOn) {
            entries.subList(0, (int) (index - base)).clear();
        } else {
            entries.clear();
        }
        base = index;
        baseTerm = term;
        snapshot = index;
        snapshotTerm = term;
    }
}
