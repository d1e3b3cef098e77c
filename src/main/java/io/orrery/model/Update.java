package io.orrery.model;

import java.util.Optional;

/** A change to one key, as replicas send and store it: a value, or a tombstone if the value is empty. */
public interface Update {
    Key key();

    /** The new value; empty for a tombstone. */
    Optional<Value> value();

    Version version();

    /** Whether it deletes its key; does not load the value. */
    default boolean isTombstone() {
        return value().isEmpty();
    }

    /** The same update with its value in memory. */
    default Update whole() {
        return this;
    }

    /** The approximate size of key and value, in bytes. */
    default long bytes() {
        return (long) key().name().length()
                + value().map(it -> it.json().length()).orElse(0);
    }
}
