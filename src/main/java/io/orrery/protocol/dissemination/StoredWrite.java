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

/** A write as a replica stores it: complete, or without its value if that is on disk. */
public sealed interface StoredWrite extends JournalEntry permits Write, WriteWithValueOnDisk {
    /**
     * The measured heap overhead of a write beside its strings: objects, map and log entries, with a journal in memory.
     */
    int HEAP_OF_A_WHOLE = 350;

    /** The same without a value. */
    int HEAP_WITHOUT_VALUE = 250;

    Dot dot();

    Key key();

    Version version();

    Dependencies dependencies();

    boolean isTombstone();

    /** The approximate size of the complete write in a message, in bytes. */
    long wireBytes();

    /** The approximate heap size of the stored write, in bytes. */
    long heapBytes();

    /** The write with its value. */
    Write whole(Function<Dot, Value> values);

    /** Stores a write, and its value where the replica stores such values. */
    static StoredWrite of(Write write, Values values) {
        if (write.value().isEmpty() || !values.takes(write.value().get())) {
            return write;
        }
        Value value = write.value().get();
        values.put(write.dot(), value);
        return new WriteWithValueOnDisk(
                write.dot(), write.key(), value.json().length(), write.version(), write.dependencies());
    }

    /** About how many bytes of memory it takes to keep such a write. */
    static long heapBytes(Key key, Optional<Value> value, Dependencies dependencies, Values values) {
        return value.isPresent() && values.takes(value.get())
                ? heapBytesOnDisk(key, dependencies)
                : heapBytes(key, value, dependencies);
    }

    static long heapBytes(Key key, Optional<Value> value, Dependencies dependencies) {
        return HEAP_OF_A_WHOLE
                + (value.isPresent() ? Unicode.heapBytes(value.get().json()) : 0)
                + heapBytes(key, dependencies);
    }

    static long heapBytesOnDisk(Key key, Dependencies dependencies) {
        return HEAP_WITHOUT_VALUE + heapBytes(key, dependencies);
    }

    private static long heapBytes(Key key, Dependencies dependencies) {
        return Unicode.heapBytes(key.name()) + 2 * dependencies.bytes();
    }
}
