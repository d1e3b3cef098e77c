package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Origin;

/** Tells which writes a replica has applied, to evaluate dependencies. */
public interface AppliedWrites {
    /** The sequence up to which all writes of an origin have been applied. */
    long prefix(Origin origin);

    /** Whether a write has been applied, or one that superseded it. */
    boolean knows(Dot dot);
}
