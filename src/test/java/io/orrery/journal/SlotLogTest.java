package io.orrery.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of {@link Journal}: of the entries of one slot only the last is sure to be found again. */
class SlotLogTest {
    @Test
    void aShortLogKeepsEverythingInOrder() {
        SlotLog log = new SlotLog();
        List<JournalEntry> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Note note = new Note("slot " + i % 3, i);
            log.append(note);
            all.add(note);
        }
        assertEquals(all, replayed(log));
    }

    @Test
    void aSlotThatIsWrittenForEverTakesNoMoreAndMoreRoom() {
        SlotLog log = new SlotLog();
        for (int i = 0; i < 1_000_000; i++) {
            log.append(new Note("slot " + i % 10, i));
            assertTrue(log.size() <= 1_024, "after " + i + ": " + log.size());
        }
    }

    @Test
    void aLogIsNoLongerThanTwiceItsLiveEntriesAndSomeMore() {
        SlotLog log = new SlotLog();
        SeededRandom random = new SeededRandom(10);
        Map<Object, JournalEntry> live = new LinkedHashMap<>();
        for (int i = 0; i < 200_000; i++) {
            Note note = new Note("slot " + random.nextInt(1 + i / 10), i);
            log.append(note);
            live.put(note.slot(), note);
            assertTrue(log.size() <= Math.max(1_024, 2 * live.size()), log.size() + " for " + live.size());
        }
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
            List<JournalEntry> found = replayed(log);
            assertEquals(lastOfEachSlot(all), lastOfEachSlot(found));
            int at = 0;
            for (JournalEntry entry : found) {
                while (!all.get(at).equals(entry)) {
                    at++;
                }
                at++;
            }
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
