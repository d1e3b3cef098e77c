package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.protocol.ReplicaView;
import java.util.Optional;

/** What a replica shows, without its values: to read one from a disk might fail, and is no business of who looks. */
final class Shown {
    private Shown() {}

    /** The version of a key that a replica shows; empty where it has none. */
    static Optional<Version> version(ReplicaView view, Key key) {
        return view.lookup(key).map(Update::version);
    }
}
