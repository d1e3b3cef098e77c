package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Counters;
import io.orrery.model.NodeId;

/**
 * A promise to a replica that has lost its memory: what its earlier incarnations sent, and what is under way still, is
 * not taken in any more.
 *
 * @param node the replica
 * @param incarnation the incarnation that it is in now
 */
@JsonTypeName("seal")
record Seal(NodeId node, long incarnation) implements ReplicationEntry {
    Seal {
        Counters.require("an incarnation", incarnation, 0);
    }

    @Override
    public Object slot() {
        return "seal of " + node;
    }
}
