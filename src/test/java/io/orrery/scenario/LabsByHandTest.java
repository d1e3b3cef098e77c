package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.Durations;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the deployments of the labs a person who types has the time to look: nobody fetches in another way what a link holds back. */
class LabsByHandTest {
    private static final int SEEDS = 5;

    @ParameterizedTest
    @ValueSource(strings = {"lamport-lab", "vector-causal", "cops"})
    void aLinkThatWasSlowedDownOrCutByHandShowsItForAsLongAsItIs(String name) {
        Deployment deployment = DeploymentLoader.load(Path.of("conf", name + ".conf"));
        String first = deployment.ids().get(0).name();
        String third = deployment.ids().get(2).name();
        Scenario scenario = ScenarioLoader.parse("by-hand.conf", """
                protocol = %s, replicas = %s, anti-entropy = %s, patience = %s
                links = [{ from = %5$s, to = %6$s, delay = 4m }]
                steps = [
                  { at = 1s,   via = %5$s, client = alice, put = { key = x, value = slow } }
                  { at = 240s, via = %6$s, client = bob, get = x, expect = null }
                  { at = 242s, via = %6$s, client = bob, get = x, expect = slow }
                  { at = 300s, link = { from = %5$s, to = %6$s, delay = 1ms, cut = true } }
                  { at = 301s, via = %5$s, client = alice, put = { key = x, value = cut } }
                  { at = 540s, via = %6$s, client = bob, get = x, expect = slow }
                  { at = 540s, heal = { from = %5$s, to = %6$s } }
                  { at = 541s, via = %6$s, client = bob, get = x, expect = cut }
                  { at = 600s, isolate = %6$s }
                  { at = 600s, via = %5$s, client = alice, put = { key = x, value = alone } }
                  { at = 900s, via = %6$s, client = bob, get = x, expect = cut }
                  { at = 900s, heal = all }
                  { at = 901s, via = %6$s, client = bob, get = x, expect = alone }
                ]
                """.formatted(
                        deployment.protocol(),
                        deployment.ids(),
                        Durations.format(deployment.tuning().antiEntropy()),
                        Durations.format(deployment.tuning().patience()),
                        first,
                        third));
        try (Simulation simulation = Simulation.start()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
                assertEquals(
                        List.of(),
                        run.unmet().stream().map(check -> check.problem()).toList());
            }
        }
    }
}
