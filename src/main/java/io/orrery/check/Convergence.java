package io.orrery.check;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The model {@code converged}: after quiescence all replicas hold the same (Vogels 2009, eventual consistency). */
public final class Convergence {
    private Convergence() {}

    /**
     * What a replica holds for a key.
     *
     * @param value null where it is absent
     * @param version null where none is known
     */
    public record Content(Value value, Version version) {
        private static final Content NOTHING = new Content(null, null);

        /** A replica may have forgotten the version of what is absent: tombstones may be collected. */
        private boolean isSame(Content other) {
            boolean forgotten = value == null && (version == null || other.version == null);
            return Objects.equals(value, other.value) && (forgotten || Objects.equals(version, other.version));
        }

        private String words(Key key) {
            return key + " = " + (value == null ? "nothing" : value)
                    + (version == null ? "" : " at version " + version);
        }
    }

    /** Judges the final state of each replica. */
    public static Verdict check(Map<NodeId, Map<Key, Content>> replicas) {
        SortedSet<Key> keys = new TreeSet<>();
        replicas.values().forEach(held -> keys.addAll(held.keySet()));
        TreeMap<NodeId, Map<Key, Content>> ordered = new TreeMap<>(replicas);
        for (Key key : keys) {
            NodeId first = ordered.firstKey();
            Content expected = ordered.get(first).getOrDefault(key, Content.NOTHING);
            for (Map.Entry<NodeId, Map<Key, Content>> replica : ordered.entrySet()) {
                Content held = replica.getValue().getOrDefault(key, Content.NOTHING);
                if (!held.isSame(expected)) {
                    String words = "at the end " + first + " holds " + expected.words(key) + ", and " + replica.getKey()
                            + " holds " + held.words(key) + ".";
                    return new Verdict.Violated(Witness.of("Diverged", words, List.of()));
                }
            }
        }
        return Verdict.HOLDS;
    }
}
