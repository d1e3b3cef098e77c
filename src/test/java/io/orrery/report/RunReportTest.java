package io.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private static final String STALE = """
            protocol = lamport-lww
            replicas = [A, B]
            links    = [{ delay = 1s }]
            steps = [
              { at = 0s,    via = A, client = alice, put = { key = x, value = 1 } }
              { at = 500ms, via = B, client = bob,   get = x, expect = null }
            ]
            expect { converged = true, linearizable = %s }
            """;

    private static Run run(String file, String scenario) {
        try (Simulation simulation = Simulation.start()) {
            Scenario read = ScenarioLoader.parse(file, scenario);
            return ScenarioRunner.run(simulation, read, 1, WorldObserver.NONE, List.of(Model.values()));
        }
    }

    private static List<String> lines(List<Run> runs) {
        return lines(runs, Integer.MAX_VALUE);
    }

    private static List<String> lines(List<Run> runs, int width) {
        RunTable table = RunTable.of(runs.stream().map(Run::scenario).toList(), true, width);
        List<String> lines = new ArrayList<>(List.of(table.head()));
        runs.forEach(run -> lines.add(table.line(run)));
        lines.addAll(RunReport.notes(runs, table));
        return lines;
    }

    @Test
    void verdictsStandInColumnsAndWhatWasExpectedNeedsNoWords() {
        List<String> lines = lines(List.of(run("stale.conf", STALE.formatted("false"))));
        assertEquals(5, lines.size());
        assertTrue(lines.get(2).startsWith("seed 1; seen: "), lines.get(2));
        assertEquals(
                "scenario  protocol      seen  lin seq cc cm ccv pram ryw mr mw wfr con  virtual", start(lines.get(0)));
        assertEquals(
                "stale     lamport-lww    3/3  ✗   ✓   ✓  ✓  ✓   ✓    ✓   ✓  ✓  ✓   ✓     1.00 s", start(lines.get(1)));
    }

    private static String start(String line) {
        return line.substring(0, line.lastIndexOf("  ")).stripTrailing();
    }

    @Test
    void aVerdictThatWasNotExpectedComesWithItsWitness() {
        Run run = run("stale.conf", STALE.formatted("true"));
        assertTrue(run.isViolated());
        List<String> lines = lines(List.of(run));
        assertEquals("stale.conf:8: expected linearizable, and it is violated", lines.get(5));
        assertTrue(
                lines.get(6).startsWith("  VersionsAgainstTime: bob read x = nothing, which \"alice wrote"),
                lines.get(6));
        assertTrue(
                lines.contains("    0.500000 to 0.500000 s  bob read x = nothing              at B"), lines.toString());
        var json = RunReport.json(List.of(run)).get(0);
        assertEquals("linearizable", json.get("verdicts").get(0).get("model").textValue());
        assertEquals("violated", json.get("verdicts").get(0).get("verdict").textValue());
        assertEquals(
                2, json.get("verdicts").get(0).get("witness").get("operations").size());
    }

    @Test
    void theLongestNamesFitInto120Columns() {
        Run run = run("primary-blocking-linearizable.conf", """
                protocol = primary-linearizable
                replicas = [A, B]
                steps    = [{ at = 0s, via = A, get = x, expect = null }]
                expect   { linearizable = false, causal-ccv = false }
                """);
        Run longest = new Run(
                run.scenario(),
                run.seed(),
                run.checks(),
                run.history(),
                run.verdicts(),
                Duration.ofMillis(123),
                Optional.of(new Run.Simulated(Duration.ofMillis(123_456), 1, 1)),
                List.of());
        List<String> lines = lines(List.of(longest));
        assertEquals("primary-blocking-linearizable.conf:4: expected not linearizable, and it holds", lines.get(5));
        for (String line : lines) {
            assertTrue(line.codePointCount(0, line.length()) <= 120, line);
        }
        List<String> narrow = lines(List.of(longest), 80);
        assertTrue(narrow.contains("Protocols and times are left out to fit; --width 120 shows them."));
        for (String line : narrow.subList(0, 6)) {
            assertTrue(line.codePointCount(0, line.length()) <= 80, line);
        }
        assertEquals(lines, lines(List.of(longest), lines.get(0).length()));
    }

    /** Lines that are told one by one stand below each other all the same. */
    @Test
    void aLineIsAsWideAsThoseThatWillCome() {
        Run run = run("stale.conf", STALE.formatted("false"));
        Run other = run("a-longer-name.conf", STALE.formatted("false"));
        RunTable table = RunTable.of(List.of(run.scenario(), other.scenario()), true, Integer.MAX_VALUE);
        assertEquals(table.line(run).indexOf("lamport-lww"), table.line(other).indexOf("lamport-lww"));
        assertEquals(table.line(run).indexOf("✓"), table.line(other).indexOf("✓"));
    }

    @Test
    void undecidedIsNeitherMetNorViolated() {
        Run run = run("stale.conf", STALE.formatted("false"));
        Run.Check undecided = new Run.Check(
                run.checks().get(2).line(),
                Optional.of(Model.LINEARIZABLE),
                "linearizable",
                Run.Result.UNDECIDED,
                "undecided: no time");
        Run other = new Run(
                run.scenario(),
                1,
                List.of(undecided),
                run.history(),
                Map.of(Model.LINEARIZABLE, new Verdict.Undecided(Verdict.Cause.TIME, "no time")),
                run.wallTime(),
                run.simulated(),
                List.of());
        assertTrue(!other.holds() && !other.isViolated());
        List<String> lines = lines(List.of(other));
        assertEquals("stale     lamport-lww    0/1  ?", lines.get(1).substring(0, 31));
        assertEquals("stale.conf:8: expected linearizable, and it is undecided", lines.get(5));
        assertEquals("  no time", lines.get(6));
    }
}
