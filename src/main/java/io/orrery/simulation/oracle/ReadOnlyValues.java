package io.orrery.simulation.oracle;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.util.function.Function;
import java.util.function.Predicate;

/** The values of a replica for another that is only looked at, and may not change them. */
final class ReadOnlyValues implements Values {
    private final Values values;

    ReadOnlyValues(Values values) {
        this.values = values;
    }

    /** What is put would change them. */
    @Override
    public boolean takes(Value value) {
        return false;
    }

    @Override
    public void put(Dot write, Value value) {}

    @Override
    public Value get(Dot write) {
        return values.read(write);
    }

    @Override
    public Value read(Dot write) {
        return values.read(write);
    }

    @Override
    public void drop(Dot write) {}

    @Override
    public void dropAllBut(Predicate<Dot> needed, int count) {}

    @Override
    public Function<Dot, Value> snapshot() {
        return values::read;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }
}
