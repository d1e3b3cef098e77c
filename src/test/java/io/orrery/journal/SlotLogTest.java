package io.orrery.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of {@link Journal} for a log in memory, which has to count: it keeps the last entry of each slot alone. */
class SlotLogTest {
    /** A client that writes one key again and again may write 1 MiB each time: none of it may stay. */
    @Test
    void nothingIsKeptThatALaterEntryOfItsSlotReplaces() {
        SlotLog log = new SlotLog();
        for (int i = 0; i < 1_000; i++) {
            log.append(new Note("slot " + i % 3, i));
            assertEquals(Math.min(i + 1, 3), log.size());
        }
        assertEquals(
                List.of(997, 998, 999),
                replayed(log).stream().map(it -> ((Note) it).number()).toList());
    }

    /** The dumb twin keeps everything. */
    @Test
    void theLastEntryOfEachSlotIsFoundAgainInTheOrderOfTheLastEntries() {
        SeededRandom random = new SeededRandom(11);
        for (int round = 0; round < 60; round++) {
            SlotLog log = new SlotLog();
            List<JournalEntry> all = new ArrayList<>();
            int slots = 1 + random.nextInt(2_000);
            int entries = random.nextInt(8_000);
            for (int i = 0; i < entries; i++) {
                Note note = new Note("slot " + random.nextInt(slots), i);
                log.append(note);
                all.add(note);
            }
            assertEquals(lastOfEachSlot(all), replayed(log));
        }
    }

    @Test
    void aClearedLogIsEmptyAndGoesOn() {
        SlotLog log = new SlotLog();
        for (int i = 0; i < 5_000; i++) {
            log.append(Note.of(i));
        }
        log.clear();
        assertEquals(List.of(), replayed(log));
        log.append(Note.of(1));
        assertEquals(List.of(Note.of(1)), replayed(log));
    }

    private static List<JournalEntry> replayed(SlotLog log) {
        List<JournalEntry> entries = new ArrayList<>();
        log.replay(entries::add);
        return entries;
    }

    private static List<JournalEntry> lastOfEachSlot(List<JournalEntry> entries) {
        Map<Object, JournalEntry> last = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            last.remove(entry.slot());
            last.put(entry.slot(), entry);
        }
        return List.copyOf(last.values());
    }
}
