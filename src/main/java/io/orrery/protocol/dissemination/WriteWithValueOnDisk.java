package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.Preconditions;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A write whose value is on disk.
 *
 * @param size the length of its value
 */
@JsonTypeName("on-disk")
record WriteWithValueOnDisk(Dot dot, Key key, int size, Version version, Dependencies dependencies)
        implements ReplicationEntry, StoredWrite {
    WriteWithValueOnDisk {
        Objects.requireNonNull(dot, "dot");
        Objects.requireNonNull(key, "key");
        Preconditions.require(size >= 0, () -> "the length of a value is 0 or more, not " + size);
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(dependencies, "dependencies");
    }

    @Override
    public Object slot() {
        return key;
    }

    @Override
    public boolean isTombstone() {
        return false;
    }

    @Override
    public long bytes() {
        return Write.bytes(key, 0, dependencies);
    }

    @Override
    public long wireBytes() {
        return Write.bytes(key, size, dependencies);
    }

    @Override
    public long heapBytes() {
        return StoredWrite.heapBytesOnDisk(key, dependencies);
    }

    @Override
    public Write whole(Function<Dot, Value> values) {
        return new Write(dot, key, Optional.of(values.apply(dot)), version, dependencies);
    }

    /** The write as an update whose value is read on demand. */
    record Seen(WriteWithValueOnDisk write, Function<Dot, Value> values) implements Update {
        @Override
        public Key key() {
            return write.key();
        }

        @Override
        public Optional<Value> value() {
            return Optional.of(values.apply(write.dot()));
        }

        @Override
        public Version version() {
            return write.version();
        }

        @Override
        public boolean isTombstone() {
            return write.isTombstone();
        }

        @Override
        public long bytes() {
            return (long) key().name().length() + write.size();
        }

        @Override
        public Update whole() {
            return write.whole(values);
        }

        /** Whoever prints it may come when the disk has the value no more. */
        @Override
        public String toString() {
            try {
                return write.whole(values).toString();
            } catch (RuntimeException e) {
                return key() + " at " + version();
            }
        }
    }
}
