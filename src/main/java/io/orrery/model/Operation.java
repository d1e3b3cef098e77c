package io.orrery.model;

import java.util.Objects;

/** What a client can ask of the store. */
public sealed interface Operation {
    Key key();

    /** The name in histories and traces: {@code read}, {@code write} or {@code delete}. */
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
