package io.orrery.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** A session token that is a vector: {@code A:3,B:1}. */
public final class VectorToken {
    private VectorToken() {}

    public static String write(VersionVector vector) {
        StringJoiner token = new StringJoiner(",");
        vector.forEach((origin, count) -> token.add(origin.text() + ":" + count));
        return token.toString();
    }

    /**
     * @param replicas who may have made what it counts
     * @throws IllegalArgumentException when it is not a token of this form, or counts what another has made, or what cannot be
     */
    public static VersionVector read(String token, List<NodeId> replicas, Credible credible) {
        Map<Origin, Long> counts = new TreeMap<>();
        try {
            for (String part : token.split(",", -1)) {
                int colon = part.indexOf(':');
                Origin origin = Origin.parse(part.substring(0, colon));
                if (!replicas.contains(origin.node())) {
                    throw new IllegalArgumentException(origin.node() + " is none of " + replicas);
                }
                counts.put(origin, Long.parseLong(part.substring(colon + 1)));
            }
            VersionVector vector = VersionVector.of(counts);
            credible.counts(vector);
            return vector;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a session token of this store: \"" + token + "\"");
        }
    }
}
