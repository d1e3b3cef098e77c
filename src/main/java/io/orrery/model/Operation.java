package io.orrery.model;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What a client can ask of the store. */
public sealed interface Operation {
    Key key();

    /** The name in histories and traces: {@code read}, {@code write}, {@code delete} or {@code sync}. */
    String name();

    record Read(Key key) implements Operation {
        public Read {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String name() {
            return "read";
        }
    }

    record Write(Key key, Value value) implements Operation {
        public Write {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String name() {
            return "write";
        }
    }

    /**
     * A write that someone makes by hand, as if another replica had sent it: the way to show by hand what a protocol does
     * with what arrives early.
     *
     * @param from the replica that is said to have made it
     * @param clock its vector clock, itself counted; empty where a protocol has none
     */
    record Sync(Key key, Value value, NodeId from, Map<NodeId, Long> clock) implements Operation {
        public Sync {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(from, "from");
            clock = Collections.unmodifiableMap(new TreeMap<>(clock));
        }

        @Override
        public String name() {
            return "sync";
        }
    }

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
