package io.orrery.simulation.oracle;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.util.function.Function;
import java.util.function.Predicate;

/** The values of a replica that is only looked at: versions are compared and not values, and to read them might fail. */
final class UnreadValues implements Values {
    static final Values INSTANCE = new UnreadValues();

    private UnreadValues() {}

    @Override
    public boolean takes(Value value) {
        return false;
    }

    @Override
    public void put(Dot write, Value value) {}

    @Override
    public Value get(Dot write) {
        return Value.NULL;
    }

    @Override
    public Value read(Dot write) {
        return Value.NULL;
    }

    @Override
    public void drop(Dot write) {}

    @Override
    public void dropAllBut(Predicate<Dot> needed, int count) {}

    @Override
    public Function<Dot, Value> snapshot() {
        return this::get;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }
}
