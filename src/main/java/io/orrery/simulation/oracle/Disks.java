package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.dissemination.StoredWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which writes are on the disks of replicas, at this moment. */
final class Disks {
    private final Scene scene;
    private final ProtocolType type;

    /** @param type of which replicas are made that start from a disk */
    Disks(Scene scene, ProtocolType type) {
        this.scene = scene;
        this.type = type;
    }

    /**
     * Whether a disk of a replica has this version of a key, or a later one.
     *
     * @param version any where it is null
     */
    boolean have(NodeId replica, Key key, Version version) {
        return haveEntry(replica, key, version)
                || scene.disks(replica).stream().anyMatch(disk -> isShown(replica, disk, key, version));
    }

    /** The same for protocols that keep a write as an entry of its own: quicker, and false where they do not. */
    boolean haveEntry(NodeId replica, Key key, Version version) {
        return scene.disks(replica).stream().anyMatch(disk -> has(disk, key, version));
    }

    private static boolean has(Scene.Disk disk, Key key, Version version) {
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
    private boolean isShown(NodeId replica, Scene.Disk disk, Key key, Version version) {
        return replayed(replica, disk)
                .lookup(key)
                .filter(shown -> version == null || shown.version().compareTo(version) >= 0)
                .isPresent();
    }

    /** Whether a disk of a replica has this value of a key, under whatever version. */
    boolean haveValue(NodeId replica, Key key, Optional<Value> value) {
        boolean[] found = {false};
        for (Scene.Disk disk : scene.disks(replica)) {
            disk.forEachDurable(entry -> found[0] |= entry instanceof Update update
                    && update.key().equals(key)
                    && update.value().equals(value));
        }
        return found[0];
    }

    /** Replicas that have started from the disks of one. */
    List<Protocol> replayed(NodeId replica) {
        return scene.disks(replica).stream()
                .map(disk -> replayed(replica, disk))
                .toList();
    }

    private Protocol replayed(NodeId replica, Scene.Disk disk) {
        List<JournalEntry> entries = new ArrayList<>();
        disk.forEachDurable(entries::add);
        return new Life(type, scene.settings(replica), 0).replayed(entries, new Unheard());
    }
}
