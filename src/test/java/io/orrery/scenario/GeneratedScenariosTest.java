package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.simulation.Simulation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratedScenariosTest {
    private static final int WORLDS = 250;
    private static final int MANY_WORLDS = 5_000;

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whateverGoesWrongTheInvariantsHoldAfterEachEventAndAllConverge(ProtocolType protocol) {
        play(protocol, 0, WORLDS);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @Tag("long")
    void soTheyDoInManyMoreWorlds(ProtocolType protocol) {
        play(protocol, WORLDS, MANY_WORLDS);
    }

    private static void play(ProtocolType protocol, int first, int end) {
        long checks = 0;
        try (Simulation simulation = Simulation.start()) {
            for (int number = first; number < end; number++) {
                Invariants invariants = new Invariants();
                Scenario scenario = GeneratedScenarios.of(protocol, number);
                Run run = ScenarioRunner.run(simulation, scenario, number, invariants);
                assertEquals(List.of(), run.unmet(), "world " + number);
                checks += invariants.checks();
            }
        }
        assertTrue(checks > 100L * (end - first), "so few events that nothing was tested: " + checks);
    }
}
