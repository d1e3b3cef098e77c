package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.protocol.kit.Invariant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * The store of a replica: for each key the write that its protocol shows (usually the one with the highest version, so
 * that the last writer wins at every replica), and for each origin which of its writes are known.
 *
 * <p>Tombstones stay for good: otherwise a replica that was away could bring a deleted value back.
 */
final class WriteStore {
    private final Map<Key, StoredWrite> current = new HashMap<>();
    private final OriginLogs logs = new OriginLogs(write -> current.get(write.key()) == write);

    /** Whether a write that comes takes the place of the one that its key shows. */
    private final BiPredicate<StoredWrite, StoredWrite> replaces;

    private int tombstones;
    private int onDisk;
    private long bytes;

    /** @param replaces whether the first, which comes, takes the place of the second, which its key shows */
    WriteStore(BiPredicate<StoredWrite, StoredWrite> replaces) {
        this.replaces = replaces;
    }

    /** Which writes are known: changed by the methods of this store. */
    OriginLogs logs() {
        return logs;
    }

    /** The current write of a key, or null. */
    StoredWrite get(Key key) {
        return current.get(key);
    }

    int keys() {
        return current.size() - tombstones;
    }

    int tombstones() {
        return tombstones;
    }

    /** How many of the writes have their values on disk. */
    int onDisk() {
        return onDisk;
    }

    /** About how much memory it takes. */
    long bytes() {
        return bytes;
    }

    /** About how much memory the write takes that a key shows; 0 where there is none. */
    long bytesOf(Key key) {
        StoredWrite shown = current.get(key);
        return shown == null ? 0 : shown.heapBytes();
    }

    /** Whether the write with this dot is the one that its key shows, and its value on disk. */
    boolean showsValueOf(Dot dot) {
        return logs.kept(dot) instanceof WriteWithValueOnDisk;
    }

    void forEach(Consumer<? super StoredWrite> action) {
        current.values().forEach(action);
    }

    /**
     * Takes in a write that is not known yet.
     *
     * @return null when the store shows the write now; else the newer write of the key, which it goes on to show
     */
    StoredWrite take(StoredWrite write) {
        Invariant.check(!logs.knows(write.dot()), "a write is taken in once", write);
        StoredWrite newer = place(write);
        logs.add(write);
        return newer;
    }

    /** The write of its key that the store would go on to show if it took in this one; null when it would show this one. */
    StoredWrite newerThan(Write write) {
        StoredWrite shown = current.get(write.key());
        return shown == null || replaces.test(write, shown) ? null : shown;
    }

    private StoredWrite place(StoredWrite write) {
        StoredWrite before = current.get(write.key());
        if (before == null) {
            current.put(write.key(), write);
        } else if (replaces.test(write, before)) {
            current.put(write.key(), write);
            logs.supersede(before.dot());
            count(before, -1);
        } else {
            return before;
        }
        count(write, 1);
        return null;
    }

    private void count(StoredWrite write, int sign) {
        tombstones += write.isTombstone() ? sign : 0;
        onDisk += write instanceof WriteWithValueOnDisk ? sign : 0;
        bytes += sign * write.heapBytes();
        Invariant.check(tombstones >= 0 && onDisk >= 0 && bytes >= 0, "a store counts what it holds", onDisk, bytes);
    }

    /** After a crash: a write that the journal remembers. */
    void recover(StoredWrite write) {
        place(write);
    }

    /**
     * After a crash, when all that the journal remembers has been given.
     *
     * @return the origins of which a write was found beyond the progress that was found
     */
    List<Origin> recovered() {
        List<Origin> further = new ArrayList<>();
        current.values().stream()
                .sorted(Comparator.comparingLong(write -> write.dot().sequence()))
                .forEach(write -> {
                    if (logs.recover(write)) {
                        further.add(write.dot().origin());
                    }
                });
        return further.stream().distinct().sorted().toList();
    }
}
