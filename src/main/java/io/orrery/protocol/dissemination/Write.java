package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.Preconditions;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.PlausibilityCheck;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A write as sent and stored: its identity (dot), key and value, version, and dependencies.
 *
 * @param value the new value; empty for a tombstone
 * @param dependencies what must have been applied before it may be shown
 */
@JsonTypeName("write")
public record Write(Dot dot, Key key, Optional<Value> value, Version version, Dependencies dependencies)
        implements Update, ReplicationEntry, StoredWrite {
    /** What the rest of a write takes in a message: its dot and version, with the names of all fields. */
    private static final int BYTES_OF_THE_REST = 128;

    public Write {
        Objects.requireNonNull(dot, "dot");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(dependencies, "dependencies");
    }

    /** Checks that there can be such a write. */
    public void check(PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.count(dot.origin(), dot.sequence());
        plausibilityCheck.version(version);
        Preconditions.require(
                version.origin().equals(dot.origin()), () -> "write " + dot + " is not of " + version.origin());
        dependencies.check(plausibilityCheck);
    }

    @Override
    public Object slot() {
        return key;
    }

    @Override
    public long bytes() {
        return bytes(key, value.isPresent() ? value.get().json().length() : 0, dependencies);
    }

    static long bytes(Key key, int valueBytes, Dependencies dependencies) {
        return BYTES_OF_THE_REST + key.name().length() + valueBytes + dependencies.bytes();
    }

    @Override
    public boolean isTombstone() {
        return value.isEmpty();
    }

    @Override
    public long wireBytes() {
        return bytes();
    }

    @Override
    public long heapBytes() {
        return StoredWrite.heapBytes(key, value, dependencies);
    }

    @Override
    public Write whole() {
        return this;
    }

    @Override
    public Write whole(Function<Dot, Value> values) {
        return this;
    }

    @Override
    public String toString() {
        return key + " = " + value.map(Value::json).orElse("(deleted)") + " " + version + dependencies;
    }
}
