package io.orrery.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import java.util.Optional;

/**
 * What replicas send each other: immutable records whose {@code toString} is fit for a trace. Each type has a name on
 * the wire; {@link ProtocolType#vocabulary} lists all types.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public interface Message {
    /** The kind of message, as link rules and traces name it: one lower-case word. */
    String kind();

    /**
     * Checks the replicas and counts in the message, before the protocol sees it.
     *
     * @param by who sent it: another replica of the deployment
     * @throws IllegalArgumentException if something in it is implausible; the message says what
     */
    void check(NodeId by, PlausibilityCheck plausibilityCheck);

    /** The key that the message is about, if it is about one. */
    default Optional<Key> key() {
        return Optional.empty();
    }

    /** The approximate size of its keys and values, in bytes; 0 if there are none. */
    default long bytes() {
        return 0;
    }
}
