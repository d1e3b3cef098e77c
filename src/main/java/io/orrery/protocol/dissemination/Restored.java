package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A replica that had lost its memory has heard all others, and has all that they had: later lives of the incarnation
 * need not ask again.
 */
@JsonTypeName("restored")
record Restored(long incarnation) implements ReplicationEntry {
    @Override
    public Object slot() {
        return "restored";
    }
}
