package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.RandomHistories.Shape;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.model.Value;
import java.io.StringWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Each checker against its twin, on small random histories. */
class TwinTest {
    private static final int HISTORIES = 10_000;

    private static void compare(Model model, Predicate<Twins> twin, Shape... shapes) {
        compare(model, Options.DEFAULT, twin, shapes);
    }

    private static void compare(Model model, Options options, Predicate<Twins> twin, Shape... shapes) {
        int holds = 0;
        int violated = 0;
        int undecided = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Shape shape = shapes[seed % shapes.length];
            History history = RandomHistories.next(new SplittableRandom(seed * 31L + model.ordinal()), shape);
            Verdict verdict = Checker.check(history, model, options);
            if (verdict instanceof Verdict.Undecided) {
                undecided++;
                continue;
            }
            boolean expected = new Twins(history, options.versions(), options.initial()).withSomeVersions(twin);
            int shown = seed;
            assertEquals(
                    expected ? "holds" : "violated",
                    verdict.word(),
                    () -> model + ", seed " + shown + ": " + verdict + "\n" + text(history));
            holds += expected ? 1 : 0;
            violated += expected ? 0 : 1;
        }
        String counts = model + ": " + holds + " hold, " + violated + " violated, " + undecided + " undecided";
        assertTrue(holds > HISTORIES / 20 && violated > HISTORIES / 20, "a poor mix: " + counts);
        // Only an unknown write that was read leaves these few without a verdict.
        assertTrue(undecided <= HISTORIES / 10, "too many without a verdict: " + counts);
    }

    static String text(History history) {
        StringWriter out = new StringWriter();
        try (HistoryWriter writer = HistoryWriter.jsonLines(out)) {
            writer.append(history);
        }
        return out.toString();
    }

    @Test
    void linearizable() {
        Shape small = Shape.of(3, 6, 1);
        compare(
                Model.LINEARIZABLE,
                Twins::linearizable,
                small,
                small.withUnknowns(),
                small.repeated().withUnknowns(),
                small.withCas(),
                small.withCas().withUnknowns(),
                small.withDeletes().withUnknowns(),
                small.withVersions(),
                small.repeated().withDeletes().withVersions(),
                small.repeated().withDeletes().withVersions().withUnknowns(),
                Shape.of(3, 7, 2).withUnknowns(),
                Shape.of(2, 7, 1).withCas());
    }

    @Test
    void sequential() {
        Shape small = Shape.of(3, 6, 2);
        compare(
                Model.SEQUENTIAL,
                Twins::sequential,
                small,
                small.withUnknowns(),
                small.repeated().withUnknowns(),
                small.withCas(),
                small.withDeletes(),
                small.withVersions(),
                small.repeated().withDeletes().withVersions(),
                small.repeated().withDeletes().withVersions().withUnknowns(),
                Shape.of(2, 7, 3));
    }

    @Test
    void byValuesAloneAndFromAnotherInitialValue() {
        Options options = Options.DEFAULT.withoutVersions().withInitial(Value.of(0));
        Shape repeated = Shape.of(3, 6, 1).repeated();
        compare(
                Model.LINEARIZABLE,
                options,
                Twins::linearizable,
                repeated.withVersions(),
                repeated.withCas().withUnknowns(),
                repeated.withDeletes());
        compare(
                Model.SEQUENTIAL,
                options,
                Twins::sequential,
                repeated.withVersions(),
                repeated.withCas().withUnknowns());
    }

    private static final Shape THREE = Shape.of(3, 8, 2);
    private static final List<Shape> SHAPES = List.of(
            THREE,
            Shape.of(3, 8, 1),
            Shape.of(4, 8, 3).withUnknowns(),
            Shape.of(2, 8, 3),
            THREE.withVersions(),
            THREE.repeated().withDeletes().withVersions(),
            Shape.of(3, 7, 1).repeated().withDeletes().withVersions().withUnknowns(),
            Shape.of(3, 7, 2).repeated().withDeletes().withUnknowns());

    private static void compareCausal(Model model, Predicate<Twins> twin) {
        compare(model, twins -> twins.matched(twin), SHAPES.toArray(Shape[]::new));
    }

    @Test
    void causalConsistency() {
        compareCausal(Model.CAUSAL_CC, Twins::causalConsistency);
    }

    @Test
    void causalMemory() {
        compareCausal(Model.CAUSAL_CM, Twins::causalMemory);
    }

    @Test
    void causalConvergence() {
        compareCausal(Model.CAUSAL_CCV, Twins::causalConvergence);
    }

    @Test
    void pram() {
        compareCausal(Model.PRAM, Twins::pram);
    }

    @Test
    void sessionGuarantees() {
        Shape nodes = THREE.withNodes();
        for (Model model : List.of(
                Model.READ_YOUR_WRITES, Model.MONOTONIC_READS, Model.MONOTONIC_WRITES, Model.WRITES_FOLLOW_READS)) {
            compare(
                    model,
                    twins -> twins.matched(twin -> twin.session(model)),
                    THREE,
                    nodes,
                    Shape.of(3, 10, 1),
                    Shape.of(2, 10, 2),
                    nodes.withVersions(),
                    nodes.repeated().withDeletes().withUnknowns(),
                    THREE.repeated().withDeletes().withVersions(),
                    Shape.of(3, 8, 1).repeated().withDeletes().withVersions().withUnknowns());
        }
    }
}
