package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Counters;

/**
 * A replica that had lost its memory has heard all others, and has all that they had: later lives of the incarnation
 * need not ask again.
 */
@JsonTypeName("restored")
record Restored(long incarnation) implements ReplicationEntry {
    Restored {
        Counters.require("an incarnation", incarnation, 0);
    }

    @Override
    public Object slot() {
        return "restored";
    }
}
