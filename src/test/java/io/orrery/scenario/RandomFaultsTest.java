package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.launch.ClusterRunner;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import io.orrery.protocol.ReplicaView;
import io.orrery.report.RunReport;
import io.orrery.report.RunTable;
import io.orrery.scenario.RandomFaults.Kind;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomFaultsTest {
    private static final String HEAD = """
            protocol = cops
            replicas = [A, B, C]
            workload { clients = 3, operations = 100, think-time = 20ms }
            """;
    private static final String ALL =
            Stream.of(Kind.values()).map(Kind::toString).collect(Collectors.joining(", ", "[", "]"));

    private static Scenario load(String faults) {
        return ScenarioLoader.parse("some.conf", HEAD + faults);
    }

    private static Run run(Scenario scenario, long seed, WorldObserver observer) {
        try (Simulation simulation = Simulation.start()) {
            return ScenarioRunner.run(simulation, scenario, seed, observer);
        }
    }

    @Test
    void aSeedMakesAPlanWithinTheSpan() {
        Scenario scenario = load("faults { random = " + ALL + ", span = 200ms..700ms, rates { crashes = 5 } }");
        assertEquals(scenario.plan(7), scenario.plan(7));
        assertNotEquals(scenario.plan(7), scenario.plan(8));
        for (long seed = 0; seed < 200; seed++) {
            for (Episode episode : scenario.plan(seed)) {
                assertTrue(episode.from().compareTo(Duration.ofMillis(200)) >= 0, episode::toString);
                assertTrue(episode.to().compareTo(Duration.ofMillis(700)) <= 0, episode::toString);
                assertTrue(episode.from().compareTo(episode.to()) <= 0, episode::toString);
            }
        }
    }

    @Test
    void eachPlanHasSomeOfTheKinds() {
        Scenario scenario = load("faults { random = " + ALL + ", span = 0s..1s }");
        Set<Set<Kind>> combinations = new HashSet<>();
        Set<Kind> seen = EnumSet.noneOf(Kind.class);
        for (long seed = 0; seed < 200; seed++) {
            Set<Kind> kinds = scenario.plan(seed).stream().map(Episode::kind).collect(Collectors.toSet());
            assertFalse(kinds.isEmpty());
            combinations.add(kinds);
            seen.addAll(kinds);
        }
        assertEquals(EnumSet.allOf(Kind.class), seen);
        assertTrue(combinations.size() > 100, combinations::toString);
    }

    @Test
    void anotherKindBesideItChangesNothingOfAFault() {
        Scenario three = load("faults { random = [crashes, loss, pauses], span = 0s..1s }");
        long seed = seedOfAll(three);
        List<Episode> alone =
                load("faults { random = [pauses], span = 0s..1s }").plan(seed);
        assertEquals(
                alone,
                three.plan(seed).stream().filter(it -> it.kind() == Kind.PAUSES).toList());
    }

    /** The first seed that takes all kinds. */
    private static long seedOfAll(Scenario scenario) {
        Set<Kind> all = scenario.random().orElseThrow().kinds();
        long seed = 0;
        while (!scenario.plan(seed).stream()
                .map(Episode::kind)
                .collect(Collectors.toSet())
                .equals(all)) {
            seed++;
        }
        return seed;
    }

    @Test
    void aRateIsHowManyThereAreOnAverage() {
        Scenario scenario = load("faults { random = [crashes], span = 0s..1s, rates { crashes = 10 } }");
        int sum = 0;
        for (long seed = 0; seed < 400; seed++) {
            sum += scenario.plan(seed).size();
        }
        assertEquals(10, sum / 400.0, 1);
    }

    /** Nothing is restarted that runs, unless a disk had nothing to sync, or a twin of what was down has begun. */
    @Test
    void whateverWasDoneIsUndoneInTheEnd() {
        Scenario scenario = load("links = [{ loss = 0.1, delay = 2ms }, { from = A, to = B, duplicate = 0.2 }]\n"
                + "faults { random = " + ALL.replace("disks, ", "").replace("twins, ", "")
                + ", span = 0s..1s, rates { crashes = 4, delays = 4 } }");
        for (long seed = 0; seed < 60; seed++) {
            Ends ends = new Ends();
            run(scenario, seed, ends);
            assertEquals(Set.of("A", "B", "C"), ends.running, "seed " + seed);
            assertEquals(ends.atFirst, ends.links(), "seed " + seed);
            assertEquals(0, ends.restartsOfWhatRan, "seed " + seed);
        }
    }

    private static final class Ends implements WorldObserver {
        private final Set<String> running = new HashSet<>();
        private World world;
        private List<Links.LinkState> atFirst;
        private int restartsOfWhatRan;

        @Override
        public void began(World began) {
            world = began;
            running.addAll(Set.of("A", "B", "C"));
            // The links of the scenario count from the first step on.
            world.plan(Duration.ZERO, () -> atFirst = links());
        }

        List<Links.LinkState> links() {
            return world.links().states().stream()
                    .map(it -> new Links.LinkState(it.from(), it.to(), it.rule(), it.special(), it.partitioned(), 0))
                    .toList();
        }

        @Override
        public void faulted(Fault fault) {
            if (fault instanceof Fault.Restart restart
                    && running.contains(restart.replica().name())) {
                restartsOfWhatRan++;
            }
        }

        @Override
        public void started(NodeId at, long incarnation, ReplicaView view) {
            running.add(at.name());
        }

        @Override
        public void stopped(NodeId at) {
            running.remove(at.name());
        }
    }

    @Test
    void theReportSaysWhichFired() {
        Scenario scenario =
                load("faults { random = [crashes, loss, pauses], span = 0s..600ms, rates { crashes = 6 } }");
        Run run = run(scenario, seedOfAll(scenario), WorldObserver.NONE);
        Map<Kind, Run.FaultCount> counts =
                run.faults().stream().collect(Collectors.toMap(Run.FaultCount::kind, it -> it));
        assertEquals(Set.of(Kind.CRASHES, Kind.LOSS, Kind.PAUSES), counts.keySet());
        for (Run.FaultCount count : run.faults()) {
            assertTrue(count.planned() > 0 && count.fired() > 0, count::toString);
            assertTrue(count.fired() <= count.planned(), count::toString);
        }
        RunTable table = RunTable.of(List.of(scenario), true, 120);
        String told = RunReport.notes(List.of(run), table).get(3);
        assertEquals(
                "some.conf: random faults that fired: "
                        + run.faults().stream()
                                .map(it -> it.kind() + " " + it.fired() + " of " + it.planned())
                                .collect(Collectors.joining(", ")),
                told);
        assertEquals(
                "{\"kind\":\"crashes\",\"planned\":" + counts.get(Kind.CRASHES).planned() + ",\"fired\":"
                        + counts.get(Kind.CRASHES).fired() + "}",
                RunReport.json(List.of(run)).get(0).get("faults").get(0).toString());
    }

    @Test
    void aClockThatWasWrongHasFiredAndIsRightInTheEnd() {
        Scenario scenario = load("timers { clocks { A = 1.25 } }\n"
                + "faults { random = [clocks], span = 0s..500ms, rates { clocks = 8 } }");
        Run.FaultCount clocks = run(scenario, 1, WorldObserver.NONE).faults().get(0);
        assertTrue(clocks.fired() > 0, clocks::toString);
        Set<String> seen = new HashSet<>();
        List<Episode> plans = LongStream.rangeClosed(1, 5)
                .boxed()
                .flatMap(seed -> scenario.plan(seed).stream())
                .toList();
        for (Episode episode : plans) {
            if (episode.fault() instanceof Fault.ClockRate wrong) {
                seen.add(wrong.rate() > 1 ? "fast" : "slow");
                double usual = wrong.replica().name().equals("A") ? 1.25 : 1;
                assertEquals(List.of(new Fault.ClockRate(wrong.replica(), usual)), episode.ends());
            } else {
                seen.add(((Fault.ClockJump) episode.fault()).back() ? "back" : "ahead");
            }
        }
        assertEquals(Set.of("fast", "slow", "back", "ahead"), seen);
    }

    /** A second crash of what is down, and a loss where nothing is sent, did nothing. */
    @Test
    void whatDidNothingHasNotFired() {
        Scenario calm = ScenarioLoader.parse("calm.conf", """
                protocol = cops
                replicas = [A, B]
                anti-entropy = 1h
                steps = [{ at = 2s, via = A, put = { key = x, value = 1 } }]
                faults { random = [loss], span = 0s..1s, rates { loss = 5 } }
                """);
        Run.FaultCount loss = run(calm, 1, WorldObserver.NONE).faults().get(0);
        assertTrue(loss.planned() > 0);
        assertEquals(0, loss.fired());

        Scenario crowded = load("faults { random = [crashes], span = 0s..100ms, rates { crashes = 50 } }");
        Run.FaultCount crashes = run(crowded, 1, WorldObserver.NONE).faults().get(0);
        assertTrue(crashes.fired() > 0 && crashes.fired() < crashes.planned(), crashes::toString);
    }

    @Test
    void kindsThatThisSeedLeavesOutAreTold() {
        Scenario scenario = load("faults { random = [crashes, pauses], span = 0s..1s }");
        for (long seed = 0; ; seed++) {
            if (scenario.plan(seed).stream().noneMatch(it -> it.kind() == Kind.PAUSES)) {
                Run run = run(scenario, seed, WorldObserver.NONE);
                String told = RunReport.notes(List.of(run), RunTable.of(List.of(scenario), true, 120))
                        .get(3);
                assertTrue(told.endsWith("; none planned: pauses"), told);
                return;
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            random = [crashs] | there are no random faults "crashs"; did you mean crashes?
            random = [meteors] | there are no random faults "meteors"; there are: crashes, wipes, restores, twins, power, disks, \
            pauses, slowdowns, partitions, resets, loss, duplicates, delays, clocks
            random = [] | random faults have one kind or more; there are: crashes, wipes
            random = [loss, loss] | a kind of fault is named twice in [loss, loss]
            random = [loss], span = 5s | a span is two times, such as 0s..5s, not 5s
            random = [loss], span = 5s..1s | a span ends later than it begins, and 5s..1s does not
            random = [loss], span = 0s..100000h | span is a time of at most 480h, not 0s..100000h
            random = [loss], span = 2h..3h | the run is over at 2224.02s at the latest, so faults from 7200s on can hit nothing
            random = [loss], rates { crashes = 1 } | there is no key "crashes" here; there are: loss
            random = [loss], rates { loss = 0 } | loss is a whole number, from 1 to 1000, not 0
            span = 0s..1s | "random" is missing
            random = [loss], when = 0s | there is no key "when" here; there are: random, rates, span
            """)
    void whatCannotBeIsAnErrorAtItsLine(String faults, String problem) {
        String said = assertThrows(ConfigProblem.class, () -> load("faults { " + faults + " }"))
                .getMessage();
        assertTrue(said.startsWith("some.conf:4: " + problem), said);
    }

    @Test
    void oneReplicaHasNoLinks() {
        String said = assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("one.conf", """
                        protocol = cops
                        replicas = [A]
                        workload { operations = 10 }
                        faults.random = [crashes, partitions]
                        """))
                .getMessage();
        assertEquals(
                "one.conf:4: partitions need two replicas or more, and there is A alone; it can have: crashes, wipes,"
                        + " restores, twins, power, disks, pauses, slowdowns, clocks",
                said);
    }

    @Test
    void aSpanAfterTheLastStepCanHitNothing() {
        String said = assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("late.conf", """
                        protocol = cops
                        replicas = [A, B]
                        steps = [{ at = 2s, via = A, put = { key = x, value = 1 } }]
                        faults { random = [crashes], span = 2s..3s }
                        """))
                .getMessage();
        assertEquals("late.conf:4: the run is over at 2s, so faults from 2s on can hit nothing", said);
    }

    @Test
    void aRunWithoutTimeLeavesNoneForFaults() {
        String said = assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("short.conf", """
                        protocol = cops
                        replicas = [A, B]
                        steps = [{ at = 0s, via = A, put = { key = x, value = 1 } }]
                        faults.random = [crashes]
                        """))
                .getMessage();
        assertTrue(said.startsWith("short.conf:4: all steps are at 0s"), said);
    }

    @Test
    void aClusterHasNoFaultsOfTheSimulation() {
        ClusterRunner.requirePlayable(load("faults { random = [crashes, wipes, pauses, partitions, loss, delays] }"));
        String said = assertThrows(
                        ConfigProblem.class,
                        () -> ClusterRunner.requirePlayable(load("faults { random = [crashes, disks] }")))
                .getMessage();
        assertEquals(
                "some.conf:4: only in a simulation there are disks; leave them out, or play it without --cluster",
                said);
    }

    /** On a cluster times are stretched after the plan is made. */
    @Test
    void aPlanIsMadeOfStepsOfTheScenario() {
        Scenario scenario = load("faults { random = [crashes], span = 0s..1s }");
        Scenario planned = scenario.withPlannedFaults(1);
        assertTrue(planned.random().isEmpty());
        assertEquals(
                scenario.plannedFaults(1).get(0).planned(),
                planned.steps().stream()
                        .filter(it -> it instanceof Step.Inject inject && inject.fault() instanceof Fault.Crash)
                        .count());
    }
}
