package io.orrery.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import java.util.Optional;

/**
 * What replicas send each other: immutable records whose {@code toString} is fit for a trace. Each has a name of its own
 * on the wire; all that there are: {@link ProtocolType#vocabulary}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public interface Message {
    /** The kind of message, as link rules and traces name it: one lower-case word. */
    String kind();

    /**
     * Checks all that it says of replicas and of how far they have counted, before a protocol sees it.
     *
     * @param by who sent it: another replica of the deployment
     * @throws IllegalArgumentException when something of it cannot be; the message says what
     */
    void check(NodeId by, Credible credible);

    /** The key that the message is about, where it is about one. */
    default Optional<Key> key() {
        return Optional.empty();
    }

    /** About how many bytes the keys and values in it take; 0 where there are none. */
    default long bytes() {
        return 0;
    }
}
