package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import java.util.List;
import java.util.function.Predicate;

/** What dissemination brings. */
interface Arrivals {
    /**
     * A sign that something is missing: a gap, or a write that is held back.
     *
     * @param origin who should know more
     * @param mark tells this sign from others of the origin
     */
    record Suspect(Origin origin, long mark) {}

    /** A write has come that is not known yet. */
    void arrived(Write write);

    /** All that a peer has and that was missing here has come: to be applied as one. */
    void caughtUp(List<Kept> writes, Known complete);

    /** A range counts as known now, and nothing more of it will come. */
    void covered(Range range);

    /** Nobody tells of more writes of these origins, and there will be none: what is held back of them waits in vain. */
    void nothingMoreOf(Predicate<Origin> origins);

    /** The oldest sign that something is missing here; null when there is none. */
    Suspect suspect();

    /** A peer has told what it has. */
    void heard(NodeId peer, Known known);
}
