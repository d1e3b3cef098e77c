package io.orrery.journal;

import static io.orrery.journal.Note.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.rocksdb.ManualExecutor;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the simulated disk has beyond the contract of {@link Journal}. */
class SimulatedDiskTest {
    private final ManualExecutor time = new ManualExecutor();
    private final List<String> told = new ArrayList<>();

    private SimulatedDisk disk(Delay syncTime) {
        return new SimulatedDisk(syncTime, new SeededRandom(1), (nanos, task) -> time.execute(task));
    }

    private void sync(SimulatedDisk disk) {
        disk.sync().whenComplete((done, failure) -> told.add(failure == null ? "synced" : failure.getMessage()));
        time.runAll();
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
    void theFirstIncarnationIsZero() {
        SimulatedDisk disk = disk(Delay.NONE);
        assertEquals(0, disk.incarnation());
        disk.wipe();
        assertEquals(1, disk.incarnation());
    }

    @Test
    void aSyncThatFailsKeepsNothingAndTheDiskIsSoundAfterTheCrash() {
        for (Delay syncTime : List.of(Delay.NONE, Delay.parse("5ms"))) {
            SimulatedDisk disk = disk(syncTime);
            disk.append(Note.of(1));
            if (!disk.isDurable()) {
                sync(disk);
            }
            told.clear();
            disk.apply(new Fault.FailDisk(NodeId.of("A")));
            disk.append(Note.of(2));
            assertFalse(disk.isDurable(), "also where syncs take no time");
            sync(disk);
            assertEquals(List.of("the simulated disk failed to sync"), told);
            assertFalse(disk.isDurable());
            disk.crash();
            assertEquals(List.of(Note.of(1)), replayed(disk));
            disk.append(Note.of(3));
            if (!disk.isDurable()) {
                sync(disk);
            }
            disk.crash();
            assertEquals(List.of(Note.of(1), Note.of(3)), replayed(disk));
        }
    }
}
