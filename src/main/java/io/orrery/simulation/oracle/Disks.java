package io.orrery.simulation.oracle;

import io.orrery.journal.SimulatedDisk;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which writes are on the disks of a world, at this moment. */
final class Disks {
    private final World world;
    private final ProtocolType type;

    /** @param type of which replicas are made that start from a disk */
    Disks(World world, ProtocolType type) {
        this.world = world;
        this.type = type;
    }

    ReplicaSettings settings(NodeId replica) {
        WorldSpec spec = world.spec();
        return new ReplicaSettings(replica, spec.replicas(), spec.options(), spec.tuning());
    }

    /**
     * Whether a disk of a replica has this version of a key, or a later one.
     *
     * @param version any where it is null
     */
    boolean have(NodeId replica, Key key, Version version) {
        return haveEntry(replica, key, version)
                || world.disks(replica).stream().anyMatch(disk -> isShown(replica, disk, key, version));
    }

    /** The same for protocols that keep a write as an entry of its own: quicker, and false where they do not. */
    boolean haveEntry(NodeId replica, Key key, Version version) {
        return world.disks(replica).stream().anyMatch(disk -> has(disk, key, version));
    }

    private static boolean has(SimulatedDisk disk, Key key, Version version) {
        boolean[] found = {false};
        disk.forEachDurable(entry ->
                found[0] |= entry instanceof StoredWrite write && isAsNew(write.key(), write.version(), key, version)
                        || entry instanceof Update update && isAsNew(update.key(), update.version(), key, version));
        return found[0];
    }

    private static boolean isAsNew(Key found, Version at, Key key, Version version) {
        return found.equals(key) && (version == null || at.compareTo(version) >= 0);
    }

    /** Entries may be of any form: what counts is what a replica shows that has started from them. */
    private boolean isShown(NodeId replica, SimulatedDisk disk, Key key, Version version) {
        return replayed(replica, disk)
                .lookup(key)
                .filter(shown -> version == null || shown.version().compareTo(version) >= 0)
                .isPresent();
    }

    /** Whether a disk of a replica has this value of a key, under whatever version. */
    boolean haveValue(NodeId replica, Key key, Optional<Value> value) {
        boolean[] found = {false};
        for (SimulatedDisk disk : world.disks(replica)) {
            disk.forEachDurable(entry -> found[0] |= entry instanceof Update update
                    && update.key().equals(key)
                    && update.value().equals(value));
        }
        return found[0];
    }

    /** Replicas that have started from the disks of one. */
    List<Protocol> replayed(NodeId replica) {
        return world.disks(replica).stream()
                .map(disk -> replayed(replica, disk))
                .toList();
    }

    private Protocol replayed(NodeId replica, SimulatedDisk disk) {
        List<JournalEntry> entries = new ArrayList<>();
        disk.forEachDurable(entries::add);
        return new Life(type, settings(replica), 0).replayed(entries, new Unheard());
    }
}
