package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A log in memory that keeps only the last entry of each slot. */
final class SlotLog {
    /** An entry, and its place in the order of appends: that is needed only when all are read. */
    private static final class Last {
        private JournalEntry entry;
        private long place;
    }

    private final Map<Object, Last> slots = new HashMap<>();
    private long appended;

    void append(JournalEntry entry) {
        Last last = slots.computeIfAbsent(entry.slot(), any -> new Last());
        last.entry = entry;
        last.place = appended++;
    }

    SlotLog copy() {
        SlotLog copy = new SlotLog();
        replay(copy::append);
        return copy;
    }

    /** Passes on the entries in the order in which they were appended. */
    void replay(Consumer<JournalEntry> action) {
        slots.values().stream()
                .sorted(Comparator.comparingLong(last -> last.place))
                .map(last -> last.entry)
                .toList()
                .forEach(action);
    }

    void clear() {
        slots.clear();
    }

    int size() {
        return slots.size();
    }
}
