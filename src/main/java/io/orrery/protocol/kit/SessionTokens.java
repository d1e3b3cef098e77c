package io.orrery.protocol.kit;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Preconditions;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Session tokens that are vectors: {@code A:3,B:1} is all that a client may have seen. A token is built when the vector
 * changes and not for each answer: many reads get the same one.
 */
public final class SessionTokens {
    private final List<NodeId> replicas;
    private final PlausibilityCheck plausibilityCheck;
    private String token = "";
    /** What the token was built from; null before there was one. */
    private VersionVector tokenOf;

    private final RecentTokens<VersionVector> recent = new RecentTokens<>();

    /** @param replicas who may have made what a token counts */
    public SessionTokens(List<NodeId> replicas, PlausibilityCheck plausibilityCheck) {
        this.replicas = List.copyOf(replicas);
        this.plausibilityCheck = plausibilityCheck;
    }

    /** The token of a vector: that of the last call, where it is the same object. */
    public String of(VersionVector seen) {
        if (seen != tokenOf) {
            StringJoiner text = new StringJoiner(",");
            seen.forEach((origin, count) -> text.add(origin.text() + ":" + count));
            token = text.toString();
            tokenOf = seen;
            recent.add(token, seen);
        }
        return token;
    }

    /**
     * What a token says its client has seen; nothing for an empty one.
     *
     * @throws IllegalArgumentException when it is not a token of this form, or counts what another has made, or what cannot be
     */
    public VersionVector read(String session) {
        if (session.isEmpty()) {
            return VersionVector.EMPTY;
        }
        VersionVector given = recent.find(session);
        return given == null ? parse(session) : given;
    }

    private VersionVector parse(String session) {
        Map<Origin, Long> counts = new TreeMap<>();
        try {
            for (String part : session.split(",", -1)) {
                int colon = part.indexOf(':');
                Origin origin = Origin.parse(part.substring(0, colon));
                Preconditions.require(
                        replicas.contains(origin.node()), () -> origin.node() + " is none of " + replicas);
                counts.put(origin, Long.parseLong(part.substring(colon + 1)));
            }
            VersionVector vector = VersionVector.of(counts);
            plausibilityCheck.counts(vector);
            return vector;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a session token of this store: \"" + session + "\"");
        }
    }
}
