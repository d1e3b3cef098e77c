package io.orrery.simulation;

import io.orrery.journal.Journal;
import io.orrery.journal.SimulatedDisk;
import io.orrery.model.NodeId;
import io.orrery.network.DelayScheduler;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import io.orrery.replica.ReplicaHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The disks of a world, with their copies and those of twins. */
final class WorldDisks {
    /** As in a live system: 30 s after 1 s. */
    private static final int LONGEST_RETRY = 30;

    private final WorldSpec spec;
    private final long seed;
    private final DelayScheduler scheduler;
    private final Map<NodeId, SimulatedDisk> disks = new HashMap<>();
    /** The disks of processes that run beside one that started later as the same replica. */
    private final Map<NodeId, List<SimulatedDisk>> eldersDisks = new HashMap<>();

    private final Map<Fault.Restore, SimulatedDisk> copies = new HashMap<>();

    WorldDisks(WorldSpec spec, long seed, DelayScheduler scheduler) {
        this.spec = spec;
        this.seed = seed;
        this.scheduler = scheduler;
    }

    /** Creates the disk of a replica. */
    SimulatedDisk create(NodeId id) {
        SimulatedDisk disk = new SimulatedDisk(
                spec.disk(),
                SeededRandom.stream(seed, "disk/" + id),
                SeededRandom.stream(seed, "disk-outcomes/" + id),
                scheduler);
        disk.beginAt(spec.conditions().start().incarnation());
        disks.put(id, disk);
        return disk;
    }

    /** Copies a disk for a twin, whose disk is that of the replica from now on. */
    Journal twinOf(Journal disk) {
        SimulatedDisk twin = ((SimulatedDisk) disk).copy();
        disks.replaceAll((id, known) -> {
            if (known != disk) {
                return known;
            }
            eldersDisks.computeIfAbsent(id, it -> new ArrayList<>()).add(known);
            return twin;
        });
        return twin;
    }

    /** @throws IllegalArgumentException if there is no such replica */
    SimulatedDisk of(NodeId id) {
        SimulatedDisk disk = disks.get(id);
        if (disk == null) {
            throw new IllegalArgumentException("there is no replica " + id);
        }
        return disk;
    }

    /** The disk of a replica, and those of processes that run beside it. */
    List<SimulatedDisk> all(NodeId id) {
        List<SimulatedDisk> all = new ArrayList<>(List.of(of(id)));
        eldersDisks.getOrDefault(id, List.of()).stream()
                .filter(disk -> !disk.isClosed())
                .forEach(all::add);
        return all;
    }

    /** When a replica whose disk has failed is started again; empty if it is not. */
    Optional<ReplicaHost.DiskRetry> retry() {
        return spec.disk().retry().map(first -> new ReplicaHost.DiskRetry(first, first.multipliedBy(LONGEST_RETRY)));
    }

    boolean areDurable() {
        return disks.values().stream().allMatch(SimulatedDisk::isDurable);
    }

    /** Makes the copy that a later fault restores. */
    void copyFor(Fault.Restore restore) {
        copies.put(restore, of(restore.replica()).copy());
    }

    /** Has the copy restored when the replica stops. */
    void restore(Fault.Restore restore) {
        of(restore.replica()).setBackInCrash(copies.get(restore));
    }

    /** @throws IllegalArgumentException if there is no such replica, or no copy was made */
    void requireCopy(Fault.Restore restore) {
        of(restore.replica());
        if (!copies.containsKey(restore)) {
            throw new IllegalArgumentException("no copy was made for: " + restore);
        }
    }
}
