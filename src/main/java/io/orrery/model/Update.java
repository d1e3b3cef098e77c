package io.orrery.model;

import java.util.Optional;

/** A change to one key as replicas pass it on and hold it: a value, or a tombstone where the value is empty. */
public interface Update {
    Key key();

    /** The new value; empty for a tombstone. */
    Optional<Value> value();

    Version version();
}
