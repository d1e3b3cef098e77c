package io.orrery.protocol;

import io.orrery.model.Key;
import io.orrery.model.Update;
import java.util.Optional;
import java.util.function.Consumer;

/** A read-only view of a replica. Read it on the replica's thread, or while nothing runs. */
public interface ReplicaView {
    /** What the replica holds for a key, a tombstone included. */
    Optional<? extends Update> lookup(Key key);

    /** Passes on all that the replica holds, tombstones included, in no particular order. */
    void forEach(Consumer<? super Update> action);

    /** The replica's logical clock now, as an immutable value whose text people can read. */
    Object clock();

    /** The state for people and checks. The cost grows only with the number of peers and of buffered writes. */
    ReplicaStatus status();

    /** Tells of the inside of the replica, to be checked. It may change nothing. */
    default void inspect(Inspection inspection) {}
}
