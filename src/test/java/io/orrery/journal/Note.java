package io.orrery.journal;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An entry for tests: the number-th entry of its slot. */
@JsonTypeName("note")
public record Note(String slot, int number) implements JournalEntry {
    public static final Codec<JournalEntry> CODEC = new Codec<>(JournalEntry.class, List.of(Note.class));

    public static Note of(int number) {
        return new Note("slot " + number, number);
    }

    public static List<JournalEntry> replayed(Journal journal) {
        List<JournalEntry> entries = new ArrayList<>();
        journal.replay(entries::add);
        return entries;
    }

    /** What is sure to be found again, in its order. */
    public static List<JournalEntry> lastOfEachSlot(List<JournalEntry> entries) {
        Map<Object, JournalEntry> last = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            last.remove(entry.slot());
            last.put(entry.slot(), entry);
        }
        return List.copyOf(last.values());
    }
}
