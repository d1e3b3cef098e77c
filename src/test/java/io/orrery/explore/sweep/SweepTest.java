package io.orrery.explore.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.loop.Strategy;
import io.orrery.model.NodeId;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.report.SweepReport;
import io.orrery.scenario.RandomFaults;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SweepTest {
    /** Carol reads at C what Bob has at B, or not, as the links will have it. */
    private static final String RACE = """
            protocol = lamport-lww
            replicas = [A, B, C]
            steps = [
              { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
              { at = 4ms, via = B, client = bob, get = x }
              { at = 6ms, via = C, client = carol, get = x }
              { at = 10ms, via = C, client = carol, get = x, expect = 1 }
            ]
            """;

    private static final String LINEARIZABLE = "expect { linearizable = true, converged = true }\n";

    private static Scenario race(String more) {
        return ScenarioLoader.parse("race.conf", RACE + more);
    }

    private static SweepPlan plan(Scenario scenario, long last, int threads) {
        return new SweepPlan(List.of(scenario), 1, last, Optional.empty(), false, threads, Strategy.RANDOM);
    }

    private static String text(SweepResult result) {
        SweepReport report = new SweepReport(result, finding -> "again with " + finding.seed(), Map.of());
        return report.title() + report.table() + report.notes() + report.json().without("speed");
    }

    private static Tally.Row row(SweepResult result, Kind kind) {
        return result.tallies().get(0).rows().stream()
                .filter(row -> row.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsSaidDoesNotDependOnTheNumberOfThreads() throws InterruptedException {
        Scenario scenario =
                race("faults { random = [crashes, loss], span = 0s..20ms }\ninvariants = all\n" + LINEARIZABLE);
        SweepResult one = new Sweep(plan(scenario, 60, 1)).run();
        assertEquals(60, one.worlds());
        assertEquals(text(one), text(new Sweep(plan(scenario, 60, 3)).run()));
    }

    @Test
    void countsAndFirstSeedsAreThoseOfTheRunsOneByOne() throws InterruptedException {
        Scenario scenario = race(LINEARIZABLE);
        SweepResult result = new Sweep(plan(scenario, 40, 2)).run();
        long violated = 0;
        long first = 0;
        try (Simulation simulation = Simulation.start()) {
            for (long seed = 40; seed >= 1; seed--) {
                Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
                if (run.verdicts().get(Model.LINEARIZABLE).word().equals("violated")) {
                    violated++;
                    first = seed;
                }
            }
        }
        assertTrue(violated > 0 && violated < 40, "a race has both ends, not " + violated);
        Tally.Row row = row(result, Kind.of(Model.LINEARIZABLE));
        assertEquals(violated, row.violated());
        assertEquals(40 - violated, row.held());
        assertEquals(first, row.firstViolated().orElseThrow());
        Finding finding = result.tallies().get(0).findings().get(0);
        assertEquals(Kind.of(Model.LINEARIZABLE), finding.kind());
        assertEquals(first, finding.seed());
        assertEquals(40, row(result, Kind.of(Model.CONVERGED)).held());
        assertTrue(result.isViolated());
        assertFalse(result.holds());
    }

    @Test
    void itCanEndWithTheFirstViolation() throws InterruptedException {
        Scenario scenario = race(LINEARIZABLE);
        long first = new Sweep(plan(scenario, 40, 1))
                .run()
                .tallies()
                .get(0)
                .findings()
                .get(0)
                .seed();
        for (int threads = 1; threads <= 3; threads++) {
            SweepResult result = new Sweep(new SweepPlan(
                            List.of(scenario), 1, Long.MAX_VALUE, Optional.empty(), true, threads, Strategy.RANDOM))
                    .run();
            assertEquals(SweepResult.End.VIOLATION, result.end());
            assertEquals(first, result.worlds());
        }
    }

    @Test
    void itEndsWhenItsTimeIsOver() throws InterruptedException {
        SweepResult result = endedByTime(Duration.ofMillis(1));
        // A busy machine may play no world in so short a time.
        for (int millis = 2; result.worlds() == 0; millis *= 2) {
            assertEquals(SweepResult.End.TIME, result.end());
            result = endedByTime(Duration.ofMillis(millis));
        }
        assertEquals(SweepResult.End.TIME, result.end());
        assertEquals(
                text(result),
                text(new Sweep(plan(race(LINEARIZABLE), result.worlds(), 1)).run())
                        .replace("\"end\":\"seeds\"", "\"end\":\"time\""));
    }

    private static SweepResult endedByTime(Duration time) throws InterruptedException {
        return new Sweep(new SweepPlan(
                        List.of(race(LINEARIZABLE)), 1, Long.MAX_VALUE, Optional.of(time), false, 2, Strategy.RANDOM))
                .run();
    }

    @Test
    void whoEndsItGetsWhatThereIs() throws InterruptedException {
        Sweep sweep = new Sweep(plan(race(LINEARIZABLE), Long.MAX_VALUE, 2));
        sweep.interrupt();
        SweepResult result = sweep.run();
        assertEquals(SweepResult.End.INTERRUPTED, result.end());
        assertEquals(0, result.worlds());
        assertFalse(result.holds());
        assertFalse(result.isViolated());
    }

    @Test
    void faultsThatNeverFiredAreSaidFirst() throws InterruptedException {
        // Nothing is sent any more when they begin.
        Scenario scenario =
                race("faults { random = [duplicates], span = 9ms..10ms }\nanti-entropy = 1h\n" + LINEARIZABLE);
        SweepResult result = new Sweep(plan(scenario, 30, 2)).run();
        assertEquals(
                List.of(RandomFaults.Kind.DUPLICATES),
                result.tallies().get(0).neverFired().stream()
                        .map(Tally.Faults::kind)
                        .toList());
        String first = new SweepReport(result, finding -> "", Map.of()).notes().get(0);
        assertTrue(first.startsWith("NEVER FIRED in 30 worlds: duplicates ("), first);
    }

    @Test
    void aReplicaThatFailsSpoilsNoOtherWorld() throws InterruptedException {
        ProtocolType fails = Meddled.type(
                Protocols.named("lamport-lww"),
                "fails where A hears of the other two in one order",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    private String heard = "";

                    @Override
                    public void message(NodeId from, Message message) {
                        heard += from;
                        if (heard.equals("CB") && settings.self().name().equals("A")) {
                            throw new UnsupportedOperationException("C before B");
                        }
                        super.message(from, message);
                    }
                });
        Scenario read = race(LINEARIZABLE);
        Scenario scenario =
                read.with(fails, read.links(), read.workload(), read.steps()).expecting(read.expected());
        SweepResult result = new Sweep(plan(scenario, 40, 2)).run();
        Tally.Row failures = result.tallies().get(0).rows().stream()
                .filter(row -> row.kind().sort() == Kind.Sort.FAILURE)
                .findFirst()
                .orElseThrow();
        Tally.Row converged = row(result, Kind.of(Model.CONVERGED));
        assertEquals(40, failures.violated() + converged.held());
        assertTrue(converged.held() > 0 && failures.violated() > 0, text(result));
        assertEquals(text(result), text(new Sweep(plan(scenario, 40, 1)).run()));
    }

    @Test
    void severalProtocolsAreJudgedSeedBySeed() throws InterruptedException {
        List<Scenario> scenarios = Stream.of("lamport-lww", "primary-linearizable")
                .map(name -> ScenarioLoader.parse("race.conf", RACE.replace("lamport-lww", name) + LINEARIZABLE))
                .toList();
        SweepResult result =
                new Sweep(new SweepPlan(scenarios, 1, 30, Optional.empty(), false, 2, Strategy.RANDOM)).run();
        assertEquals(
                List.of(30L, 30L), result.tallies().stream().map(Tally::worlds).toList());
        assertFalse(result.tallies().get(0).findings().isEmpty());
        assertEquals(
                30,
                result.tallies().get(1).rows().stream()
                        .filter(row -> row.kind().equals(Kind.of(Model.LINEARIZABLE)))
                        .findFirst()
                        .orElseThrow()
                        .held());
    }

    @Test
    void aPlanPlaysSomething() {
        assertThrows(IllegalArgumentException.class, () -> plan(race(LINEARIZABLE), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> plan(race(LINEARIZABLE), 1, 0));
        assertEquals(Long.MAX_VALUE, plan(race(LINEARIZABLE), Long.MAX_VALUE, 1).worlds());
        assertEquals(5, plan(race(LINEARIZABLE), 5, 1).worlds());
    }
}
