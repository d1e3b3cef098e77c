package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.network.InFlightMessage;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Link rules name kinds of messages: a protocol sends no kind that it does not list, and lists none that it never sends. */
class MessageKindsTest {
    /** Only some levels of the family ask for positions, forward, or wait for acknowledgements. */
    private static final Set<String> OF_SOME_LEVELS =
            Set.of("forward", "ordered", "ack", "ask", "position", "farewell");

    /** Those by which replicas pass on what an operator wants of the members: worlds have none. */
    private static final Set<String> OF_OPERATORS = Set.of("change", "changed", "lead");

    static List<ProtocolType> protocols() {
        return Protocols.all();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void theKindsThatAProtocolListsAreThoseThatItSends(ProtocolType protocol) {
        Set<String> seen = new TreeSet<>();
        WorldObserver observer = new WorldObserver() {
            @Override
            public void sent(InFlightMessage inFlightMessage) {
                seen.add(inFlightMessage.message().kind());
            }
        };
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < 20; number++) {
                ScenarioRunner.run(simulation, GeneratedScenarios.of(protocol, number), number, observer);
            }
        }
        Set<String> listed = new TreeSet<>(protocol.vocabulary().kinds());
        listed.removeIf(kind -> OF_SOME_LEVELS.contains(kind) && !seen.contains(kind));
        listed.removeAll(OF_OPERATORS);
        assertEquals(listed, seen);
    }
}
