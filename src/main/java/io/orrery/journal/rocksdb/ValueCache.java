package io.orrery.journal.rocksdb;

import io.orrery.clock.Dot;
import io.orrery.model.Unicode;
import io.orrery.model.Value;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values that were asked for or put last, as many as have room: those that nobody asked for give way first. */
final class ValueCache {
    /** What an entry takes beside the text of its value: the objects around that, and its place in the map. */
    private static final int HEAP_OF_THE_REST = 160;

    private static final int SMALLEST_MAP = 16;
    private static final float LOAD = 0.75f;

    private final long mostBytes;
    private final Map<Dot, Value> values = new LinkedHashMap<>(SMALLEST_MAP, LOAD, true);
    private long bytes;

    ValueCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Null where there is none. */
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
