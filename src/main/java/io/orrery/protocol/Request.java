package io.orrery.protocol;

import io.orrery.model.Operation;

/** A client's request as a protocol sees it. The object itself is the handle by which it is answered. */
public interface Request {
    Operation operation();

    /** The client's context, as the last answer gave it; empty for a client without one. */
    String session();

    /** Whether somebody still waits for the answer. What could not be begun by then need not be. */
    boolean isOpen();
}
