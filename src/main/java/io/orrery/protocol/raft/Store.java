package io.orrery.protocol.raft;

import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.protocol.Effects;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.raft.RaftEntry.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The state machine: the keys as the log has left them, up to the entry that was applied last. Its snapshot is on disk key by
 * key: one is made by writing the keys that have changed since the one before, so it costs what has changed and not what there
 * is.
 */
final class Store {
    /** About what an item takes besides its key and value. */
    private static final long ITEM_BYTES = 300;

    private final Effects effects;
    private final Map<Key, Item> items = new HashMap<>();
    private final Set<Key> changed = new LinkedHashSet<>();
    private long applied;
    private long lastWrite;
    private long bytes;
    private int tombstones;

    Store(Effects effects) {
        this.effects = effects;
    }

    void recover(Item item) {
        put(item);
    }

    void recover(RaftEntry.Kept kept) {
        applied = kept.index();
    }

    /** The index of the entry that was applied last. */
    long applied() {
        return applied;
    }

    /** The index of the write that was applied last; 0 if there was none. */
    long lastWrite() {
        return lastWrite;
    }

    Optional<Item> lookup(Key key) {
        return Optional.ofNullable(items.get(key));
    }

    void forEach(Consumer<? super Item> action) {
        items.values().forEach(action);
    }

    int keys() {
        return items.size() - tombstones;
    }

    int tombstones() {
        return tombstones;
    }

    long bytes() {
        return bytes;
    }

    /** While it recovers: the entries up to the last that is known to be committed are applied again. */
    void recover(LogEntry entry) {
        take(entry);
    }

    /** The next entry of the log has been committed. */
    void apply(LogEntry entry) {
        Item item = take(entry);
        if (item != null) {
            effects.applied(item);
        }
    }

    /** How much more memory a write to a key would take; less than 0 if it makes room. */
    long growth(Operation operation) {
        Item before = items.get(operation.key());
        return ITEM_BYTES + operation.bytes() - (before == null ? 0 : size(before));
    }

    private static long size(Item item) {
        return ITEM_BYTES + item.bytes();
    }

    private Item take(LogEntry entry) {
        Invariant.check(entry.index() == applied + 1, "entries are applied in their order", entry.index(), applied);
        applied = entry.index();
        if (!(entry instanceof LogEntry.Command command) || !matches(command.operation())) {
            return null;
        }
        Item item = new Item(command.key(), command.value(), command.version());
        put(item);
        changed.add(item.key());
        return item;
    }

    /** Whether an operation takes effect as things stand: all but a compare-and-set do. */
    boolean matches(Operation operation) {
        Optional<Item> found = lookup(operation.key());
        return !(operation instanceof Operation.CompareAndSet cas)
                || cas.matches(
                        found.map(Item::version), found.flatMap(Item::value).isEmpty());
    }

    private void put(Item item) {
        Item before = items.put(item.key(), item);
        lastWrite = Math.max(lastWrite, item.version().counter());
        bytes += size(item) - (before == null ? 0 : size(before));
        tombstones += (item.isTombstone() ? 1 : 0) - (before != null && before.isTombstone() ? 1 : 0);
    }

    /**
     * Has the items on disk be the snapshot at the entry that was applied last.
     *
     * @param term that of the entry
     */
    void keep(long term) {
        changed.forEach(key -> effects.persist(items.get(key)));
        changed.clear();
        effects.persist(new RaftEntry.Kept(applied, term, false));
    }

    /** All items at this moment. */
    List<Item> all() {
        return new ArrayList<>(items.values());
    }

    /**
     * Has the items of a leader, at an entry that is above the last applied one, take the place of those here.
     *
     * @param alone whether the log here does not go on from there
     */
    void replace(List<Item> snapshot, long index, long term, boolean alone) {
        Invariant.check(index > applied, "a snapshot leads on", index, applied);
        for (Item item : snapshot) {
            effects.persist(item);
            Item before = items.get(item.key());
            if (before == null || before.version().compareTo(item.version()) < 0) {
                put(item);
                effects.applied(item);
            }
        }
        applied = index;
        changed.clear();
        effects.persist(new RaftEntry.Kept(index, term, alone));
    }
}
