package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.protocol.JournalEntry;

/**
 * A promise to a replica that has lost its memory: what its earlier incarnations sent, and what is under way still, is
 * not taken in any more.
 *
 * @param node the replica
 * @param incarnation the incarnation that it is in now
 */
record Seal(NodeId node, long incarnation) implements JournalEntry {
    @Override
    public Object slot() {
        return "seal of " + node;
    }
}
