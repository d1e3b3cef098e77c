package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A log in memory that forgets an entry some time after a later one has filled its slot: it is never longer than twice
 * the live entries (and some more), at a constant cost for each entry on average.
 */
final class SlotLog {
    private static final int SMALLEST = 1024;

    private List<JournalEntry> entries = new ArrayList<>();
    private int compactAt = SMALLEST;

    void append(JournalEntry entry) {
        entries.add(entry);
        if (entries.size() >= compactAt) {
            compact();
            compactAt = Math.max(SMALLEST, 2 * entries.size());
        }
    }

    SlotLog copy() {
        SlotLog copy = new SlotLog();
        copy.entries.addAll(entries);
        copy.compactAt = Math.max(SMALLEST, 2 * entries.size());
        return copy;
    }

    void replay(Consumer<JournalEntry> action) {
        entries.forEach(action);
    }

    void clear() {
        entries = new ArrayList<>();
        compactAt = SMALLEST;
    }

    int size() {
        return entries.size();
    }

    private void compact() {
        // Large enough from the start: to grow it would take as long as to fill it.
        Set<Object> filled = new HashSet<>(2 * entries.size());
        List<JournalEntry> live = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (filled.add(entries.get(i).slot())) {
                live.add(entries.get(i));
            }
        }
        Collections.reverse(live);
        entries = live;
    }
}
