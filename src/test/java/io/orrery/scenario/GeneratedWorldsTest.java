package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.dissemination.DotInvariants;
import io.orrery.testkit.protocol.Contract;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated worlds alone: what they reach and which mutants they kill is measured by this class. {@code -Dworlds=N} plays
 * more of each protocol, {@code -Dworlds.first=N} others.
 */
@Tag("long")
class GeneratedWorldsTest {
    private static final int WORLDS = Integer.getInteger("worlds", 20);
    private static final int FIRST = Integer.getInteger("worlds.first", 0);

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void noneBreaksTheContract(ProtocolType protocol) {
        Contract contract = new Contract(protocol, () -> new DotInvariants(protocol));
        assertEquals(Map.of(), contract.problems(FIRST, FIRST + WORLDS));
    }
}
