package io.orrery.explore.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Verdict;
import io.orrery.loop.Schedule;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Simulation SIMULATION = Simulation.startSilently();

    @AfterAll
    static void end() {
        SIMULATION.close();
    }

    private static Footprint footprint(String story) {
        Scenario scenario = ScenarioLoader.parse("story.conf", story);
        Watch watch = new Watch(scenario, new Names());
        Run run = ScenarioRunner.run(
                SIMULATION, scenario, 1, Schedule.USUAL.chooser(1), watch, List.of(), watch::watched);
        assertTrue(run.holds(), run.unmet().toString());
        return watch.footprint();
    }

    private static boolean has(Footprint footprint, String input, Condition condition) {
        return (footprint.inputs().getOrDefault(input, 0) & condition.bit()) != 0;
    }

    /** B hears from A what depends on what has not come to it from C. */
    private static String lostRing(String value) {
        return """
            protocol = cops
            replicas = [A, B, C]
            links = [{ from = C, to = B, delay = 1s }]
            anti-entropy = 1h
            steps = [
              { at = 0s, via = C, client = carol, put = { key = x, value = %s } }
              { at = 100ms, via = A, client = alice, get = x }
              { at = 200ms, via = A, client = alice, put = { key = y, value = 2 } }
              { at = 215ms, via = B, client = bob, get = y }
              { at = 400ms, pause = B }
              { at = 500ms, via = A, client = alice, put = { key = z, value = 3 } }
              { at = 2s, resume = B }
            ]
            invariants = all
            """.formatted(value);
    }

    @Test
    void itSaysInWhichConditionAReplicaWasWhenSomethingCame() {
        Footprint footprint = footprint(lostRing("1"));
        assertTrue(has(footprint, "client read", Condition.BUFFERING), footprint.toString());
        assertTrue(has(footprint, "client read", Condition.BEHIND), footprint.toString());
        assertTrue(has(footprint, "message update", Condition.PAUSED), footprint.toString());
        assertTrue(has(footprint, "fault pause", Condition.CALM), footprint.toString());
        assertTrue(has(footprint, "client write", Condition.CALM), footprint.toString());
        for (int bits : footprint.inputs().values()) {
            assertEquals(0, bits & (Condition.LEADER.bit() | Condition.DOWN.bit() | Condition.RESTARTED.bit()));
        }
    }

    @Test
    void aBranchIsAnInputWithItsEffects() {
        Footprint footprint = footprint(lostRing("1"));
        assertTrue(
                footprint.branches().stream()
                        .anyMatch(it -> it.startsWith("message update -> ") && it.contains("buffer")),
                footprint.branches().toString());
        assertTrue(
                footprint.branches().stream()
                        .anyMatch(it -> it.startsWith("client read -> ") && it.contains("answer read")),
                footprint.branches().toString());
    }

    @Test
    void aLeaderAndWhoIsDownAreKnownToo() {
        Footprint footprint = footprint("""
            protocol = primary-linearizable
            replicas = [A, B, C]
            steps = [
              { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
              { at = 100ms, crash = C }
              { at = 200ms, via = A, client = alice, put = { key = x, value = 2 } }
              { at = 500ms, restart = C }
              { at = 2s, via = C, client = bob, get = x }
            ]
            """);
        assertTrue(has(footprint, "client write", Condition.LEADER), footprint.toString());
        assertTrue(has(footprint, "fault restart", Condition.DOWN), footprint.toString());
        assertTrue(has(footprint, "client read", Condition.RESTARTED), footprint.toString());
    }

    /** Two worlds have one shape if everyone received the same kinds of messages from the same senders in the same order. */
    @Test
    void theShapeDependsOnWhoReceivedWhatInWhichOrderAndNotOnValues() {
        Footprint one = footprint(lostRing("1"));
        assertEquals(one.shape(), footprint(lostRing("\"another\"")).shape());
        String earlier = lostRing("1").replace("delay = 1s", "delay = 10ms");
        assertNotEquals(one.shape(), footprint(earlier).shape());
        // As late, but nothing comes before or after anything else.
        assertEquals(
                one.shape(),
                footprint(lostRing("1").replace("delay = 1s", "delay = 1010ms")).shape());
    }

    @Test
    void aWorldThatIsWatchedGoesAsOneThatIsNot() {
        Scenario scenario = ScenarioLoader.parse("story.conf", lostRing("1"));
        Watch watch = new Watch(scenario, new Names());
        Run watched = ScenarioRunner.run(
                SIMULATION, scenario, 5, Schedule.USUAL.chooser(5), watch, List.of(), watch::watched);
        Run alone = ScenarioRunner.run(SIMULATION, scenario, 5, WorldObserver.NONE);
        assertEquals(alone.history().events(), watched.history().events());
        assertEquals(alone.simulated(), watched.simulated());
        assertTrue(alone.verdicts().values().stream().allMatch(Verdict.Holds.class::isInstance));
    }
}
