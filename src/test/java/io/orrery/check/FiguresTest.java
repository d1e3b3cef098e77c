package io.orrery.check;

import static io.orrery.check.ModelsTest.steps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.bench.CheckBenchmark;
import io.orrery.bench.HistoryGenerator;
import io.orrery.check.RandomHistories.Shape;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Convergence, staleness, and the histories that the checkers are measured on. */
class FiguresTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final Key X = Key.of("x");

    private static Convergence.Content held(int value, String version) {
        return new Convergence.Content(Value.of(value), Version.parse(version));
    }

    @Test
    void replicasThatHoldTheSameHaveConverged() {
        Convergence.Content tombstone = new Convergence.Content(null, Version.of(4, "A"));
        assertEquals(
                Verdict.HOLDS,
                Convergence.check(
                        Map.of(A, Map.of(X, held(1, "2@A"), Key.of("gone"), tombstone), B, Map.of(X, held(1, "2@A")))));
        assertEquals(Verdict.HOLDS, Convergence.check(Map.of()));
    }

    @Test
    void replicasThatDifferInValueVersionOrKeyHaveNot() {
        assertEquals(
                "at the end A holds x = 1 at version 2@A, and B holds x = 1 at version 3@B.",
                difference(Map.of(X, held(1, "2@A")), Map.of(X, held(1, "3@B"))));
        assertEquals(
                "at the end A holds x = nothing, and B holds x = 1 at version 3@B.",
                difference(Map.of(), Map.of(X, held(1, "3@B"))));
        assertEquals(
                "at the end A holds x = nothing at version 4@A, and B holds x = nothing at version 5@A.",
                difference(
                        Map.of(X, new Convergence.Content(null, Version.of(4, "A"))),
                        Map.of(X, new Convergence.Content(null, Version.of(5, "A")))));
    }

    private static String difference(Map<Key, Convergence.Content> a, Map<Key, Convergence.Content> b) {
        return assertInstanceOf(Verdict.Violated.class, Convergence.check(Map.of(A, a, B, b)))
                .witness()
                .explanation();
    }

    @Test
    void aReadIsBehindByTheNewerWritesThatHadCompleted() {
        // Each step takes two nanoseconds: the writes complete at 1, 3 and 5, the reads begin at 6, 8 and 10.
        History history = steps("a w x 1", "a w x 2", "a w x 3", "b r x 1", "b r x 3", "b r x -");
        Staleness staleness = Staleness.of(history, CheckOptions.DEFAULT);
        assertEquals(3, staleness.reads());
        assertEquals(new Staleness.Figures(2, 3, 3), staleness.versions());
        assertEquals(new Staleness.Figures(3, 9, 9), staleness.nanos());
    }

    @Test
    void versionsSayWhatIsNewer() {
        History history = steps("a w x 1 5@A", "b w x 2 3@B", "c r x 1 5@A", "c r x 2 3@B");
        assertEquals(
                new Staleness.Figures(0, 1, 1),
                Staleness.of(history, CheckOptions.DEFAULT).versions());
        assertEquals(
                new Staleness.Figures(0, 1, 1),
                Staleness.of(history, CheckOptions.DEFAULT.withoutVersions()).versions());
        assertEquals(
                new Staleness.Figures(0, 5, 5),
                Staleness.of(history, CheckOptions.DEFAULT).nanos());
        assertEquals(
                new Staleness.Figures(0, 1, 1),
                Staleness.of(history, CheckOptions.DEFAULT.withoutVersions()).nanos());
    }

    @Test
    void nothingIsStaleByLessThanNoTime() {
        Event write = Event.invokeWrite(1_000, "a", X, Value.of(1));
        Event read = Event.invokeRead(500, "r", X);
        History history = History.of(List.of(
                write,
                Event.ok(2_000, "a", Event.Function.WRITE, X, Value.of(1), null),
                read,
                Event.ok(600, "r", Event.Function.READ, X, null, null)));
        Staleness staleness = Staleness.of(history, CheckOptions.DEFAULT);
        assertEquals(new Staleness.Figures(1, 1, 1), staleness.versions());
        assertEquals(new Staleness.Figures(0, 0, 0), staleness.nanos());
    }

    @Test
    void stalenessIsThatOfItsDefinition() {
        for (int seed = 0; seed < 2_000; seed++) {
            History history = RandomHistories.next(
                    new SplittableRandom(seed), Shape.of(3, 20, 2).withUnknowns());
            List<Long> expected = new ArrayList<>();
            for (Op read : history.ops()) {
                if (read.isRead() && read.isOk()) {
                    Op write = history.ops().stream()
                            .filter(w -> w.isWrite()
                                    && w.key().equals(read.key())
                                    && w.value().equals(read.value()))
                            .findFirst()
                            .orElse(null);
                    if (write == null && read.value() != null || write != null && write.isFailed()) {
                        continue;
                    }
                    long from = write == null ? -1 : write.completedAt();
                    expected.add(history.ops().stream()
                            .filter(w -> w.isWrite() && w.isOk() && w.key().equals(read.key()))
                            .filter(w -> w.invokedAt() > from && w.completedAt() < read.invokedAt())
                            .count());
                }
            }
            Staleness staleness = Staleness.of(history, CheckOptions.DEFAULT);
            assertEquals(expected.size(), staleness.reads());
            assertEquals(
                    Staleness.Figures.of(
                            expected.stream().mapToLong(Long::longValue).toArray()),
                    staleness.versions());
        }
    }

    @Test
    void generatedHistoriesAreWhatTheyAreMadeToBe() {
        for (int seed = 0; seed < 20; seed++) {
            assertHolds(HistoryGenerator.linearizable(400, 5, 3, seed), Model.LINEARIZABLE);
            assertHolds(HistoryGenerator.sequential(400, 5, 3, seed), Model.SEQUENTIAL);
            assertHolds(HistoryGenerator.convergent(400, 5, 3, seed), Model.CAUSAL_CCV);
        }
        assertEquals(
                "violated",
                Checker.check(HistoryGenerator.sequential(400, 5, 3, 1), Model.LINEARIZABLE, CheckOptions.DEFAULT)
                        .word());
        assertEquals(
                "violated",
                Checker.check(HistoryGenerator.convergent(400, 5, 3, 1), Model.SEQUENTIAL, CheckOptions.DEFAULT)
                        .word());
    }

    private static void assertHolds(History history, Model model) {
        assertEquals(Verdict.HOLDS, Checker.check(history, model, CheckOptions.DEFAULT), model.id());
    }

    @Test
    void aLargeHistoryWithOneBadReadHasASmallWitness() {
        History good = HistoryGenerator.convergent(20_000, 20, 50, 7);
        List<Event> events = new ArrayList<>(good.events());
        Op read = good.ops().stream()
                .filter(op -> op.isRead() && op.number() > 15_000)
                .findFirst()
                .orElseThrow();
        Op first = good.ops().stream()
                .filter(op -> op.isWrite() && op.key().equals(read.key()))
                .findFirst()
                .orElseThrow();
        Event old = read.completion();
        events.set(read.completedAt(), Event.ok(old.time(), old.process(), old.f(), old.key(), first.value(), null));
        for (Model model : List.of(Model.CAUSAL_CC, Model.CAUSAL_CM, Model.CAUSAL_CCV, Model.SEQUENTIAL)) {
            Verdict verdict = Checker.check(History.of(events), model, CheckOptions.DEFAULT);
            Witness witness = assertInstanceOf(Verdict.Violated.class, verdict).witness();
            assertTrue(witness.operations().size() <= 12, witness.toString());
        }
    }

    @Test
    void benchmarkCasesAreMeasured() {
        CheckBenchmark.Figure figure =
                new CheckBenchmark(3, 1).measure(new CheckBenchmark.Case(Model.CAUSAL_CCV, 2_000, 5, 10, null));
        assertEquals(2_000, figure.operations());
        assertTrue(figure.isMet() && figure.seconds().lowest() > 0);
    }
}
