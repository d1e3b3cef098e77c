package io.orrery.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** An operation that a client can invoke. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
    @JsonSubTypes.Type(Operation.Read.class),
    @JsonSubTypes.Type(Operation.Write.class),
    @JsonSubTypes.Type(Operation.HandMadeWrite.class),
    @JsonSubTypes.Type(Operation.Delete.class),
    @JsonSubTypes.Type(Operation.CompareAndSet.class)
})
public sealed interface Operation {
    Key key();

    /** The name in histories and traces: {@code read}, {@code write}, {@code delete}, {@code sync} or {@code cas}. */
    String name();

    /** What it puts in its key's place, if it takes effect: empty for a delete, and for a read. */
    default Optional<Value> newValue() {
        return Optional.empty();
    }

    /** The approximate size of key and value, in bytes. */
    default long bytes() {
        return key().name().length();
    }

    @JsonTypeName("read")
    record Read(Key key) implements Operation {
        public Read {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String name() {
            return "read";
        }
    }

    @JsonTypeName("write")
    record Write(Key key, Value value) implements Operation {
        public Write {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String name() {
            return "write";
        }

        @Override
        public Optional<Value> newValue() {
            return Optional.of(value);
        }

        @Override
        public long bytes() {
            return Operation.super.bytes() + value.json().length();
        }
    }

    /**
     * A write made by hand, as if another replica had sent it: shows what a protocol does with writes that arrive
     * early.
     *
     * @param from the replica in whose name it is made
     * @param clock its vector clock, which counts the write itself; empty if the protocol has no vectors
     * @param version the counter of its version; 0 if the protocol has none or is to choose it
     */
    @JsonTypeName("sync")
    record HandMadeWrite(Key key, Value value, NodeId from, Map<NodeId, Long> clock, long version)
            implements Operation {
        public HandMadeWrite {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(from, "from");
            clock = Collections.unmodifiableMap(new TreeMap<>(clock));
            CounterLimits.require("a version", version, 0);
        }

        /** With no version of its own. */
        public HandMadeWrite(Key key, Value value, NodeId from, Map<NodeId, Long> clock) {
            this(key, value, from, clock, 0);
        }

        @Override
        public String name() {
            return "sync";
        }

        @Override
        public Optional<Value> newValue() {
            return Optional.of(value);
        }

        @Override
        public long bytes() {
            return Operation.super.bytes() + value.json().length();
        }
    }

    @JsonTypeName("delete")
    record Delete(Key key) implements Operation {
        public Delete {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String name() {
            return "delete";
        }
    }

    /**
     * A write or delete that takes effect only where its key has an expected version (Herlihy, "Wait-Free Synchronization",
     * 1991; a conditional request of RFC 9110, section 13).
     *
     * @param expected the version that the key is to have; empty where it is to have no value
     * @param value the new value; empty for a delete
     */
    @JsonTypeName("cas")
    record CompareAndSet(Key key, Optional<Version> expected, Optional<Value> value) implements Operation {
        public CompareAndSet {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(expected, "expected");
            Objects.requireNonNull(value, "value");
        }

        /**
         * Whether it takes effect.
         *
         * @param found the version that the key has; empty if it never had one
         * @param isAbsent whether the key has no value
         */
        public boolean matches(Optional<Version> found, boolean isAbsent) {
            return expected.isEmpty()
                    ? isAbsent
                    : found.isPresent() && found.get().isNamedBy(expected.get());
        }

        @Override
        public String name() {
            return "cas";
        }

        @Override
        public Optional<Value> newValue() {
            return value;
        }

        @Override
        public long bytes() {
            return Operation.super.bytes() + value.map(it -> it.json().length()).orElse(0);
        }
    }
}
