package io.orrery.scenario;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.testkit.protocol.Contract;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that can go wrong, put right in the end. */
class GeneratedScenariosTest {
    private static final int WORLDS = 120;
    private static final int MANY_WORLDS = 5_000;

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whateverGoesWrongTheInvariantsHoldAfterEachEventAndAllConverge(ProtocolType protocol) {
        new Contract(protocol).staysSound(0, WORLDS);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @Tag("long")
    @Timeout(900)
    void soTheyDoInManyMoreWorlds(ProtocolType protocol) {
        new Contract(protocol).staysSound(WORLDS, MANY_WORLDS);
    }
}
