package io.orrery.journal.rocksdb;

import io.orrery.clock.Dot;
import io.orrery.model.Unicode;
import io.orrery.model.Value;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A cache of values with a limit in bytes. It evicts the least recently used values first. */
final class ValueCache {
    /** The heap of an entry beside the text of its value: its objects and its place in the map, in bytes. */
    private static final int HEAP_OF_THE_REST = 160;

    private static final int SMALLEST_MAP = 16;
    private static final float LOAD = 0.75f;

    private final long mostBytes;
    private final Map<Dot, Value> values = new LinkedHashMap<>(SMALLEST_MAP, LOAD, true);
    private long bytes;

    ValueCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Null if the value is not cached. */
    Value get(Dot write) {
        return values.get(write);
    }

    void put(Dot write, Value value) {
        remove(write);
        long size = heapBytes(value);
        if (size > mostBytes) {
            return;
        }
        values.put(write, value);
        bytes += size;
        Iterator<Value> oldest = values.values().iterator();
        while (bytes > mostBytes) {
            bytes -= heapBytes(oldest.next());
            oldest.remove();
        }
    }

    void remove(Dot write) {
        Value gone = values.remove(write);
        bytes -= gone == null ? 0 : heapBytes(gone);
    }

    void clear() {
        values.clear();
        bytes = 0;
    }

    long bytes() {
        return bytes;
    }

    private static long heapBytes(Value value) {
        return HEAP_OF_THE_REST + Unicode.heapBytes(value.json());
    }
}
