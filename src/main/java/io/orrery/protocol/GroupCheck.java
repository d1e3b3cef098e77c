package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.util.function.Supplier;

/**
 * Watches over invariants of a protocol that hold between replicas, and of which no replica alone can tell. It is told of all
 * replicas of one world, in the order in which they act, and should take a time for each step that does not grow with the world.
 */
public interface GroupCheck {
    /** Takes what does not hold. */
    interface Findings {
        /** @param otherwise what was seen; asked for only where it does not hold */
        void require(NamedInvariant which, boolean holds, Supplier<String> otherwise);
    }

    /** A replica starts, for the first time or again. What it has recovered follows as entries that it keeps. */
    void begins(NodeId replica);

    /** A replica keeps an entry in its journal. */
    void keeps(NodeId replica, JournalEntry entry);

    /** A replica has handled an input. */
    void acted(NodeId replica, ReplicaView view);
}
