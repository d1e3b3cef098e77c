package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Origin;

/** What a replica has applied, as dependencies ask for it. */
public interface Applied {
    /** Up to which sequence all writes of an origin have been applied. */
    long prefix(Origin origin);

    /** Whether a write has been applied, or one that superseded it. */
    boolean knows(Dot dot);
}
