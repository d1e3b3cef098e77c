package io.orrery.explore.shrink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.NodeId;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenamingTest {
    private static final String FAULTS = """
            protocol = lamport-lww
            replicas = [%1$s, B]
            disk { sync = 1ms }
            steps = [
              { at = 1ms, crash = %1$s }
              { at = 2ms, restart = %1$s }
              { at = 3ms, pause = %1$s }
              { at = 4ms, resume = %1$s }
              { at = 5ms, clock = { replica = %1$s, rate = 2 } }
              { at = 6ms, clock = { replica = %1$s, ahead = 10ms } }
              { at = 7ms, clock = { replica = %1$s, back = 10ms } }
              { at = 8ms, slow = { replica = %1$s, by = 1ms } }
              { at = 9ms, slow-disk = { replica = %1$s, by = 1ms } }
              { at = 10ms, repair-disk = %1$s }
              { at = 11ms, isolate = %1$s }
              { at = 12ms, heal = all }
              { at = 13ms, reset = %1$s }
              { at = 14ms, wipe = %1$s }
            ]
            """;

    @Test
    void faultsStayWhatTheyAre() {
        Scenario scenario = ScenarioLoader.parse("faults.conf", FAULTS.formatted("C"));
        Scenario renamed = Renaming.ofReplicas(Map.of(NodeId.of("C"), NodeId.of("A"), NodeId.of("B"), NodeId.of("B")))
                .apply(scenario);
        Scenario expected = ScenarioLoader.parse("faults.conf", FAULTS.formatted("A"));
        assertEquals(ScenarioWriter.write(expected), ScenarioWriter.write(renamed));
    }
}
