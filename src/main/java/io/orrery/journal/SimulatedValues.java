package io.orrery.journal;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** The values of a replica on a simulated disk. No cache: each is read from disk, unless it still waits to be written. */
final class SimulatedValues implements Values {
    private final int over;
    private final SimulatedDisk disk;
    /** All values that there ever were, so that snapshots stay readable. The disk decides which are still there. */
    private final Map<Dot, Value> all;

    SimulatedValues(int over, SimulatedDisk disk) {
        this(over, disk, new HashMap<>());
    }

    private SimulatedValues(int over, SimulatedDisk disk, Map<Dot, Value> all) {
        this.over = over;
        this.disk = disk;
        this.all = all;
    }

    SimulatedValues of(SimulatedDisk copy) {
        return new SimulatedValues(over, copy, new HashMap<>(all));
    }

    @Override
    public boolean takes(Value value) {
        return value.json().length() > over;
    }

    @Override
    public void put(Dot write, Value value) {
        all.put(write, value);
        disk.put(write, true);
    }

    @Override
    public Value get(Dot write) {
        disk.readValue(write);
        return all.get(write);
    }

    @Override
    public Value read(Dot write) {
        return get(write);
    }

    @Override
    public void drop(Dot write) {
        disk.put(write, false);
    }

    @Override
    public void dropAllBut(Predicate<Dot> needed, int count) {
        int found = disk.retainValues(needed);
        if (found < count) {
            throw new JournalException("the simulated disk is damaged: of " + count + " values that it must have, "
                    + (count - found) + " are missing");
        }
    }

    /** For those who look at a replica from outside: they meet no fault of the disk. */
    @Override
    public Function<Dot, Value> snapshot() {
        return all::get;
    }

    @Override
    public long pendingBytes() {
        return disk.waitingValues()
                .mapToLong(write -> all.get(write).json().length())
                .sum();
    }
}
