package io.orrery.journal;

import static io.orrery.journal.Note.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.journal.rocksdb.ManualExecutor;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.Fault.DiskDamage;
import io.orrery.network.Fault.DiskFailure;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can go wrong with a simulated disk, each fault by itself. */
class DiskFaultsTest {
    private static final NodeId A = NodeId.of("A");
    private static final DiskModel MODEL = DiskModel.syncing(Delay.parse("5ms"));
    private static final int SEEDS = 200;

    private final ManualExecutor time = new ManualExecutor();
    private final List<String> told = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();

    private SimulatedDisk disk(DiskModel model, long seed) {
        return new SimulatedDisk(model, new SeededRandom(seed), new SeededRandom(seed + 1), (nanos, task) -> {
            waits.add(Duration.ofNanos(nanos));
            time.execute(task);
        });
    }

    private SimulatedDisk disk(DiskModel model) {
        return disk(model, 1);
    }

    private void sync(SimulatedDisk disk) {
        beginSync(disk);
        time.runAll();
    }

    private void beginSync(SimulatedDisk disk) {
        disk.sync().whenComplete((done, failure) -> told.add(failure == null ? "synced" : failure.getMessage()));
    }

    private void keep(SimulatedDisk disk, int... numbers) {
        for (int number : numbers) {
            disk.append(Note.of(number));
            if (!disk.isDurable()) {
                sync(disk);
            }
            assertTrue(disk.isDurable());
        }
    }

    private static List<JournalEntry> notes(int... numbers) {
        return IntStream.of(numbers).<JournalEntry>mapToObj(Note::of).toList();
    }

    private static String refused(SimulatedDisk disk) {
        return assertThrows(JournalException.class, () -> replayed(disk)).getMessage();
    }

    private static Value value(int number) {
        return Value.of("value " + number);
    }

    private static Dot dot(int number) {
        return new Dot(Origin.parse("A"), number);
    }

    @Test
    void aReplayGivesTheLastEntryOfEachSlotAlone() {
        for (DiskModel model : List.of(DiskModel.INSTANT, MODEL, MODEL.withPolicy(SyncPolicy.NEVER))) {
            SimulatedDisk disk = disk(model);
            for (int i = 0; i < 100; i++) {
                disk.append(new Note("slot " + i % 3, i));
                if (!disk.isDurable()) {
                    sync(disk);
                }
            }
            disk.crash();
            assertEquals(
                    List.of(new Note("slot 1", 97), new Note("slot 2", 98), new Note("slot 0", 99)), replayed(disk));
        }
    }

    private Set<Integer> survivors(DiskModel model, Function<SimulatedDisk, Integer> life) {
        Set<Integer> survivors = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            survivors.add(life.apply(disk(model, seed)));
        }
        return survivors;
    }

    /** All of the batch or nothing, and never what was appended while it was under way. */
    @Test
    void aBatchUnderWaySurvivesACrashByChance() {
        Function<SimulatedDisk, Integer> life = disk -> {
            keep(disk, 1);
            disk.append(Note.of(2));
            disk.append(Note.of(3));
            told.clear();
            beginSync(disk);
            disk.append(Note.of(4));
            disk.crash();
            time.runAll();
            assertEquals(List.of(), told, "nobody is told");
            return replayed(disk).size();
        };
        assertEquals(Set.of(1), survivors(MODEL, life));
        assertEquals(Set.of(1, 3), survivors(MODEL.withKeptInCrash(0.5), life));
        assertEquals(Set.of(3), survivors(MODEL.withKeptInCrash(1), life));
    }

    @Test
    void aFailedSyncMayHaveLeftItsBatchOnDisk() {
        SimulatedDisk disk = disk(MODEL);
        keep(disk, 1);
        told.clear();
        disk.apply(new Fault.FailDisk(A, DiskFailure.SYNC_KEPT));
        disk.append(Note.of(2));
        sync(disk);
        assertEquals(List.of("the simulated disk failed to sync"), told);
        assertFalse(disk.isDurable(), "nobody knows");
        disk.crash();
        assertEquals(notes(1, 2), replayed(disk));
        keep(disk, 3);
    }

    @Test
    void aLossOfPowerTakesNothingThatTheDiskConfirmed() {
        assertEquals(Set.of(3), survivors(MODEL, disk -> {
            keep(disk, 1, 2, 3);
            disk.losePowerInCrash();
            disk.crash();
            assertEquals(0, disk.incarnation());
            return replayed(disk).size();
        }));
    }

    /** The first batches stay, some of the last go, and what a lost entry had replaced is there again. */
    @Test
    void withoutSyncsALossOfPowerTakesTheEndOfTheJournal() {
        for (Delay sync : List.of(Delay.NONE, Delay.parse("5ms"))) {
            DiskModel model = DiskModel.syncing(sync).withPolicy(SyncPolicy.NEVER);
            assertEquals(Set.of(0, 1, 2, 3), survivors(model, disk -> {
                for (int i = 1; i <= 3; i++) {
                    disk.append(new Note("slot", i));
                    if (!disk.isDurable()) {
                        sync(disk);
                    }
                }
                disk.crash();
                assertEquals(List.of(new Note("slot", 3)), replayed(disk), "the system still runs");
                disk.losePowerInCrash();
                disk.crash();
                List<JournalEntry> left = replayed(disk);
                int last = left.isEmpty() ? 0 : ((Note) left.get(0)).number();
                assertEquals(last < 3 ? 1 : 0, disk.incarnation(), "a memory of which a part is lost is another");
                disk.losePowerInCrash();
                disk.crash();
                assertEquals(left, replayed(disk), "what was there after it is on disk");
                return last;
            }));
        }
    }

    @Test
    void aFullDiskFailsUntilThereIsRoom() {
        for (DiskModel model : List.of(DiskModel.INSTANT, MODEL)) {
            SimulatedDisk disk = disk(model);
            keep(disk, 1);
            disk.apply(new Fault.FailDisk(A, DiskFailure.FULL));
            for (int i = 0; i < 2; i++) {
                told.clear();
                disk.append(Note.of(2));
                sync(disk);
                assertEquals(List.of("the simulated disk is full"), told);
                disk.crash();
                assertEquals("the simulated disk is full", refused(disk));
            }
            assertThrows(JournalException.class, disk::wipe);
            disk.apply(new Fault.RepairDisk(A));
            assertEquals(notes(1), replayed(disk));
            keep(disk, 3);
            disk.crash();
            assertEquals(notes(1, 3), replayed(disk));
        }
    }

    @Test
    void aSlowDiskTakesLongerUntilItIsRepaired() {
        SimulatedDisk disk = disk(MODEL.withReplay(Delay.parse("20ms")));
        assertTrue(disk.whenReadable().toCompletableFuture().isDone(), "an empty disk takes no time");
        keep(disk, 1);
        disk.apply(new Fault.SlowDisk(A, Duration.ofMillis(100)));
        keep(disk, 2);
        disk.crash();
        disk.whenReadable();
        disk.apply(new Fault.RepairDisk(A));
        keep(disk, 3);
        disk.crash();
        disk.whenReadable();
        assertEquals(
                List.of(5L, 105L, 120L, 5L, 20L),
                waits.stream().map(Duration::toMillis).toList());
    }

    /** What is written while syncs take no time again may not overtake what waits for a slow one. */
    @Test
    void whatWaitsForASlowDiskStaysInItsPlace() {
        SimulatedDisk disk = disk(DiskModel.INSTANT);
        disk.apply(new Fault.SlowDisk(A, Duration.ofMillis(100)));
        disk.append(new Note("slot", 1));
        beginSync(disk);
        disk.apply(new Fault.RepairDisk(A));
        disk.append(new Note("slot", 2));
        assertFalse(disk.isDurable());
        time.runAll();
        sync(disk);
        disk.crash();
        assertEquals(List.of(new Note("slot", 2)), replayed(disk));
    }

    @Test
    void aCrashDuringAReplayEndsIt() {
        SimulatedDisk disk = disk(MODEL.withReplay(Delay.parse("20ms")));
        keep(disk, 1);
        disk.whenReadable().thenRun(() -> told.add("readable"));
        disk.crash();
        told.clear();
        time.runAll();
        assertEquals(List.of(), told);
        disk.whenReadable().thenRun(() -> told.add("readable"));
        time.runAll();
        assertEquals(List.of("readable"), told);
    }

    @Test
    void aReplayFailsOnce() {
        SimulatedDisk disk = disk(MODEL);
        keep(disk, 1);
        disk.apply(new Fault.FailDisk(A, DiskFailure.REPLAY));
        disk.crash();
        assertEquals("the simulated disk failed to be read", refused(disk));
        assertEquals(notes(1), replayed(disk));
    }

    @Test
    void aFailedWipeForgetsNothing() {
        SimulatedDisk disk = disk(MODEL);
        keep(disk, 1);
        disk.apply(new Fault.FailDisk(A, DiskFailure.WIPE));
        assertThrows(JournalException.class, disk::wipe);
        assertEquals(0, disk.incarnation());
        assertEquals(notes(1), replayed(disk));
        disk.wipe();
        assertEquals(1, disk.incarnation());
        assertEquals(notes(), replayed(disk));
    }

    @Test
    void valuesAreDurableWithTheEntriesOfTheirBatch() {
        for (DiskModel model : List.of(DiskModel.INSTANT.withValuesOver(3), MODEL.withValuesOver(3))) {
            SimulatedDisk disk = disk(model);
            assertFalse(disk.values().takes(Value.of(100)));
            assertTrue(disk.values().takes(value(1)));
            disk.values().put(dot(1), value(1));
            keep(disk, 1);
            disk.values().put(dot(2), value(2));
            assertEquals(value(2), disk.values().get(dot(2)), "also while it waits");
            boolean kept = disk.isDurable();
            disk.values().drop(dot(1));
            disk.crash();
            assertEquals(kept ? value(2) : value(1), disk.values().get(kept ? dot(2) : dot(1)));
            assertThrows(JournalException.class, () -> disk.values().get(kept ? dot(1) : dot(2)));
            disk.values().dropAllBut(write -> true, 1);
            assertThrows(JournalException.class, () -> disk.values().dropAllBut(write -> true, 2));
        }
    }

    @Test
    void aValueCannotBeReadOnce() {
        SimulatedDisk disk = disk(MODEL.withValuesOver(0));
        disk.values().put(dot(1), value(1));
        keep(disk, 1);
        disk.apply(new Fault.FailDisk(A, DiskFailure.READ));
        assertEquals(value(1), disk.values().snapshot().apply(dot(1)), "who looks from outside reads no disk");
        assertThrows(JournalException.class, () -> disk.values().get(dot(1)));
        assertEquals(value(1), disk.values().get(dot(1)));
    }

    /** Whatever the damage: a replay gives what was written, or a stop that says why. */
    @ParameterizedTest
    @EnumSource(DiskDamage.class)
    void damageStopsTheReplicaUntilTheDiskIsReplaced(DiskDamage what) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(MODEL.withValuesOver(0), seed);
            disk.values().put(dot(1), value(1));
            keep(disk, 1, 2);
            disk.apply(new Fault.DamageDisk(A, what));
            keep(disk, 3);
            disk.crash();
            String why = refused(disk);
            assertTrue(why.startsWith("the simulated disk is damaged: "), why);
            disk.apply(new Fault.RepairDisk(A));
            assertEquals(why, refused(disk), "it stays damaged");
            disk.wipe();
            keep(disk, 4);
            assertEquals(notes(4), replayed(disk));
        }
    }

    @Test
    void aFlippedBitOfAValueIsFoundWhenItIsRead() {
        Set<Boolean> found = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = disk(MODEL.withValuesOver(0), seed);
            disk.values().put(dot(1), value(1));
            keep(disk, 1);
            disk.apply(new Fault.DamageDisk(A, DiskDamage.FLIPPED_BIT));
            try {
                assertEquals(value(1), disk.values().get(dot(1)));
                found.add(false);
            } catch (JournalException e) {
                assertEquals("the simulated disk is damaged: the checksum of a record is wrong", e.getMessage());
                found.add(true);
            }
        }
        assertEquals(Set.of(true, false), found, "the bit is one of the value or of the entry");
    }

    /** The disk has not confirmed it, so it is the torn tail that a crash may leave. */
    @Test
    void withoutSyncsATornLastBatchIsDropped() {
        SimulatedDisk disk = disk(MODEL.withPolicy(SyncPolicy.NEVER));
        keep(disk, 1);
        disk.apply(new Fault.DamageDisk(A, DiskDamage.TORN_WRITE));
        keep(disk, 2);
        disk.crash();
        assertEquals(notes(1), replayed(disk));
        keep(disk, 3);
        disk.apply(new Fault.DamageDisk(A, DiskDamage.TORN_WRITE));
        keep(disk, 4, 5);
        disk.crash();
        assertEquals("the simulated disk is damaged: a record before the last is not whole", refused(disk));
    }

    @Test
    void anEmptyDiskHasNoBitThatCouldFlip() {
        SimulatedDisk disk = disk(MODEL);
        disk.apply(new Fault.DamageDisk(A, DiskDamage.FLIPPED_BIT));
        assertEquals(notes(), replayed(disk));
    }

    /** Its files are copied as they are. */
    @Test
    void aCopyOfADamagedDiskIsDamaged() {
        SimulatedDisk disk = disk(MODEL);
        keep(disk, 1);
        SimulatedDisk sound = disk.copy();
        disk.apply(new Fault.DamageDisk(A, DiskDamage.FLIPPED_BIT));
        assertEquals(refused(disk), refused(disk.copy()));
        disk.setBackInCrash(sound);
        disk.crash();
        assertEquals(notes(1), replayed(disk));
    }
}
