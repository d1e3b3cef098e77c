package io.orrery.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Issue 2: the simulated disk loses what was not synced; a wipe loses all, and the replica goes on as a new incarnation. */
class JournalTest {
    private final Deque<Runnable> due = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final SimulatedDisk disk = disk(Delay.parse("5ms"));

    private SimulatedDisk disk(Delay syncTime) {
        return new SimulatedDisk(syncTime, new SeededRandom(1), (nanos, task) -> due.add(task));
    }

    private void timePasses() {
        while (!due.isEmpty()) {
            due.poll().run();
        }
    }

    @Test
    void aCrashLosesExactlyWhatWasNotSynced() {
        disk.append(Note.of(1));
        disk.append(Note.of(2));
        assertFalse(disk.isDurable());
        disk.sync(() -> told.add("first"));
        timePasses();
        assertTrue(disk.isDurable());
        disk.append(Note.of(3));
        disk.crash();
        assertEquals(List.of(Note.of(1), Note.of(2)), replayed(disk));
        assertEquals(List.of("first"), told);
        assertTrue(disk.isDurable(), "what is lost needs no sync");
    }

    @Test
    void whatIsAppendedDuringASyncWaitsForTheNext() {
        disk.append(Note.of(1));
        disk.sync(() -> told.add("first"));
        disk.append(Note.of(2));
        timePasses();
        assertFalse(disk.isDurable());
        assertEquals(List.of(Note.of(1)), replayed(disk));
        disk.sync(() -> told.add("second"));
        timePasses();
        assertEquals(List.of(Note.of(1), Note.of(2)), replayed(disk));
        assertEquals(List.of("first", "second"), told);
    }

    @Test
    void aCrashDuringASyncLosesItAndNobodyIsTold() {
        disk.append(Note.of(1));
        disk.sync(() -> told.add("never"));
        disk.crash();
        // The next life writes before the old sync would have ended.
        disk.append(Note.of(2));
        disk.sync(() -> told.add("second life"));
        timePasses();
        assertEquals(List.of(Note.of(2)), replayed(disk));
        assertEquals(List.of("second life"), told);
    }

    @Test
    void oneSyncIsUnderWayAtATime() {
        disk.append(Note.of(1));
        disk.sync(() -> {});
        assertThrows(IllegalStateException.class, () -> disk.sync(() -> {}));
        disk.crash();
        disk.sync(() -> told.add("after the crash"));
        timePasses();
        assertEquals(List.of("after the crash"), told);
    }

    @Test
    void aWipeLosesAllAndBeginsAnIncarnation() {
        disk.append(Note.of(1));
        disk.sync(() -> {});
        timePasses();
        disk.append(Note.of(2));
        assertEquals(0, disk.incarnation());
        disk.wipe();
        assertEquals(List.of(), replayed(disk));
        assertEquals(1, disk.incarnation());
        disk.crash();
        assertEquals(1, disk.incarnation(), "a crash is no wipe");
        disk.wipe();
        assertEquals(2, disk.incarnation());
    }

    @Test
    void aDiskThatTakesNoTimeKeepsAtOnce() {
        for (Delay none : List.of(Delay.NONE, new Delay.Fixed(Duration.ZERO))) {
            SimulatedDisk instant = disk(none);
            instant.append(Note.of(1));
            assertTrue(instant.isDurable());
            instant.crash();
            assertEquals(List.of(Note.of(1)), replayed(instant));
        }
    }

    @Test
    void memorySurvivesACrashAndNotAWipe() {
        MemoryJournal memory = new MemoryJournal();
        memory.append(Note.of(1));
        assertTrue(memory.isDurable());
        memory.sync(() -> told.add("at once"));
        memory.crash();
        assertEquals(List.of(Note.of(1)), replayed(memory));
        assertEquals(List.of("at once"), told);
        memory.wipe();
        assertEquals(List.of(), replayed(memory));
        assertEquals(1, memory.incarnation());
    }

    /** The dumb twin: a list, and how much of it was there when the last finished sync began. */
    @Test
    void randomLivesOfADiskLoseNoMoreAndNoLessThanTheyMay() {
        for (int seed = 0; seed < 2_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            SimulatedDisk tested = disk(Delay.parse("1ms"));
            List<JournalEntry> all = new ArrayList<>();
            int[] durable = {0};
            boolean[] syncing = {false};
            for (int step = 0; step < 40; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> {
                        Note note = new Note("slot " + random.nextInt(4), step);
                        tested.append(note);
                        all.add(note);
                    }
                    case 3 -> {
                        if (!syncing[0]) {
                            syncing[0] = true;
                            int covered = all.size();
                            tested.sync(() -> {
                                durable[0] = covered;
                                syncing[0] = false;
                            });
                        }
                    }
                    case 4 -> timePasses();
                    default -> {
                        tested.crash();
                        due.clear();
                        syncing[0] = false;
                        all.subList(durable[0], all.size()).clear();
                    }
                }
                assertEquals(durable[0] == all.size(), tested.isDurable());
                assertEquals(all.subList(0, durable[0]), replayed(tested));
            }
            due.clear();
        }
    }

    private static List<JournalEntry> replayed(Journal journal) {
        List<JournalEntry> entries = new ArrayList<>();
        journal.replay(entries::add);
        return entries;
    }
}
