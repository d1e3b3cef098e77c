package io.orrery.protocol;

import io.orrery.model.Key;
import java.util.Optional;

/** What replicas send each other: immutable records whose {@code toString} is fit for a trace. */
public interface Message {
    /** The kind of message, as link rules and traces name it: one lower-case word. */
    String kind();

    /** The key that the message is about, where it is about one. */
    default Optional<Key> key() {
        return Optional.empty();
    }
}
