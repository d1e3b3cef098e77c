package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Verdict;
import io.orrery.history.Op;
import io.orrery.report.diagram.Diagram.Fate;
import io.orrery.report.diagram.Diagram.Kind;
import io.orrery.simulation.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagramBuilderTest {
    /** Loss, duplication, crash, wipe, pause and partition: all that there is. */
    private static Drawn load;

    private static Drawn ring;

    @BeforeAll
    static void play() {
        load = Drawn.file("lamport-load");
        ring = Drawn.file("cops-lost-ring");
    }

    private static long count(Class<?> type) {
        return load.events().stream().filter(type::isInstance).count();
    }

    private static Diagram.Moment moment(Drawn drawn, int number) {
        return drawn.diagram().moments().get(number);
    }

    @Test
    void whereAFileLiesMakesNoDifferenceToItsPicture(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("one.conf"), """
                protocol = lamport-lww
                replicas = [A]
                steps = [{ at = 1s, via = A, get = x }]
                """);
        Path elsewhere =
                Files.copy(file, Files.createDirectory(dir.resolve("else")).resolve("one.conf"));
        assertEquals(
                SvgDiagram.of(Drawn.file(file).diagram()),
                SvgDiagram.of(Drawn.file(elsewhere).diagram()));
        assertEquals(
                ReportPage.of(Drawn.file(file).diagram()),
                ReportPage.of(Drawn.file(elsewhere).diagram()));
        Path shipped = Path.of("scenarios", "lamport-delay.conf");
        assertEquals(
                "scenarios/lamport-delay.conf",
                Drawn.file(shipped.toAbsolutePath()).diagram().head().file());
    }

    @Test
    void eachEventIsAMomentWithItsTime() {
        Diagram diagram = load.diagram();
        assertEquals(load.events().size(), diagram.moments().size());
        for (Diagram.Moment moment : diagram.moments()) {
            assertEquals(load.events().get(moment.number()).nanos(), moment.nanos());
        }
    }

    @Test
    void eachMessageIsThereOnceAndEndsAsItDid() {
        long lost = count(TraceEvent.Lost.class);
        long delivered = count(TraceEvent.Delivered.class);
        assertTrue(lost > 0 && delivered > 0);
        List<Diagram.Message> messages = load.diagram().messages();
        assertEquals(
                lost, messages.stream().filter(it -> it.fate() == Fate.LOST).count());
        assertEquals(
                delivered,
                messages.stream().filter(it -> it.fate() == Fate.ARRIVED).count());
        long sent = messages.stream()
                .filter(it -> moment(load, it.sent()).kind() == Kind.SENT)
                .count();
        assertEquals(count(TraceEvent.Sent.class), sent);
        for (Diagram.Message message : messages) {
            assertEquals(message.fate() == Fate.LOST, message.loss().isPresent());
            if (message.fate() == Fate.ARRIVED) {
                Diagram.Moment arrival = moment(load, message.ended().orElseThrow());
                assertEquals(message.to(), arrival.lane());
                assertEquals(moment(load, message.sent()).nanos() + message.delayNanos(), arrival.nanos());
                assertEquals(message.sent(), arrival.cause().orElseThrow());
            }
        }
    }

    @Test
    void eachOperationIsThereOnceUnderTheNumberThatItHasInTheHistory() {
        List<Op> ops = load.run().history().ops();
        assertEquals(ops.size(), load.diagram().operations().size());
        for (Diagram.Operation operation : load.diagram().operations()) {
            Op op = ops.get(operation.number());
            assertEquals(
                    op.invocation().time(), moment(load, operation.invoked()).nanos());
            assertEquals(
                    op.node().name(),
                    load.diagram().lanes().get(operation.via()).name());
            assertEquals(op.isRead(), operation.isRead());
            assertEquals(op.isOk(), operation.answer() == Diagram.Answer.DONE, operation.text());
        }
    }

    @Test
    void whatReplicasHoldAtTheEndIsWhatTheMomentsSay() {
        SortedMap<String, SortedMap<String, String>> stores = new TreeMap<>();
        for (Diagram.Moment moment : load.diagram().moments()) {
            if (moment.lane() == Diagram.EVERYWHERE) {
                continue;
            }
            SortedMap<String, String> store = stores.computeIfAbsent(
                    load.diagram().lanes().get(moment.lane()).name(), key -> new TreeMap<>());
            if (moment.kind() == Kind.STOPPED || moment.kind() == Kind.STARTED) {
                store.clear();
            }
            moment.holds().forEach(held -> store.put(held.key(), held.version()));
        }
        stores.keySet().retainAll(load.stores().keySet());
        assertEquals(load.stores(), stores);
    }

    @Test
    void outagesLastFromTheStopToTheStart() {
        Diagram diagram = load.diagram();
        assertTrue(diagram.outages().stream().anyMatch(Diagram.Outage::isPause));
        for (Diagram.Outage outage : diagram.outages()) {
            assertEquals(
                    outage.isPause() ? Kind.PAUSED : Kind.STOPPED,
                    moment(load, outage.from()).kind());
            assertEquals(
                    outage.isPause() ? Kind.RESUMED : Kind.STARTED,
                    moment(load, outage.ended().orElseThrow()).kind());
        }
        assertEquals(
                diagram.moments().stream()
                        .filter(it -> it.kind() == Kind.STOPPED)
                        .count(),
                diagram.outages().stream().filter(it -> !it.isPause()).count());
    }

    @Test
    void aPartitionLastsUntilTheHeal() {
        Diagram.Disturbance partition = load.diagram().disturbances().stream()
                .filter(Diagram.Disturbance::isPartition)
                .findFirst()
                .orElseThrow();
        assertEquals("heal all", moment(load, partition.ended().orElseThrow()).text());
    }

    @Test
    void aHeldWriteWaitsUntilWhatItNeedsIsThere() {
        List<Diagram.Wait> waits = ring.diagram().waits();
        Diagram.Wait glad = waits.stream()
                .filter(it -> it.waitsFor().equals("y at 2@1"))
                .findFirst()
                .orElseThrow();
        assertEquals("3", ring.diagram().lanes().get(glad.lane()).name());
        Diagram.Moment released = moment(ring, glad.ended().orElseThrow());
        assertEquals(Kind.APPLIED, released.kind());
        assertEquals(5_000_000_000L, released.nanos());
        assertTrue(released.text().startsWith("applied z = \"glad\""), released.text());
    }

    @Test
    void whatIsHeldIsLostWithTheReplica() {
        Drawn drawn = Drawn.text("""
                protocol = vector-causal
                replicas = [A, B, C]
                links    = [{ from = A, to = C, delay = 3s }, { from = A, to = B, delay = 1ms }, { from = B, to = C, delay = 1ms }]
                patience = 1m
                anti-entropy = 1m
                steps = [
                  { at = 0s,     via = A, client = a, put = { key = x, value = 1 } }
                  { at = 100ms,  via = B, client = b, put = { key = y, value = 2 } }
                  { at = 200ms,  crash = C }
                ]
                expect { converged = true }
                """);
        Diagram.Wait wait = drawn.diagram().waits().get(0);
        assertEquals(Kind.STOPPED, moment(drawn, wait.ended().orElseThrow()).kind());
        assertEquals(1, drawn.diagram().waits().size());
    }

    @Test
    void clientsAreBesideTheReplicaThatTheyAskFirst() {
        List<String> lanes =
                ring.diagram().lanes().stream().map(Diagram.Lane::name).toList();
        assertEquals(List.of("1", "alice", "2", "bob", "3", "carol"), lanes);
    }

    @Test
    void anOperationIsCausedByItsClientAndItsAnswerByTheReplica() {
        Diagram.Operation first = ring.diagram().operations().get(0);
        Diagram.Moment taken = ring.diagram().moments().stream()
                .filter(it -> it.kind() == Kind.RECEIVED)
                .findFirst()
                .orElseThrow();
        assertEquals(first.invoked(), taken.cause().orElseThrow());
        int answered = moment(ring, first.returned().orElseThrow()).cause().orElseThrow();
        assertEquals(first.via(), moment(ring, answered).lane());
        assertTrue(answered > taken.number() && answered < first.returned().getAsInt());
    }

    @Test
    void aFindingNamesTheOperationsOfItsWitness() {
        Diagram.Finding finding = ring.diagram().findings().get(0);
        assertEquals("linearizable", finding.model());
        assertEquals("violated", finding.verdict());
        assertFalse(finding.expected().orElseThrow());
        Verdict.Violated verdict =
                (Verdict.Violated) ring.run().verdicts().values().iterator().next();
        assertTrue(finding.why().endsWith(verdict.witness().explanation()), finding.why());
        List<String> named = finding.operations().stream()
                .map(number -> ring.diagram().operations().get(number).label())
                .toList();
        assertEquals(List.of("put y=\"found\"", "get y → nothing"), named);
    }
}
