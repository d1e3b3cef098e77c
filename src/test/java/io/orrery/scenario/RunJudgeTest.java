package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.check.Witness;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunJudgeTest {
    private static final Verdict VIOLATED =
            new Verdict.Violated(new Witness("StaleRead", "bob read x = 1.", List.of(), List.of(), null));
    private static final Verdict UNDECIDED = new Verdict.Undecided(Verdict.Cause.TIME, "the time was spent");

    private static Run.Check compare(boolean expected, Verdict verdict) {
        Scenario.Expected all = new Scenario.Expected(Map.of(Model.SEQUENTIAL, expected), Map.of(Model.SEQUENTIAL, 7));
        return RunJudge.compare(all, Map.of(Model.SEQUENTIAL, verdict)).get(0);
    }

    @Test
    void whatIsExpectedToHoldMustHold() {
        assertEquals(Run.Result.MET, compare(true, Verdict.HOLDS).result());
        Run.Check unmet = compare(true, VIOLATED);
        assertEquals(Run.Result.UNMET, unmet.result());
        assertEquals("sequential", unmet.expected());
        assertEquals("violated (StaleRead): bob read x = 1.", unmet.problem());
        assertEquals(7, unmet.line().getAsInt());
    }

    @Test
    void whatIsExpectedToBeViolatedMustBe() {
        assertEquals(Run.Result.MET, compare(false, VIOLATED).result());
        Run.Check unmet = compare(false, Verdict.HOLDS);
        assertEquals(Run.Result.UNMET, unmet.result());
        assertEquals("not sequential", unmet.expected());
        assertEquals("it holds", unmet.problem());
    }

    @Test
    void undecidedMeetsNeither() {
        for (boolean expected : new boolean[] {true, false}) {
            Run.Check check = compare(expected, UNDECIDED);
            assertEquals(Run.Result.UNDECIDED, check.result());
            assertEquals("undecided: the time was spent", check.problem());
        }
    }

    @Test
    void convergenceIsJudgedFromWhatTheReplicasHold() {
        String apart = """
                protocol = lamport-lww
                replicas = [A, B]
                settle   = 1s
                steps = [
                  { at = 0s, partition = [[A], [B]] }
                  { at = 1s, via = A, put = { key = x, value = 1 } }
                ]
                expect { converged = %s }
                """;
        assertTrue(run(apart.formatted("false")).holds());
        Run unmet = run(apart.formatted("true"));
        assertTrue(unmet.isViolated());
        assertEquals(
                "violated (Diverged): at the end A has the writes {A: 1}, and B has the writes {}.",
                unmet.checks().get(0).problem());
    }

    private static Run run(String scenario) {
        try (Simulation simulation = Simulation.start()) {
            return ScenarioRunner.run(simulation, ScenarioLoader.parse("apart.conf", scenario), 1, WorldObserver.NONE);
        }
    }
}
