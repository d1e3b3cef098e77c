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
    /** What a key shows, and about how much memory that takes: it is asked for when the write itself is long out of the caches. */
    private static final class Shown {
        private StoredWrite write;
        private long bytes;
    }

    private final Map<Key, Shown> current = new HashMap<>();
    private final OriginLogs logs = new OriginLogs();

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
        Shown shown = current.get(key);
        return shown == null ? null : shown.write;
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
        Shown shown = current.get(key);
        return shown == null ? 0 : shown.bytes;
    }

    /** Whether the write with this dot is the one that its key shows, and its value on disk. */
    boolean showsValueOf(Dot dot) {
        return logs.kept(dot) instanceof WriteWithValueOnDisk;
    }

    void forEach(Consumer<? super StoredWrite> action) {
        current.values().forEach(shown -> action.accept(shown.write));
    }

    /**
     * Takes in a write that is not known yet.
     *
     * @param before what its key shows; null for nothing
     * @return null when the store shows the write now; else the newer write of the key, which it goes on to show
     */
    StoredWrite take(StoredWrite write, StoredWrite before) {
        Invariant.check(!logs.knows(write.dot()), "a write is taken in once", write);
        boolean isShown = shows(write, before);
        if (isShown) {
            place(write, before);
        }
        logs.add(write.dot(), isShown ? write : null);
        return isShown ? null : before;
    }

    /** Whether a write that comes takes the place of the one that its key shows, which is null for none. */
    boolean shows(StoredWrite write, StoredWrite before) {
        return before == null || replaces.test(write, before);
    }

    private void place(StoredWrite write, StoredWrite before) {
        Shown shown = current.computeIfAbsent(write.key(), any -> new Shown());
        if (before != null) {
            logs.supersede(before.dot());
            count(shown, -1);
        }
        shown.write = write;
        shown.bytes = write.heapBytes();
        count(shown, 1);
    }

    private void count(Shown shown, int sign) {
        tombstones += shown.write.isTombstone() ? sign : 0;
        onDisk += shown.write instanceof WriteWithValueOnDisk ? sign : 0;
        bytes += sign * shown.bytes;
        Invariant.check(tombstones >= 0 && onDisk >= 0 && bytes >= 0, "a store counts what it holds", onDisk, bytes);
    }

    /** After a crash: a write that the journal remembers. */
    void recover(StoredWrite write) {
        StoredWrite before = get(write.key());
        if (shows(write, before)) {
            place(write, before);
        }
    }

    /**
     * After a crash, when all that the journal remembers has been given.
     *
     * @return the origins of which a write was found beyond the progress that was found
     */
    List<Origin> recovered() {
        List<Origin> further = new ArrayList<>();
        current.values().stream()
                .map(shown -> shown.write)
                .sorted(Comparator.comparingLong(write -> write.dot().sequence()))
                .forEach(write -> {
                    if (logs.recover(write)) {
                        further.add(write.dot().origin());
                    }
                });
        return further.stream().distinct().sorted().toList();
    }
}
