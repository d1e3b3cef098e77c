package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.model.Version;

/** Something that must have been applied at a replica before something else may happen there. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(Dependency.Prefix.class), @JsonSubTypes.Type(Dependency.AtLeast.class)})
public sealed interface Dependency {
    /** All writes of an origin up to a sequence. */
    @JsonTypeName("prefix")
    record Prefix(Origin origin, long sequence) implements Dependency {
        @Override
        public String toString() {
            return "write " + origin + ":" + sequence;
        }
    }

    /** A version of a key, or a higher one. */
    @JsonTypeName("at-least")
    record AtLeast(Key key, Version version) implements Dependency {
        @Override
        public String toString() {
            return key + " at " + version;
        }
    }
}
