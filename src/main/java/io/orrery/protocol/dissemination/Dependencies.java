package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.VersionVector;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;
import java.util.stream.Collectors;

/** The dependencies of a write: a replica shows the write only when it has applied them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
    @JsonSubTypes.Type(Dependencies.None.class),
    @JsonSubTypes.Type(Dependencies.Past.class),
    @JsonSubTypes.Type(Dependencies.Nearest.class)
})
public sealed interface Dependencies {
    /** No dependencies: shown on arrival. */
    None NONE = new None();

    /** The first of them that has not been applied; null when all have. */
    Dependency firstUnmet(AppliedWrites appliedWrites);

    /**
     * Whether a later write of the same origin may be known where this one is not: then it can be taken for lost while it is
     * held back somewhere.
     */
    default boolean mayBeOvertaken() {
        return true;
    }

    /** Checks that all that they name is plausible. */
    default void check(PlausibilityCheck plausibilityCheck) {}

    /** The approximate size in a message, in bytes. */
    default long bytes() {
        return 0;
    }

    /** See {@link #NONE}. */
    @JsonTypeName("none")
    record None() implements Dependencies {
        @Override
        public Dependency firstUnmet(AppliedWrites appliedWrites) {
            return null;
        }

        @Override
        public String toString() {
            return "";
        }
    }

    /**
     * All that a vector counts: the causal past of the write, the write itself not counted.
     *
     * <p>Source: Birman, Schiper and Stephenson, "Lightweight Causal and Atomic Group Multicast", TOCS 1991.
     */
    @JsonTypeName("past")
    record Past(VersionVector vector) implements Dependencies {
        private static final int BYTES_OF_ONE = 16;

        @Override
        public Dependency firstUnmet(AppliedWrites appliedWrites) {
            for (int i = 0; i < vector.size(); i++) {
                if (appliedWrites.prefix(vector.originAt(i)) < vector.countAt(i)) {
                    return new Dependency.Prefix(vector.originAt(i), vector.countAt(i));
                }
            }
            return null;
        }

        /** A later one names this one in its vector. */
        @Override
        public boolean mayBeOvertaken() {
            return false;
        }

        @Override
        public void check(PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.counts(vector);
        }

        @Override
        public long bytes() {
            return (long) BYTES_OF_ONE * vector.size();
        }

        @Override
        public String toString() {
            return " after " + vector;
        }
    }

    /**
     * The nearest dependencies: writes that the writer had seen since its last write, and that one. What those
     * depend on need not be named.
     *
     * <p>Source: Lloyd, Freedman, Kaminsky and Andersen, "Don't Settle for Eventual", SOSP 2011, section 4.
     */
    @JsonTypeName("nearest")
    record Nearest(List<Dependency.Made> writes) implements Dependencies {
        private static final int BYTES_OF_ONE = 64;

        public Nearest {
            writes = List.copyOf(writes);
        }

        @Override
        public Dependency firstUnmet(AppliedWrites appliedWrites) {
            for (Dependency.Made dependency : writes) {
                if (!appliedWrites.knows(dependency.dot())) {
                    return dependency;
                }
            }
            return null;
        }

        @Override
        public void check(PlausibilityCheck plausibilityCheck) {
            for (Dependency.Made dependency : writes) {
                dependency.check(plausibilityCheck);
            }
        }

        @Override
        public long bytes() {
            long bytes = 0;
            for (Dependency.Made dependency : writes) {
                bytes += BYTES_OF_ONE + dependency.key().name().length();
            }
            return bytes;
        }

        @Override
        public String toString() {
            return writes.isEmpty()
                    ? ""
                    : writes.stream().map(Dependency::toString).collect(Collectors.joining(", ", " after ", ""));
        }
    }
}
