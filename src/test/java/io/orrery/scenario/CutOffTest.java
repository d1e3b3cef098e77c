package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of a replica that is cut off from the two others can do, as the README's table of protocols says. */
class CutOffTest {
    @ParameterizedTest
    @CsvSource({
        "lamport-lww,          A, ok,      ok",
        "lamport-lww,          C, ok,      ok",
        "vector-causal,        A, ok,      ok",
        "vector-causal,        C, ok,      ok",
        "cops,                 A, ok,      ok",
        "cops,                 C, ok,      ok",
        "primary-linearizable, A, unknown, unknown",
        "primary-linearizable, C, unknown, unknown",
        "primary-sequential,   A, ok,      unknown",
        "primary-sequential,   C, ok,      unknown",
        "primary-causal,       A, ok,      ok",
        "primary-causal,       C, ok,      unknown",
        "primary-eventual,     A, ok,      ok",
        "primary-eventual,     C, ok,      ok",
        "leader-quorum,        A, ok,      unknown",
        "leader-quorum,        C, ok,      refused",
    })
    void aMinorityDoesWhatItsProtocolAllows(String protocol, String alone, String read, String write) {
        Scenario scenario = ScenarioLoader.parse("cut-off.conf", """
                protocol = %s
                replicas = [A, B, C]
                leader = A
                write-quorum = 1
                timeout = 500ms
                invariants = all
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 }, outcome = ok }
                  { at = 1s, isolate = %2$s }
                  { at = 2s, via = %2$s, client = reader, get = x, outcome = %3$s }
                  { at = 2s, via = %2$s, client = writer, put = { key = y, value = 2 }, outcome = %4$s }
                  { at = 4s, heal = all }
                ]
                expect { converged = true }
                """.formatted(protocol, alone, read, write));
        try (Simulation simulation = Simulation.start()) {
            assertEquals(
                    List.of(),
                    ScenarioRunner.run(simulation, scenario, 1, WorldObserver.NONE)
                            .unmet());
        }
    }
}
