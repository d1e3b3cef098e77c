package io.orrery.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** An operation that a client can invoke. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
    @JsonSubTypes.Type(Operation.Read.class),
    @JsonSubTypes.Type(Operation.Write.class),
    @JsonSubTypes.Type(Operation.HandMadeWrite.class),
    @JsonSubTypes.Type(Operation.Delete.class)
})
public sealed interface Operation {
    Key key();

    /** The name in histories and traces: {@code read}, {@code write}, {@code delete} or {@code sync}. */
    String name();

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
}
