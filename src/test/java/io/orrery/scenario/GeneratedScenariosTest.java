package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.simulation.Simulation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratedScenariosTest {
    private static final int WORLDS = 250;

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whateverGoesWrongTheInvariantsHoldAfterEachEventAndAllConverge(ProtocolType protocol) {
        long checks = 0;
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < WORLDS; number++) {
                Invariants invariants = new Invariants();
                Scenario scenario = GeneratedScenarios.of(protocol, number);
                Run run = ScenarioRunner.run(simulation, scenario, number, invariants);
                assertEquals(List.of(), run.unmet(), "world " + number);
                checks += invariants.checks();
            }
        }
        assertTrue(checks > 100L * WORLDS, "so few events that nothing was tested: " + checks);
    }
}
