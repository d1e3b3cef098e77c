package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.testkit.protocol.Contract;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated worlds alone: what they reach and which mutants they kill is measured by this class. {@code -Dworlds=N} plays
 * more of each protocol, {@code -Dworlds.first=N} others.
 */
@Tag("long")
class GeneratedWorldsTest {
    private static final int WORLDS = Integer.getInteger("worlds", 20);
    private static final int FIRST = Integer.getInteger("worlds.first", 0);

    /** A mutant is judged by the blocks that reach it, the fastest first, until one breaks. */
    private static final int BLOCK = 5;

    /** PIT's plugin for JUnit runs each test to find it, in each JVM; where it judges mutants, that is wasted. */
    private static final boolean IS_FOUND_BY_RUNNING =
            System.getProperty("sun.java.command", "").contains("MutationTestMinion");

    private static final Set<String> FOUND = new HashSet<>();

    static Stream<Arguments> blocks() {
        return IntStream.iterate(FIRST, from -> from < FIRST + WORLDS, from -> from + BLOCK)
                .boxed()
                .flatMap(from -> Protocols.all().stream().map(protocol -> Arguments.of(protocol, from)));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void noneBreaksTheContract(ProtocolType protocol, int from) {
        if (IS_FOUND_BY_RUNNING && FOUND.add(protocol + " " + from)) {
            return;
        }
        Contract contract = new Contract(protocol);
        assertEquals(Map.of(), contract.problems(from, Math.min(from + BLOCK, FIRST + WORLDS)));
    }

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void messagesAndEntriesAreReadAsWrittenAndSayWhatTheyAre(ProtocolType protocol) {
        if (IS_FOUND_BY_RUNNING && FOUND.add(protocol.name())) {
            return;
        }
        assertFalse(new Contract(protocol).isReadAsWritten(WORLDS / BLOCK).isEmpty());
    }
}
