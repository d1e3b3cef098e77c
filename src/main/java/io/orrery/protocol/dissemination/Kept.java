package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.Unicode;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Values;
import java.util.Optional;
import java.util.function.Function;

/** A write as a replica keeps it: whole, or without its value, where that is on disk. */
public sealed interface Kept extends JournalEntry permits Write, OnDisk {
    /**
     * What a write takes of the memory beside its texts, as measured: as objects, and in the maps and logs that it is in, a
     * journal in memory among them.
     */
    int HEAP_OF_A_WHOLE = 350;

    /** The same without a value. */
    int HEAP_WITHOUT_VALUE = 250;

    Dot dot();

    Key key();

    Version version();

    Dependencies dependencies();

    boolean isTombstone();

    /** About how many bytes the whole write takes in a message. */
    long wireBytes();

    /** About how many bytes of memory it takes to keep it. */
    long heapBytes();

    /** The write with its value. */
    Write whole(Function<Dot, Value> values);

    /** Keeps a write: its value is put where the replica keeps such values. */
    static Kept of(Write write, Values values) {
        if (write.value().isEmpty() || !values.takes(write.value().get())) {
            return write;
        }
        Value value = write.value().get();
        values.put(write.dot(), value);
        return new OnDisk(write.dot(), write.key(), value.json().length(), write.version(), write.dependencies());
    }

    /** About how many bytes of memory it takes to keep such a write. */
    static long heapBytes(Key key, Optional<Value> value, Dependencies dependencies, Values values) {
        return value.isPresent() && values.takes(value.get())
                ? heapBytesOnDisk(key, dependencies)
                : heapBytes(key, value, dependencies);
    }

    static long heapBytes(Key key, Optional<Value> value, Dependencies dependencies) {
        return HEAP_OF_A_WHOLE
                + value.map(it -> Unicode.heapBytes(it.json())).orElse(0L)
                + heapBytes(key, dependencies);
    }

    static long heapBytesOnDisk(Key key, Dependencies dependencies) {
        return HEAP_WITHOUT_VALUE + heapBytes(key, dependencies);
    }

    private static long heapBytes(Key key, Dependencies dependencies) {
        return Unicode.heapBytes(key.name()) + 2 * dependencies.bytes();
    }
}
