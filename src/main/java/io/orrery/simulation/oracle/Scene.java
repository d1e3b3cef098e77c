package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaView;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What oracles look at: replicas and their disks, in a world or without one. */
interface Scene {
    /** A disk, to be read only. */
    interface Disk {
        /** Passes on what a replay would find. */
        void forEachDurable(Consumer<JournalEntry> action);
    }

    List<NodeId> replicas();

    ReplicaSettings settings(NodeId replica);

    /** The replicas that run. */
    Map<NodeId, ReplicaView> views();

    /** The disk of a replica, and those of processes that run beside it. */
    List<Disk> disks(NodeId replica);

    /** Whether all that a replica has written is on its disk. */
    boolean isDurable(NodeId replica);

    /** Whether a crash may leave on disk what was not confirmed. */
    boolean mayKeepInCrash();

    /** A world as it is at any time. */
    static Scene of(World world) {
        return new Scene() {
            @Override
            public List<NodeId> replicas() {
                return world.spec().replicas();
            }

            @Override
            public ReplicaSettings settings(NodeId replica) {
                WorldSpec spec = world.spec();
                return new ReplicaSettings(replica, spec.replicas(), spec.options(), spec.tuning());
            }

            @Override
            public Map<NodeId, ReplicaView> views() {
                return world.views();
            }

            @Override
            public List<Disk> disks(NodeId replica) {
                return world.disks(replica).stream()
                        .<Disk>map(disk -> disk::forEachDurable)
                        .toList();
            }

            @Override
            public boolean isDurable(NodeId replica) {
                return world.isDurable(replica);
            }

            @Override
            public boolean mayKeepInCrash() {
                return world.spec().disk().keptInCrash() > 0;
            }
        };
    }
}
