package io.orrery.explore.exhaustive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.Kind;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ProtocolType.Leadership;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.Run;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.zoo.Zoo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplorationTest {
    private static final int MOST = 20_000;

    /** At most one message for each write and replica, and an acknowledgement. */
    private static final Set<Leadership> TALKS_LITTLE =
            EnumSet.of(Leadership.NONE, Leadership.ALONE, Leadership.QUORUM);

    static Exploration.Report explore(String text, int depth) {
        Exploration exploration = new Exploration(ScenarioLoader.parse("test.conf", text), depth);
        return exploration.explore(() -> exploration.executions() == MOST);
    }

    private static String scenario(String protocol, String steps, String expected) {
        return "title = test, protocol = " + protocol + ", replicas = [A, B, C], steps = [" + steps + "], expect { "
                + expected + " }";
    }

    /**
     * Two writes at different replicas, which each go to two others: at A and at B the other's write comes before or after
     * the own one, at C in one of two orders. Not both can come before the own one that causes it: 3 * 2.
     */
    @Test
    void twoWritesThatMeet() {
        Exploration.Report report = explore(
                scenario(
                        "last-arrival",
                        "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                                + ", { at = 0s, client = b, via = B, put = { key = x, value = 2 } }",
                        "converged = false"),
                0);
        assertEquals(6, report.result().executions());
        assertTrue(report.result().isComplete());
        assertEquals("met", report.expectations().get(0).result(), report.toString());
        assertEquals(
                Set.of(
                        "A: x = 2; B: x = 1; C: x = 1",
                        "A: x = 2; B: x = 1; C: x = 2",
                        "A: x = 1; B: x = 1; C: x = 1",
                        "A: x = 1; B: x = 1; C: x = 2",
                        "A: x = 2; B: x = 2; C: x = 1",
                        "A: x = 2; B: x = 2; C: x = 2"),
                report.states().stream().map(Exploration.Count::what).collect(Collectors.toSet()));
    }

    private static String chain(ProtocolType type, String expected) {
        return scenario(
                type.name(),
                "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                        + ", { at = 1s, client = b, via = B, get = x }"
                        + ", { at = 2s, client = b, via = B, put = { key = y, value = 2 } }"
                        + ", { at = 3s, client = c, via = C, get = y }"
                        + ", { at = 4s, client = c, via = C, get = x }",
                expected);
    }

    /** Where each operation asks several replicas, they talk more, so that fewer operations give as many orders. */
    private static String led(ProtocolType type, String expected) {
        return "title = test, protocol = " + type.name() + ", replicas = [A, B], steps = ["
                + "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                + ", { at = 0s, client = b, via = B, put = { key = x, value = 2 } }"
                + ", { at = 1s, client = b, via = B, get = x }], expect { " + expected + " }";
    }

    /**
     * Two clients write at different replicas of three. All that the leader gets may come in any order: a forwarded write, and
     * where writes wait for followers four acknowledgements.
     */
    @ParameterizedTest
    @CsvSource({
        "primary-linearizable, 347",
        "primary-sequential, 347",
        "primary-causal, 28",
        "primary-eventual, 28",
        "leader-quorum, 4"
    })
    void twoWritesThroughALeader(String protocol, long executions) {
        ProtocolType type = Protocols.named(protocol);
        Exploration.Report report = explore(
                "invariants = all, "
                        + scenario(
                                protocol,
                                "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                                        + ", { at = 0s, client = b, via = B, put = { key = x, value = 2 } }",
                                promises(type)),
                0);
        assertEquals(executions, report.result().executions());
        assertTrue(report.result().isComplete());
        assertFalse(report.isViolated(), report::toString);
        assertTrue(report.isDecided(), report::toString);
    }

    private static String promises(ProtocolType type) {
        return type.promises().models().stream().map(it -> it + " = true").collect(Collectors.joining(", "));
    }

    /** What each protocol promises holds in all executions of a small scenario, and all invariants after each event. */
    @TestFactory
    List<DynamicTest> promisesHoldInAllExecutions() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ProtocolType type : Protocols.all()) {
            tests.add(DynamicTest.dynamicTest(type.name(), () -> {
                String expected = promises(type);
                String text = TALKS_LITTLE.contains(type.leadership()) ? chain(type, expected) : led(type, expected);
                Exploration.Report report = explore("invariants = all, " + text, 0);
                assertTrue(report.result().isComplete(), () -> "about " + report.result());
                assertFalse(report.isViolated(), report::toString);
                assertTrue(report.isDecided(), report::toString);
            }));
        }
        return tests;
    }

    /** A write that depends on another overtakes it: this needs one order of all 48. */
    @Test
    void theOneOrderThatBreaksCausality() {
        Exploration.Report report = explore(
                scenario(
                        "last-arrival",
                        "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                                + ", { at = 1s, client = b, via = B, get = x }"
                                + ", { at = 2s, client = b, via = B, put = { key = y, value = 2 } }"
                                + ", { at = 3s, client = c, via = C, get = y }"
                                + ", { at = 4s, client = c, via = C, get = x }",
                        "causal-ccv = true"),
                0);
        Exploration.Judged judged = report.expectations().get(0);
        assertEquals("unmet", judged.result());
        assertEquals(48, report.result().executions());
        Exploration.Count violated = judged.seen().stream()
                .filter(it -> it.what().startsWith("violated"))
                .findFirst()
                .orElseThrow();
        assertEquals(1, violated.executions());
        // Without what has no part in it: that y arrives at A, and that x arrives at C in the end.
        assertEquals(
                List.of(
                        "a asks A: Write[key=x, value=1]",
                        "B gets from A: update x = 1 1@A",
                        "b asks B: Read[key=x]",
                        "b asks B: Write[key=y, value=2]",
                        "C gets from B: update y = 2 1@B",
                        "c asks C: Read[key=y]",
                        "c asks C: Read[key=x]"),
                violated.example());
    }

    /** Of all executions that show something the one is told in which the fewest messages are overtaken. */
    @Test
    void theExampleOfAnEndIsTheOneWithTheFewestReorderings() {
        Exploration.Report report = explore(
                scenario(
                        "last-arrival",
                        "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                                + ", { at = 1s, client = a, via = A, put = { key = x, value = 2 } }",
                        "converged = false"),
                0);
        assertEquals(
                List.of(
                        "a asks A: Write[key=x, value=1]",
                        "B gets from A: update x = 1 1@A",
                        "C gets from A: update x = 1 1@A",
                        "a asks A: Write[key=x, value=2]",
                        "B gets from A: update x = 2 2@A",
                        "C gets from A: update x = 2 2@A"),
                example(report, "A: x = 2; B: x = 2; C: x = 2"));
        assertEquals(
                List.of(
                        "a asks A: Write[key=x, value=1]",
                        "B gets from A: update x = 1 1@A",
                        "a asks A: Write[key=x, value=2]",
                        "B gets from A: update x = 2 2@A",
                        "C gets from A: update x = 2 2@A",
                        "C gets from A: update x = 1 1@A"),
                example(report, "A: x = 2; B: x = 2; C: x = 1"));
    }

    private static List<String> example(Exploration.Report report, String end) {
        return report.states().stream()
                .filter(it -> it.what().equals(end))
                .findFirst()
                .orElseThrow()
                .example();
    }

    private static String watched(String protocol, String invariants) {
        return "title = test, protocol = " + protocol + ", replicas = [A, B, C], invariants = " + invariants
                + ", steps = [" + "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }]";
    }

    /** The disks of the followers are counted when the leader answers: at that step, in each execution. */
    @Test
    void aBrokenInvariantIsAVerdictWithTheStepsThatLeadToIt() {
        Exploration.Report report = explore(watched("zoo-answer-before-commit", "[acknowledged-is-on-disk]"), 0);
        Exploration.Judged judged = report.expectations().get(0);
        assertEquals("invariant acknowledged-is-on-disk", judged.expected(), report::toString);
        assertEquals("unmet", judged.result());
        assertEquals(report.result().executions(), judged.seen().get(0).executions());
        assertTrue(judged.seen().get(0).what().contains("1 of the 2 disks"), report::toString);
        assertEquals(
                List.of("a asks A: Write[key=x, value=1]"), judged.seen().get(0).example());
    }

    @Test
    void invariantsThatHoldAreTold() {
        Exploration.Report report = explore(watched("zoo-primary", "[acknowledged-is-on-disk, acknowledged-stays]"), 0);
        assertEquals("invariants", report.expectations().get(0).expected(), report::toString);
        assertEquals("met", report.expectations().get(0).result());
    }

    @Test
    void invariantsAboutTimeAreRefusedByName() {
        String text = watched("zoo-primary", "[nothing-is-stuck]");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> explore(text, 0));
        assertTrue(refused.getMessage().contains("about time"), refused::getMessage);
    }

    /** What an execution shows a scenario in time shows too, and the other way round nothing is invented. */
    @Test
    void aViolationIsRetoldInTime() {
        Exploration.Report report =
                explore(chain(Zoo.named("dependency-dropped").type(), "causal-ccv = true"), 0);
        Exploration.Violation violation = report.violations().get(0);
        assertEquals(Kind.of(Model.CAUSAL_CCV), violation.kind());
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(simulation, violation.retold().orElseThrow(), 1, WorldObserver.NONE);
            assertTrue(run.verdicts().get(Model.CAUSAL_CCV) instanceof Verdict.Violated, run::toString);
        }
    }

    /**
     * B crashes and comes back while a write is under way to it, and says hello. If A has the write before the hello, it
     * arrives before the crash, between, or after the restart before the answer (3); or after the answer, on which B has
     * fetched it, before or after what was fetched (2). If the hello comes first, it arrives before or after the answer (2).
     */
    @Test
    void aCrashComesAtAnyTime() {
        Exploration.Report report = explore(
                "title = test, protocol = last-arrival, replicas = [A, B], steps = ["
                        + "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                        + ", { at = 1s, crash = B }, { at = 2s, restart = B }], expect { converged = true }",
                0);
        assertEquals(7, report.result().executions(), report::toString);
        assertEquals("met", report.expectations().get(0).result(), report::toString);
        assertEquals(
                Set.of("A: x = 1; B: x = 1"),
                report.states().stream().map(Exploration.Count::what).collect(Collectors.toSet()));
    }

    /** With a timer at each replica there is more to see. */
    @Test
    void timersFire() {
        String text = scenario(
                "lamport-lww", "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }", "converged = true");
        Exploration.Report without = explore(text, 0);
        Exploration.Report with = explore(text.replace("[A, B, C]", "[A, B]"), 1);
        assertEquals(1, without.result().executions());
        assertTrue(with.result().executions() > 1, with::toString);
        assertFalse(with.isViolated(), with::toString);
    }

    @Test
    void aWorkloadIsRefused() {
        String text = "title = test, protocol = cops, replicas = [A, B], workload { clients = 2, operations = 9 }";
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> explore(text, 0));
        assertTrue(refused.getMessage().contains("as steps"), refused::getMessage);
    }
}
