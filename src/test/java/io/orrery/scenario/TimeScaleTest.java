package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeScaleTest {
    /** Every time that a scenario can name, with a unit that stands for one. */
    private static final String ALL_TIMES = """
            protocol = vector-causal
            replicas = [A, B]
            links = [
              { delay = 1UNIT, loss = 0.1 }, { from = A, to = B, delay = "1UNIT..3UNIT" }
              { from = B, to = A, key = x, kind = update, delay = "exponential(2UNIT)" }
              { to = A, cut = true, delay = "normal(5UNIT, 1UNIT)" }
            ]
            disk { sync = 3UNIT, sync-policy = never, kept-in-crash = 0.5, replay = 7UNIT, values-over = 9, retry = 2UNIT }
            anti-entropy = 70UNIT
            patience = 20UNIT
            timeout = 50UNIT
            staggered = true
            encoding = true
            clients { delay = 1UNIT, loss = 0.1, loss-run = 3, timeout = 60UNIT, retries = 2, retry-after = 5UNIT }
            start { over-links = true, absent = [B], incarnation = 3 }
            settle = 90UNIT
            workload { clients = 2, operations = 10, keys = 3, reads = 0.4, deletes = 0.1, moves = 0.2, think-time = 2UNIT }
            steps = [
              { at = 1UNIT, via = A, client = alice, put = { key = x, value = 1 }, within = 7UNIT, at-least = 1UNIT }
              { at = 2UNIT, link = { from = A, to = B, delay = 9UNIT, duplicate = 0.5 } }
              { at = 3UNIT, crash = A }
              { at = 3UNIT, link = { from = B, delay = 8UNIT, loss-run = 3..5 } }
              { at = 3UNIT, slow-disk = { replica = B, by = 4UNIT } }
              { at = 4UNIT, via = B, get = x, expect = 1, outcome = ok, version = 1 }
            ]
            faults { random = [crashes, loss], span = 1UNIT..4UNIT, rates { loss = 3 } }
            expect { converged = true, linearizable = false }
            """;

    @Test
    void allTimesOfAScenarioGrowAlikeAndNothingElseChanges() {
        Scenario seconds = ScenarioLoader.parse("times.conf", ALL_TIMES.replace("UNIT", "s"));
        Scenario minutes = ScenarioLoader.parse("times.conf", ALL_TIMES.replace("UNIT", "m"));
        assertEquals(minutes, new TimeScale(60).apply(seconds));
        assertEquals(seconds, new TimeScale(1).apply(seconds));
        assertNotEquals(minutes, new TimeScale(59).apply(seconds));
    }

    @Test
    void aLoadGoesOnComparing() {
        String load = "protocol = raft\nreplicas = [A, B]\n"
                + "workload { operations = 10, cas = 0.3, values = 4, redirects = true, think-time = 2UNIT }";
        Scenario seconds = ScenarioLoader.parse("load.conf", load.replace("UNIT", "s"));
        Scenario minutes = ScenarioLoader.parse("load.conf", load.replace("UNIT", "m"));
        assertEquals(minutes.workload(), new TimeScale(60).apply(seconds).workload());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, 1_001, Double.POSITIVE_INFINITY})
    void aScaleThatMakesNoSenseIsRefused(double factor) {
        assertThrows(IllegalArgumentException.class, () -> new TimeScale(factor));
    }
}
