package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.util.List;
import java.util.function.Function;

/** Which writes a replica knows, of each origin: what can be read of it. Changed by the {@link LocalCopy} alone. */
interface KnownWrites extends AppliedWrites {
    /** The next sequence that an origin has never used, as far as is known here. */
    long nextSequence(Origin origin);

    /** How many writes of an origin are known ahead of a gap. */
    int aheadOf(Origin origin);

    /** How many writes are known ahead of gaps, of all origins. */
    long ahead();

    /** The last origin of a node of which anything is known; null when there is none. */
    Origin lastOf(NodeId node);

    /** How many writes of a node a vector counts that are not known here. */
    long missingOf(NodeId node, VersionVector other);

    /** Whether another knows all that is known here of a node's writes. */
    boolean isCoveredBy(Summary other, NodeId node);

    /** Whether all that another knows is known here. */
    boolean knows(Summary other);

    /**
     * All writes known without a gap, for each origin, but for those that are {@linkplain OriginLogs#fold folded} away: who hears
     * it has all of those. The same object until it changes.
     */
    VersionVector known();

    /** Whether a vector names an origin that is folded away here. */
    boolean hasFoldedOf(VersionVector named);

    /** All that is known here, of origins that are folded away too, with this many islands at the most. */
    default Summary allKnown(int islands) {
        return allKnown(islands, VersionVector.EMPTY);
    }

    /** The same, with those islands only that lie after what the vector counts. */
    Summary allKnown(int islands, VersionVector after);

    /** What is known here, with other islands each time where there are more: whoever listens has heard of all in the end. */
    Summary knownInTurn(int islands);

    /** The gaps in what is known of a node's writes. */
    List<Range> gapsOf(NodeId node);

    /** Whether the write with this dot is the one that its key shows. */
    boolean isShown(Dot dot);

    /** Lets go of the value of a write that is not shown (any more), unless it is here by another way. Of null it does nothing. */
    default void dropUnlessShown(StoredWrite write, Values values) {
        if (write instanceof WriteWithValueOnDisk && !isShown(write.dot())) {
            values.drop(write.dot());
        }
    }

    /**
     * The answer to a fetch: what is current here and not known there, as much as one message holds.
     *
     * <p>An answer is complete only with all of it, however little was asked for: of a write that was superseded nothing
     * is kept but the fact that it is known, and who learns that fact must get the superseding write with it.
     *
     * @param mostWrites how many writes the answer may have
     * @param values those that are on disk
     */
    DisseminationMessage.Delta collect(
            DisseminationMessage.Fetch fetch, Origin self, int mostWrites, int islands, Function<Dot, Value> values);
}
