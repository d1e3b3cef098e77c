package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A log in memory that keeps only the last entry of each slot. */
final class SlotLog {
    /** By slot, in the order in which they were appended. */
    private final Map<Object, JournalEntry> entries = new LinkedHashMap<>();

    void append(JournalEntry entry) {
        Object slot = entry.slot();
        entries.remove(slot);
        entries.put(slot, entry);
    }

    SlotLog copy() {
        SlotLog copy = new SlotLog();
        copy.entries.putAll(entries);
        return copy;
    }

    void replay(Consumer<JournalEntry> action) {
        entries.values().forEach(action);
    }

    void clear() {
        entries.clear();
    }

    int size() {
        return entries.size();
    }
}
