package io.orrery.journal;

import io.orrery.clock.Dot;
import io.orrery.protocol.JournalEntry;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The entries and the values that a simulated disk holds. */
final class DiskImage {
    private SlotLog log = new SlotLog();
    /** By the dots of their writes. */
    private final Set<Dot> values = new LinkedHashSet<>();

    void append(JournalEntry entry) {
        log.append(entry);
    }

    void add(DiskBatch batch) {
        batch.values().forEach((value, present) -> {
            if (present) {
                values.add(value);
            } else {
                values.remove(value);
            }
        });
        batch.entries().forEach(log::append);
    }

    boolean has(Dot value) {
        return values.contains(value);
    }

    Set<Dot> values() {
        return values;
    }

    int records() {
        return log.size() + values.size();
    }

    void replay(Consumer<JournalEntry> action) {
        log.replay(action);
    }

    DiskImage copy() {
        DiskImage copy = new DiskImage();
        copy.log = log.copy();
        copy.values.addAll(values);
        return copy;
    }
}
