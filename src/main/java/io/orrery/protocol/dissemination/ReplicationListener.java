package io.orrery.protocol.dissemination;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import java.util.List;

/** What a protocol is told about its copy of the data, and how it decides between writes. */
public interface ReplicationListener {
    /** A write of another replica is about to be applied. */
    default void applying(StoredWrite write) {}

    /** A write of another replica has been applied or was found to be superseded, by itself. */
    default void applied(Write write) {}

    /**
     * Whether a write that comes takes the place of the one that its key shows: where its version is higher, so that all
     * replicas agree in whatever order writes come. A protocol that decides by anything else may not converge.
     */
    default boolean replaces(StoredWrite comes, StoredWrite shown) {
        return comes.version().compareTo(shown.version()) > 0;
    }

    /** The protocol's clock, for recovery after a crash; 0 for a protocol without one. */
    default long durableClock() {
        return 0;
    }

    /**
     * The replica has caught up with a peer: any number of writes have been applied together.
     *
     * @param islands what the peer has ahead of gaps, and this replica too now
     */
    default void caughtUp(List<Range> islands) {}

    /** A peer has told what it has. */
    default void heard(NodeId peer, VersionVector known) {}
}
