package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.RandomHistories.Shape;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each checker against {@link Definitions}, on small random histories of all kinds. */
class DefinitionsTest {
    private static final List<Model> MODELS =
            Arrays.stream(Model.values()).filter(Model::judgesHistories).toList();

    static String text(History history) {
        StringWriter out = new StringWriter();
        try (HistoryWriter writer = HistoryWriter.jsonLines(out)) {
            writer.append(history);
        }
        return out.toString();
    }

    private static boolean hasCas(History history) {
        return history.ops().stream().anyMatch(op -> op.isCas() && !op.isFailed());
    }

    private static void compare(int from, int to, int operations) {
        Map<Model, Map<String, Integer>> counts = new EnumMap<>(Model.class);
        for (int seed = from; seed < to; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            History history = RandomHistories.next(random, Shape.any(random, operations));
            CheckOptions checkOptions =
                    random.nextInt(8) == 0 ? CheckOptions.DEFAULT.withInitial(Value.of(0)) : CheckOptions.DEFAULT;
            checkOptions = random.nextInt(8) == 0 ? checkOptions.withoutVersions() : checkOptions;
            Map<Model, Verdict> hurried =
                    Checker.check(history, MODELS, checkOptions.withStates(1 + random.nextInt(100)));
            for (Model model : MODELS) {
                boolean outside = hasCas(history) && model != Model.LINEARIZABLE && model != Model.SEQUENTIAL;
                Verdict verdict = Checker.check(history, model, checkOptions);
                String expected = new Definitions(history, checkOptions).verdict(model);
                if (!hurried.get(model).word().equals("undecided")) {
                    int shown = seed;
                    assertEquals(
                            expected,
                            hurried.get(model).word(),
                            () -> model + " with others, seed " + shown + ": " + hurried + "\n" + text(history));
                }
                if (!outside || !verdict.word().equals("undecided")) {
                    int shown = seed;
                    assertEquals(
                            expected,
                            verdict.word(),
                            () -> model + ", seed " + shown + ": " + verdict + "\n" + text(history));
                    counts.computeIfAbsent(model, m -> new TreeMap<>()).merge(expected, 1, Integer::sum);
                }
            }
        }
        counts.forEach((model, words) -> {
            int least = (to - from) / 50;
            assertTrue(words.get("holds") > least && words.get("violated") > least, "a poor mix: " + counts);
        });
    }

    @Test
    void smallHistoriesHaveTheVerdictsOfTheDefinitions() {
        compare(0, 10_000, 7);
    }

    @Test
    void whatIsShownOfAHistoryWithVersionsAloneIsAViolation() {
        Map<String, Integer> patterns = new TreeMap<>();
        for (int seed = 0; seed < 6_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Shape shape = Shape.any(random, 10).withVersions();
            History history =
                    RandomHistories.next(random, random.nextBoolean() ? shape.withDeletes() : shape.repeated());
            for (Model model : List.of(Model.LINEARIZABLE, Model.SEQUENTIAL)) {
                if (Checker.check(history, model, CheckOptions.DEFAULT) instanceof Verdict.Violated violated
                        && !violated.witness().pattern().equals("ThinAirRead")
                        && !violated.witness().explanation().startsWith("Values repeat")) {
                    History shown = ModelsTest.only(history, violated.witness().operations());
                    int at = seed;
                    assertEquals(
                            "violated",
                            new Definitions(shown, CheckOptions.DEFAULT).verdict(model),
                            () -> model + ", seed " + at + ": " + violated + "\n" + text(history));
                    patterns.merge(violated.witness().pattern(), 1, Integer::sum);
                }
            }
        }
        assertTrue(patterns.get("NoLinearization") > 20 && patterns.get("NoSequentialOrder") > 20, patterns.toString());
    }

    /** With reads of the start that overlap everything, each of which may as well have seen any delete. */
    private static History withOpenReads(History history, int reads) {
        List<Event> events = new ArrayList<>();
        Key key = Key.of("k0");
        for (int i = 0; i < reads; i++) {
            events.add(Event.invokeRead(0, "open" + i, key));
        }
        events.addAll(history.events());
        for (int i = 0; i < reads; i++) {
            events.add(Event.ok(0, "open" + i, Event.Function.READ, key, null, null));
        }
        return History.of(events);
    }

    /** What is not decided within fewer tries mostly needs all that there are, which takes most of the time. */
    @Test
    void tooManyWaysToMatchReadsWithWritesHideAVerdictAtMost() {
        int undecided = undecided(CheckOptions.DEFAULT.withStates(100_000));
        assertTrue(undecided < 100, undecided + " undecided");
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void soTheyDoWithTheUsualBudget() {
        int undecided = undecided(CheckOptions.DEFAULT);
        assertTrue(undecided < 100, undecided + " undecided");
    }

    /** How many verdicts are not decided; all others are those of the definitions. */
    private static int undecided(CheckOptions checkOptions) {
        int undecided = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            History history = RandomHistories.next(random, Shape.any(random, 7).withDeletes());
            History open = withOpenReads(history, 10);
            for (Model model : MODELS) {
                String expected = new Definitions(history, CheckOptions.DEFAULT).verdict(model);
                Verdict verdict = Checker.check(open, model, checkOptions);
                boolean searched = model == Model.LINEARIZABLE || model == Model.SEQUENTIAL;
                if (searched || !verdict.word().equals("undecided")) {
                    int shown = seed;
                    assertEquals(
                            expected,
                            verdict.word(),
                            () -> model + ", seed " + shown + ": " + verdict + "\n" + text(open));
                } else {
                    undecided += hasCas(history) ? 0 : 1;
                }
            }
        }
        return undecided;
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void manySmallHistoriesHaveTheVerdictsOfTheDefinitions() {
        compare(10_000, 150_000, 8);
    }
}
