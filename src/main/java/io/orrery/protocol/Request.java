package io.orrery.protocol;

import io.orrery.model.Operation;

/** A client's request. The object itself is the handle for the answer. */
public interface Request {
    Operation operation();

    /** The session token of the client's last answer; empty for a client without one. */
    String session();

    /** Whether the client still waits for the answer. A request that is not open need not be begun. */
    boolean isOpen();
}
