package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.loop.Schedule;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SmallFindingsTest {
    private final StringWriter err = new StringWriter();
    private final SmallFindings smallFindings = new SmallFindings(new PrintWriter(err, true));

    private static Finding finding(Model model) {
        return finding("late.conf", model);
    }

    private static Finding finding(String file, Model model) {
        Scenario scenario = ScenarioLoader.parse(file, """
                protocol = lamport-lww
                replicas = [A, B]
                links = [{ delay = 10ms }]
                steps = [
                  { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
                  { at = 5ms, via = B, client = bob, get = x }
                ]
                """);
        return new Finding(Kind.of(model), scenario, 1, Schedule.USUAL, "as somebody said");
    }

    private Set<Finding> small(List<Finding> findings) {
        return smallFindings
                .of(findings, 1, finding -> "./run.sh shrink", finding -> "late")
                .keySet();
    }

    @Test
    void whatCannotBeMadeSmallIsSaidAndTheOthersAre() {
        Finding shown = finding(Model.LINEARIZABLE);
        assertEquals(Set.of(shown), small(List.of(finding(Model.CAUSAL_CCV), shown)));
        assertTrue(err.toString().startsWith("model causal-ccv cannot be made small: "), err.toString());
    }

    @Test
    void filesOfOneNameDoNotWriteOverEachOther() {
        List<Finding> findings =
                List.of(finding("a/late.conf", Model.LINEARIZABLE), finding("b/late.conf", Model.LINEARIZABLE));
        assertEquals(
                List.of("late-linearizable.conf", "late-2-linearizable.conf"),
                smallFindings.of(findings, 1, finding -> "./run.sh shrink", finding -> "late").values().stream()
                        .map(SmallScenario::name)
                        .toList());
    }

    @Test
    void afterASignalNothingIsMadeSmall() {
        smallFindings.interrupt();
        assertEquals(Set.of(), small(List.of(finding(Model.LINEARIZABLE))));
        assertEquals("", err.toString());
        assertFalse(Thread.interrupted());
    }
}
