package io.orrery.journal;

import io.orrery.clock.Dot;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a simulated disk writes as a whole or not at all.
 *
 * @param values false for a value that is deleted
 */
record DiskBatch(List<JournalEntry> entries, Map<Dot, Boolean> values) {
    DiskBatch() {
        this(new ArrayList<>(), new LinkedHashMap<>());
    }

    boolean isEmpty() {
        return entries.isEmpty() && values.isEmpty();
    }
}
