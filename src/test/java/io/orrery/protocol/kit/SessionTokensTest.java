package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.ReplicaSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokensTest {
    private static final List<NodeId> REPLICAS = List.of(NodeId.of("A"), NodeId.of("B"));

    private final SessionTokens tokens = ofAReplica();

    private static SessionTokens ofAReplica() {
        return new SessionTokens(
                REPLICAS,
                new PlausibilityCheck(
                        new ReplicaSettings(REPLICAS.get(0), REPLICAS, ReplicaSettings.Tuning.DEFAULT), null));
    }

    private static VersionVector vector(long a, long b) {
        return VersionVector.of(Map.of(Origin.of("A"), a, Origin.of("B"), b));
    }

    @Test
    void aTokenIsReadAsItWasWritten() {
        VersionVector seen = vector(3, 1);
        assertEquals("A:3,B:1", tokens.of(seen));
        assertEquals(seen, tokens.read("A:3,B:1"));
        assertEquals(seen, ofAReplica().read("A:3,B:1"), "another replica has not given it");
        assertEquals(VersionVector.EMPTY, tokens.read(""));
        assertEquals("", tokens.of(VersionVector.EMPTY));
    }

    @Test
    void aTokenIsBuiltOnceUntilTheVectorChanges() {
        VersionVector seen = vector(3, 1);
        String first = tokens.of(seen);
        assertSame(first, tokens.of(seen));
        assertEquals("A:4,B:1", tokens.of(seen.with(Origin.of("A"), 4)));
        assertNotSame(first, tokens.of(seen));
        assertEquals(first, tokens.of(seen));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "A:", ":1", "A:x", "A:-1", "C:1", "A:1,", "A:1;B:1", "A:99999999999999999"})
    void whatIsNoTokenOfThisStoreIsRefused(String session) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> tokens.read(session));
        assertEquals("not a session token of this store: \"" + session + "\"", refused.getMessage());
    }
}
