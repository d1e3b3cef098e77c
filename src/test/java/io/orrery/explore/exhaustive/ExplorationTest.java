package io.orrery.explore.exhaustive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.ScenarioLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExplorationTest {
    private static final int MOST = 20_000;

    static Exploration.Report explore(String text, int depth) {
        int[] left = {MOST};
        return new Exploration(ScenarioLoader.parse("test.conf", text), depth).explore(() -> --left[0] == 0);
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

    /** A leader talks more, so that fewer operations give as many orders. */
    private static String led(ProtocolType type, String expected) {
        return "title = test, protocol = " + type.name() + ", replicas = [A, B], steps = ["
                + "{ at = 0s, client = a, via = A, put = { key = x, value = 1 } }"
                + ", { at = 1s, client = b, via = B, get = x }"
                + ", { at = 2s, client = b, via = B, get = x }], expect { " + expected + " }";
    }

    /** What each protocol promises holds in all executions of a small scenario. */
    @TestFactory
    List<DynamicTest> promisesHoldInAllExecutions() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ProtocolType type : Protocols.all()) {
            tests.add(DynamicTest.dynamicTest(type.name(), () -> {
                String expected = type.promises().models().stream()
                        .map(it -> it + " = true")
                        .collect(Collectors.joining(", "));
                Exploration.Report report = explore(type.hasLeader() ? led(type, expected) : chain(type, expected), 0);
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
        List<String> order = violated.example();
        assertTrue(
                order.indexOf("C gets from B: update y = 2 1@B") < order.indexOf("C gets from A: update x = 1 1@A"),
                order::toString);
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
