package io.orrery.protocol;

import io.orrery.model.Operation;
import io.orrery.model.RequestId;
import java.util.Optional;

/** A client's request. The object itself is the handle for the answer. */
public interface Request {
    Operation operation();

    /** The session token of the client's last answer; empty for a client without one. */
    String session();

    /**
     * The client's own id of a write, if it gave one: two writes with one id are carried out once. Only a protocol that {@linkplain
     * ProtocolType#remembers says that it remembers ids} sees any.
     */
    default Optional<RequestId> id() {
        return Optional.empty();
    }

    /** Whether the client still waits for the answer. A request that is not open need not be begun. */
    boolean isOpen();
}
