package io.orrery.testkit.protocol;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Values apart from their writes, as a journal on disk has them; what was dropped may not be asked for again. */
final class ValuesApart implements Values {
    /** Longer ones are apart. */
    private static final int SMALL_VALUE = 3;

    private final Map<Dot, Value> kept = new HashMap<>();
    private final Set<Dot> dropped = new HashSet<>();

    void wipe() {
        kept.clear();
        dropped.clear();
    }

    @Override
    public boolean takes(Value value) {
        return value.json().length() > SMALL_VALUE;
    }

    @Override
    public void put(Dot write, Value value) {
        kept.put(write, value);
        dropped.remove(write);
    }

    @Override
    public Value get(Dot write) {
        Value value = kept.get(write);
        if (value == null || dropped.contains(write)) {
            throw new AssertionError("the value of " + write + (value == null ? " was never put" : " was dropped"));
        }
        return value;
    }

    @Override
    public Value read(Dot write) {
        return get(write);
    }

    @Override
    public void drop(Dot write) {
        dropped.add(write);
    }

    @Override
    public void dropAllBut(Predicate<Dot> needed, int count) {
        // Where the end of the journal is lost, so is the end of what was dropped.
        dropped.clear();
        dropped.addAll(kept.keySet());
        dropped.removeIf(needed);
        if (kept.size() - dropped.size() != count) {
            throw new AssertionError(count + " values are needed, and " + (kept.size() - dropped.size()) + " are kept");
        }
    }

    @Override
    public Function<Dot, Value> snapshot() {
        Map<Dot, Value> now = new HashMap<>(kept);
        now.keySet().removeAll(dropped);
        return now::get;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }
}
