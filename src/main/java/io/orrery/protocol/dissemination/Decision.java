package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A decision of {@link Dissemination}: one change of the local copy, or one notification. Once it is done, {@link
 * #then} gives the next decision; null stands for none.
 */
sealed interface Decision {
    /** Where nothing follows. */
    Supplier<Decision> NOTHING_MORE = () -> null;

    /** To be asked once, when this has been done. Returns null when nothing follows. */
    Supplier<Decision> then();

    /** A write has come that is not known yet: it is to be taken in, or held back. */
    record Take(Write write, Supplier<Decision> then) implements Decision {}

    /** All that a peer has and that was missing here has come: to be applied as one. */
    record TakeAll(List<StoredWrite> writes, Summary complete, Supplier<Decision> then) implements Decision {}

    /** Ranges count as known from now on, and nothing more of them will come. */
    record Cover(List<Range> ranges, Supplier<Decision> then) implements Decision {}

    /** No peer has more writes of these origins, and there will be none: buffered writes of them are dropped. */
    record LetGo(Predicate<Origin> of, Supplier<Decision> then) implements Decision {}

    /** Origins that are over are not named any more, if all replicas have their writes. */
    record Fold(Predicate<Origin> isEverywhere, Supplier<Decision> then) implements Decision {}

    /** A peer has told what it has: for whoever waits to hear that. */
    record Heard(NodeId peer, Summary known, Supplier<Decision> then) implements Decision {}
}
