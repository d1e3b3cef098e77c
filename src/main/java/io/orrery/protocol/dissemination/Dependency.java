package io.orrery.protocol.dissemination;

import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.model.Version;

/** Something that must have been applied at a replica before something else may happen there. */
public sealed interface Dependency {
    /** All writes of an origin up to a sequence. */
    record Prefix(Origin origin, long sequence) implements Dependency {
        @Override
        public String toString() {
            return "write " + origin + ":" + sequence;
        }
    }

    /** A version of a key, or a higher one. */
    record AtLeast(Key key, Version version) implements Dependency {
        @Override
        public String toString() {
            return key + " at " + version;
        }
    }
}
