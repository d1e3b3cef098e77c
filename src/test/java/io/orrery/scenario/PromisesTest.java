package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.testkit.protocol.Contract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds each protocol to what it promises, in generated worlds, and shows that it keeps no more than it promises. */
class PromisesTest {
    private static final int WORLDS = 150;
    /** Some violations are rare. */
    private static final int MORE_WORLDS = 4_000;
    /** Where the rarest were seen, which is looked at first; where they are not there any more, all are looked for again. */
    private static final Map<String, Integer> SEEN = Map.of("vector-causal", 1_209, "cops", 549);

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void everyPromiseIsAModelAndNoneFollowsFromAnother(ProtocolType protocol) {
        new Contract(protocol).promisesAreModels();
    }

    @Test
    void onlyOneDoesNotConverge() {
        assertEquals(
                List.of("last-arrival"),
                protocols()
                        .filter(it -> !it.converges())
                        .map(ProtocolType::name)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void itKeepsItsPromisesWhateverGoesWrong(ProtocolType protocol) {
        new Contract(protocol).keepsItsPromises(WORLDS);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whatItDoesNotPromiseItBreaksSomewhere(ProtocolType protocol) {
        IntStream first = IntStream.of(SEEN.getOrDefault(protocol.name(), 0));
        new Contract(protocol).breaksWhatItDoesNotPromise(IntStream.concat(first, IntStream.range(0, MORE_WORLDS)));
    }
}
