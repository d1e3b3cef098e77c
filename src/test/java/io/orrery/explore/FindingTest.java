package io.orrery.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.loop.Schedule;
import io.orrery.model.NodeId;
import io.orrery.model.Outcome;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.Request;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {
    private static final String STALE = """
            protocol = lamport-lww
            replicas = [A, B]
            links    = [{ delay = 3s }]
            steps = [
              { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
              { at = 1s, via = B, client = bob, get = x, expect = 1 }
            ]
            expect { linearizable = true, sequential = false, converged = true }
            """;

    private static Run run(Scenario scenario) {
        try (Simulation simulation = Simulation.start()) {
            return ScenarioRunner.run(simulation, scenario, 7, WorldObserver.NONE);
        }
    }

    @Test
    void eachUnmetExpectationIsAFindingOfItsKind() {
        Scenario scenario = ScenarioLoader.parse("stale.conf", STALE);
        List<Finding> findings = Finding.of(scenario, 7, Schedule.USUAL, run(scenario));
        assertEquals(
                List.of(
                        new Kind(Kind.Sort.EXPECTATION, "B read x"),
                        Kind.of(Model.LINEARIZABLE),
                        new Kind(Kind.Sort.EXPECTATION, "not sequential")),
                findings.stream().map(Finding::kind).toList());
        assertEquals("expected 1, saw null", findings.get(0).sentence());
        assertEquals(scenario, findings.get(0).scenario());
        assertEquals(7, findings.get(0).seed());
    }

    @Test
    void aBrokenInvariantIsAFindingOfItsName() {
        ProtocolType bad = Meddled.type(
                Protocols.named("lamport-lww"),
                "answered twice",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    protected void reply(Request request, Outcome outcome) {
                        super.reply(request, outcome);
                        super.reply(request, outcome);
                    }
                });
        Scenario read = ScenarioLoader.parse("twice.conf", STALE + "\ninvariants = all\n");
        Scenario scenario =
                read.with(bad, read.links(), read.workload(), read.steps()).expecting(read.expected());
        assertTrue(Finding.of(scenario, 7, Schedule.USUAL, run(scenario)).stream()
                .anyMatch(it -> it.kind().equals(new Kind(Kind.Sort.INVARIANT, "answered-once"))));
    }

    @Test
    void aReplicaThatFailsIsAFindingWithItsCause() {
        ProtocolType failing = Meddled.type(
                Protocols.named("lamport-lww"),
                "fails",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    public void message(NodeId from, Message message) {
                        throw new UnsupportedOperationException("not this one");
                    }
                });
        Scenario read = ScenarioLoader.parse("stale.conf", STALE);
        Scenario scenario = read.with(failing, read.links(), read.workload(), read.steps());
        RuntimeException failure = assertThrows(RuntimeException.class, () -> run(scenario));
        Finding finding = Finding.of(scenario, 7, Schedule.USUAL, failure);
        assertEquals(new Kind(Kind.Sort.FAILURE, "UnsupportedOperationException in FindingTest"), finding.kind());
        assertTrue(finding.sentence().contains("not this one"), finding::sentence);
    }
}
