package io.orrery.protocol.raft;

import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.raft.RaftEntry.Answered;
import io.orrery.protocol.raft.RaftEntry.Content;
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

    /** What the entry that was applied last has done. */
    private enum Effect {
        NONE,
        DONE,
        MISMATCH,
        /** Its request has been carried out before. */
        REPEATED,
        /** Its request has the id of another one. */
        REUSED,
        /** Whether its request has been carried out before nobody can tell. */
        FORGOTTEN
    }

    private final Effects effects;
    private final Answers answers;
    private final Map<Key, Item> items = new HashMap<>();
    private final Set<Key> changed = new LinkedHashSet<>();
    private long applied;
    private long lastWrite;
    private long bytes;
    private int tombstones;
    private Effect effect = Effect.NONE;

    /** @param remembered how many requests with an id are remembered */
    Store(Effects effects, int remembered) {
        this.effects = effects;
        this.answers = new Answers(remembered);
    }

    void recover(Item item) {
        put(item);
    }

    void recover(Answered answered) {
        answers.add(answered);
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

    /** How many requests with an id it remembers. */
    int remembered() {
        return answers.size();
    }

    /** The journal is complete: log entries are recovered from now on. */
    void start() {
        answers.start();
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
        effect = Effect.NONE;
        if (!(entry instanceof LogEntry.Command command)) {
            return null;
        }
        effect = effectOf(command);
        if (effect == Effect.MISMATCH) {
            Optional<Item> found = lookup(command.key());
            command.request()
                    .ifPresent(id -> answers.add(
                            id,
                            command.operation(),
                            applied,
                            found.map(Item::version),
                            Optional.of(new Answers.Found(found.flatMap(Item::value)))));
        }
        if (effect != Effect.DONE) {
            return null;
        }
        command.request()
                .ifPresent(id -> answers.add(
                        id, command.operation(), applied, Optional.of(command.version()), Optional.empty()));
        Item item = new Item(command.key(), command.value(), command.version());
        put(item);
        changed.add(item.key());
        return item;
    }

    private Effect effectOf(LogEntry.Command command) {
        if (command.request().isPresent()) {
            RequestId id = command.request().get();
            Answered before = answers.find(id);
            if (before != null) {
                boolean isSame = before.digest().equals(Answers.digest(command.operation()));
                return isSame ? Effect.REPEATED : Effect.REUSED;
            }
            if (answers.mayHaveForgotten(id)) {
                return Effect.FORGOTTEN;
            }
        }
        return matches(command.operation()) ? Effect.DONE : Effect.MISMATCH;
    }

    /** What the client of the write that was applied last is told. */
    Outcome outcome(LogEntry.Command command) {
        return switch (effect) {
            case DONE -> new Outcome.Done(command.value(), Optional.of(command.version()), Outcome.Status.APPLIED, "");
            case MISMATCH -> {
                Optional<Item> found = lookup(command.key());
                yield new Outcome.Mismatch(found.flatMap(Item::value), found.map(Item::version), "");
            }
            case REPEATED, REUSED ->
                remembered(command.request(), command.operation()).orElseThrow();
            case FORGOTTEN ->
                new Outcome.Refused(
                        Outcome.Reason.FORGOTTEN,
                        "whether the request " + command.request().orElseThrow().name()
                                + " has been carried out before is forgotten: replicas remember the last "
                                + answers.size() + " requests with an id. Read the key " + command.key()
                                + ", and use a new id for another write");
            case NONE -> throw new IllegalStateException("no write was applied last: " + command);
        };
    }

    /** What the client of a request is told that has been carried out before; empty if none of this id is remembered. */
    Optional<Outcome> remembered(Optional<RequestId> id, Operation operation) {
        return id.map(answers::find).map(before -> {
            if (!before.digest().equals(Answers.digest(operation))) {
                return new Outcome.Refused(
                        Outcome.Reason.REUSED,
                        "the request id " + before.name() + " belongs to another request, which was carried out at "
                                + before.index() + ": nothing was done");
            }
            return before.matched()
                    ? new Outcome.Done(operation.newValue(), before.version(), Outcome.Status.REPEATED, "")
                    : new Outcome.Mismatch(before.found(), before.version(), "");
        });
    }

    /** Whether an operation takes effect as things stand: all but a compare-and-set do. */
    private boolean matches(Operation operation) {
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
        answers.keep(effects);
        effects.persist(new RaftEntry.Kept(applied, term, false));
    }

    /** All that there is at this moment. */
    List<Content> all() {
        List<Content> all = new ArrayList<>(items.values());
        all.addAll(answers.all());
        return all;
    }

    /**
     * Has what a leader has, at an entry that is above the last applied one, take the place of what is here.
     *
     * @param alone whether the log here does not go on from there
     */
    void replace(List<Content> snapshot, long index, long term, boolean alone) {
        Invariant.check(index > applied, "a snapshot leads on", index, applied);
        List<Answered> remembered = new ArrayList<>();
        for (Content part : snapshot) {
            effects.persist(part);
            if (part instanceof Answered answered) {
                remembered.add(answered);
                continue;
            }
            Item item = (Item) part;
            Item before = items.get(item.key());
            if (before == null || before.version().compareTo(item.version()) < 0) {
                put(item);
                effects.applied(item);
            }
        }
        answers.replace(remembered);
        applied = index;
        changed.clear();
        effects.persist(new RaftEntry.Kept(index, term, alone));
    }
}
