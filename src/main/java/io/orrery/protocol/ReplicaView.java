package io.orrery.protocol;

import io.orrery.model.Key;
import io.orrery.model.Update;
import java.util.Optional;
import java.util.function.Consumer;

/** What can be seen of a replica from outside. Read on the replica's own thread, or while nothing runs. */
public interface ReplicaView {
    /** What the replica holds for a key, a tombstone included. */
    Optional<? extends Update> lookup(Key key);

    /** Passes on all that the replica holds, tombstones included, in no particular order. */
    void forEach(Consumer<? super Update> action);

    /** The replica's logical clock now, as an immutable value whose text people can read. */
    Object clock();

    /** The state that people and checks look at. Its cost grows with the number of peers and of held-back writes only. */
    ReplicaStatus status();
}
