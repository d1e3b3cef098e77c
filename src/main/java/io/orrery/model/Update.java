package io.orrery.model;

import java.util.Optional;

/** A change to one key as replicas pass it on and hold it: a value, or a tombstone where the value is empty. */
public interface Update {
    Key key();

    /** The new value; empty for a tombstone. */
    Optional<Value> value();

    Version version();

    /** Whether it deletes its key; to ask does not look for the value. */
    default boolean isTombstone() {
        return value().isEmpty();
    }

    /** The same with its value at hand, where this one would have to look for it. */
    default Update whole() {
        return this;
    }

    /** About how many bytes its key and its value take. */
    default long bytes() {
        return (long) key().name().length()
                + value().map(it -> it.json().length()).orElse(0);
    }
}
