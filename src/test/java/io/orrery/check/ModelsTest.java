package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.RandomHistories.Shape;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.HistoryReader;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How the models relate, what witnesses say, and when there is no verdict. */
class ModelsTest {
    /** Which model implies which, where both have a verdict. */
    private static final Map<Model, Set<Model>> IMPLIES = new EnumMap<>(Map.of(
            Model.LINEARIZABLE, Set.of(Model.SEQUENTIAL),
            Model.SEQUENTIAL, Set.of(Model.CAUSAL_CM, Model.CAUSAL_CCV),
            Model.CAUSAL_CM, Set.of(Model.CAUSAL_CC, Model.PRAM),
            Model.CAUSAL_CCV,
                    Set.of(
                            Model.CAUSAL_CC,
                            Model.READ_YOUR_WRITES,
                            Model.MONOTONIC_READS,
                            Model.MONOTONIC_WRITES,
                            Model.WRITES_FOLLOW_READS)));

    static String word(History history, Model model) {
        return Checker.check(history, model, CheckOptions.DEFAULT).word();
    }

    static Witness witness(History history, Model model) {
        return assertInstanceOf(Verdict.Violated.class, Checker.check(history, model, CheckOptions.DEFAULT))
                .witness();
    }

    /**
     * Steps like {@code "alice w x 1"}, {@code "bob r x 1"}, {@code "bob r x -"} or {@code "bob d x"}, one after another,
     * perhaps with a version after that, and {@code at} and a replica at the end; of those with a capital, as in
     * {@code "bob D x"}, nobody knows how they ended.
     */
    static History steps(String... steps) {
        StringBuilder lines = new StringBuilder();
        int time = 0;
        for (String step : steps) {
            String[] parts = step.split(" at ");
            String[] word = parts[0].split(" ");
            String f = Map.of("w", "write", "r", "read", "d", "delete").get(word[1].toLowerCase(Locale.ROOT));
            String end = Character.isUpperCase(word[1].charAt(0)) ? "info" : "ok";
            String value = word.length < 4 ? "" : ",\"value\":" + (word[3].equals("-") ? "null" : word[3]);
            String version = word.length < 5 ? "" : ",\"version\":\"" + word[4] + "\"";
            String node = parts.length < 2 ? "" : ",\"node\":\"" + parts[1] + "\"";
            String common =
                    node + ",\"process\":\"" + word[0] + "\",\"f\":\"" + f + "\",\"key\":\"" + word[2] + "\"" + value;
            lines.append("{\"time\":").append(time++).append(common).append(",\"type\":\"invoke\"}\n");
            lines.append("{\"time\":")
                    .append(time++)
                    .append(common)
                    .append(version)
                    .append(",\"type\":\"" + end + "\"}\n");
        }
        return read(lines.toString());
    }

    /** A history from its lines. */
    static History read(String lines) {
        try {
            return HistoryReader.read(new StringReader(lines), "steps");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStrongerModelImpliesTheWeaker() {
        Shape three = Shape.of(3, 8, 2);
        List<Shape> shapes = List.of(
                three,
                Shape.of(3, 9, 1),
                three.withVersions(),
                three.withUnknowns(),
                three.repeated().withDeletes().withVersions().withNodes());
        Map<Model, Integer> shown = new EnumMap<>(Model.class);
        for (int seed = 0; seed < 10_000; seed++) {
            History history = RandomHistories.next(new SplittableRandom(seed), shapes.get(seed % shapes.size()));
            for (Map.Entry<Model, Set<Model>> entry : IMPLIES.entrySet()) {
                if (word(history, entry.getKey()).equals("holds")) {
                    for (Model weaker : entry.getValue()) {
                        Verdict verdict = Checker.check(history, weaker, CheckOptions.DEFAULT);
                        assertFalse(
                                verdict instanceof Verdict.Violated,
                                () -> entry.getKey() + " but not " + weaker + ": " + verdict + "\n"
                                        + DefinitionsTest.text(history));
                        shown.merge(weaker, 1, Integer::sum);
                    }
                }
            }
        }
        assertEquals(9, shown.size(), shown.toString());
    }

    @Test
    void causalConsistencyDoesNotImplyMonotonicReads() {
        // alice and bob write at the same time; carol reads one, the other, and the one again.
        History history = steps("alice w x 0", "bob w x 1", "carol r x 0", "carol r x 1", "carol r x 0");
        assertEquals("holds", word(history, Model.CAUSAL_CC));
        assertEquals("violated", word(history, Model.CAUSAL_CM));
        assertEquals("violated", word(history, Model.CAUSAL_CCV));
        assertEquals("violated", word(history, Model.MONOTONIC_READS));
        assertEquals("holds", word(history, Model.MONOTONIC_WRITES));
        assertEquals("holds", word(history, Model.WRITES_FOLLOW_READS));
        assertEquals("holds", word(history, Model.READ_YOUR_WRITES));
    }

    @Test
    void theFourGuaranteesAreFourThings() {
        assertOnly(Model.READ_YOUR_WRITES, steps("alice w x 1 1@A", "alice r x -"));
        assertOnly(Model.MONOTONIC_READS, steps("alice w x 1 1@A", "bob r x 1 1@A", "bob r x -"));
        String[] writes = {"alice w x 1 1@A", "alice w y 2 2@A", "bob r y 2 2@A at B", "bob r x - at B"};
        String[] reads = {
            "carol w x 1 1@A", "alice r x 1 1@A", "alice w y 2 2@A", "bob r y 2 2@A at B", "bob r x - at B"
        };
        assertOnly(Model.MONOTONIC_WRITES, steps(writes));
        assertOnly(Model.WRITES_FOLLOW_READS, steps(reads));
        // Another replica may not have the write yet, and where none is recorded it may have been another one.
        for (String[] history : List.of(writes, reads)) {
            for (String other : List.of("at C", "")) {
                history[history.length - 1] = ("bob r x - " + other).strip();
                assertOnly(null, steps(history));
            }
        }
    }

    @Test
    void aWriteFollowsWhatWasReadBeforeWhatWasRead() {
        String[] steps = {
            "alice w x 1", "bob r x 1", "bob w y 1", "carol r y 1", "carol w z 1", "dave r z 1 at A", "dave r x - at A"
        };
        assertOnly(Model.WRITES_FOLLOW_READS, steps(steps));
    }

    @Test
    void theOrderOfASessionsOwnWritesIsTakenForGrantedOnlyWhereThereAreNoVersions() {
        String[] steps = {"alice w x 1", "alice w x 2", "alice r x 1"};
        assertEquals("violated", word(steps(steps), Model.READ_YOUR_WRITES));
        steps[0] = "alice w x 1 2@A";
        Verdict.Undecided undecided = assertInstanceOf(
                Verdict.Undecided.class, Checker.check(steps(steps), Model.READ_YOUR_WRITES, CheckOptions.DEFAULT));
        assertEquals(Verdict.Cause.SCOPE, undecided.cause());
        assertEquals(
                "read-your-writes is violated only if writes of one session to one key took effect in the order in which "
                        + "it issued them, and not all versions are known that would tell",
                undecided.reason());
        steps[1] = "alice w x 2 1@A";
        assertEquals("holds", word(steps(steps), Model.READ_YOUR_WRITES));
        steps[1] = "alice w x 2 3@A";
        assertEquals("violated", word(steps(steps), Model.READ_YOUR_WRITES));
    }

    private static void assertOnly(Model broken, History history) {
        for (Model model : List.of(
                Model.READ_YOUR_WRITES, Model.MONOTONIC_READS, Model.MONOTONIC_WRITES, Model.WRITES_FOLLOW_READS)) {
            assertEquals(model == broken ? "violated" : "holds", word(history, model), model.id());
        }
    }

    @Test
    void anEmptyHistorySatisfiesEveryModel() {
        for (Model model : Model.values()) {
            assertEquals(model.judgesHistories() ? "holds" : "undecided", word(steps(), model), model.id());
        }
        assertEquals(0, Staleness.of(steps(), CheckOptions.DEFAULT).reads());
    }

    @Test
    void deletesAreWritesOfAbsence() {
        assertEquals(
                "holds", word(steps("a w x 1", "a d x", "b r x -", "a w x 2", "a d x", "b r x -"), Model.LINEARIZABLE));
        assertEquals("violated", word(steps("a w x 1", "a d x", "b r x 1"), Model.LINEARIZABLE));
        assertEquals("violated", word(steps("a w x 1", "b r x -", "a d x"), Model.LINEARIZABLE));
    }

    @Test
    void aWitnessSpeaksPlainly() {
        Witness stale = witness(steps("alice w x 1", "alice w x 2", "carol r x 2", "carol r x 1"), Model.CAUSAL_CC);
        assertEquals("WriteCORead", stale.pattern());
        assertEquals(
                "carol read x = 1 after reading x = 2, which had overwritten it (alice wrote x = 1, then wrote x = 2).",
                stale.explanation());
        assertEquals(4, stale.operations().size());
        assertEquals(
                "carol read x = nothing, as it was before the first write, although \"alice wrote x = 1\" had come causally "
                        + "before: alice wrote x = 1, then wrote y = 2; carol read y = 2, then read x = nothing.",
                witness(steps("alice w x 1", "alice w y 2", "carol r y 2", "carol r x -"), Model.CAUSAL_CCV)
                        .explanation());
        assertEquals(
                "bob read x = 7, but nobody wrote that value to x and it was not there at the start.",
                witness(steps("bob r x 7"), Model.PRAM).explanation());
        assertEquals(
                "bob read x = nothing, as it was before the first write, although bob had read x = 1 before.",
                witness(steps("alice w x 1", "bob r x 1", "bob r x -"), Model.MONOTONIC_READS)
                        .explanation());
    }

    @Test
    void aWitnessHasTheWriteThatFailedAndWasRead() {
        Event write = Event.invokeWrite(0, "a", Key.of("x"), Value.of(1));
        Event read = Event.invokeRead(2, "r", Key.of("x"));
        History history = History.of(List.of(
                write,
                write.fail(1, null),
                read,
                Event.ok(3, "r", Event.Function.READ, Key.of("x"), Value.of(1), null)));
        Witness witness = witness(history, Model.PRAM);
        assertEquals(
                "r read x = 1, but nobody wrote that value to x and it was not there at the start; \"a wrote x = 1 (failed)\" "
                        + "did not happen.",
                witness.explanation());
        assertEquals(history.ops(), witness.operations());
    }

    @Test
    void aLinearizabilityWitnessHasTheLongestOrderAndWhatHasNoPlace() {
        Witness witness = witness(
                steps("alice w x 1", "bob r x 1", "alice w x 2", "bob r x 2", "carol r x 1", "bob r x 2"),
                Model.LINEARIZABLE);
        assertEquals(
                List.of("alice wrote x = 1", "alice wrote x = 2", "carol read x = 1"),
                witness.operations().stream().map(Op::words).toList());
        assertEquals(
                "carol read x = 1, which \"alice wrote x = 2\" had overwritten: "
                        + "\"alice wrote x = 1\" ended before \"alice wrote x = 2\" began, so \"alice wrote x = 1\" came before "
                        + "\"alice wrote x = 2\"; but \"alice wrote x = 2\" ended before \"carol read x = 1\" began, so "
                        + "\"alice wrote x = 2\" came before \"alice wrote x = 1\".",
                witness.explanation());
        assertTrue(witness.partial().size() >= 2, witness.toString());
        assertFalse(witness.partial().contains(witness.unplaced()));
    }

    @Test
    void aWitnessAloneIsAViolationAndNothingCanBeLeftOut() {
        Shape three = Shape.of(3, 10, 2);
        List<Shape> shapes = List.of(
                three,
                three.withUnknowns(),
                Shape.of(3, 10, 1),
                three.withVersions(),
                three.withVersions().withUnknowns());
        int judged = 0;
        for (int seed = 0; seed < 1_500; seed++) {
            History history = RandomHistories.next(new SplittableRandom(seed), shapes.get(seed % shapes.size()));
            for (Model model : Model.values()) {
                if (Checker.check(history, model, CheckOptions.DEFAULT) instanceof Verdict.Violated violated
                        && !violated.witness().pattern().equals("ThinAirRead")) {
                    List<Op> ops = violated.witness().operations();
                    judged++;
                    int shown = seed;
                    assertEquals("violated", word(only(history, ops), model), () -> model + " seed " + shown);
                    for (Op op : ops) {
                        if (op.isRead()) {
                            List<Op> fewer = new ArrayList<>(ops);
                            fewer.remove(op);
                            assertEquals(
                                    "holds",
                                    word(only(history, fewer), model),
                                    () -> model + " seed " + shown + violated);
                        }
                    }
                }
            }
        }
        assertTrue(judged > 3_000, judged + " witnesses");
    }

    /** The events of some operations. */
    static History only(History history, List<Op> ops) {
        Set<Integer> places = ops.stream().map(Op::invokedAt).collect(Collectors.toSet());
        Set<Integer> ends = ops.stream().map(Op::completedAt).collect(Collectors.toSet());
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < history.events().size(); i++) {
            if (places.contains(i) || ends.contains(i)) {
                events.add(history.events().get(i));
            }
        }
        return History.of(events);
    }

    @Test
    void aSpentBudgetIsNoVerdict() {
        History history =
                RandomHistories.next(new SplittableRandom(3), Shape.of(4, 60, 1).withCas());
        Verdict.Undecided states = assertInstanceOf(
                Verdict.Undecided.class,
                Checker.check(
                        steps("a w x 1", "b w x 1", "b w x 2", "c r x 1"),
                        Model.SEQUENTIAL,
                        CheckOptions.DEFAULT.withStates(1)));
        assertEquals(Verdict.Cause.STATES, states.cause());
        assertEquals("the budget of 1 states was spent", states.reason());
        Verdict.Undecided time = assertInstanceOf(
                Verdict.Undecided.class,
                Checker.check(steps("a w x 1"), Model.CAUSAL_CC, CheckOptions.DEFAULT.withTime(Duration.ofNanos(1))));
        assertEquals(Verdict.Cause.TIME, time.cause());
        assertEquals(
                Verdict.Cause.SCOPE,
                assertInstanceOf(Verdict.Undecided.class, Checker.check(history, Model.PRAM, CheckOptions.DEFAULT))
                        .cause());
    }

    @Test
    void theInitialValueIsAnOption() {
        History history = steps("a r x 0", "b w x 1");
        assertEquals("violated", word(history, Model.LINEARIZABLE));
        assertEquals(
                "holds",
                Checker.check(history, Model.LINEARIZABLE, CheckOptions.DEFAULT.withInitial(Value.of(0)))
                        .word());
    }

    @Test
    void modelsHaveNames() {
        assertEquals(Model.CAUSAL_CCV, Model.parse("causal"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Model.parse("strict"))
                .getMessage()
                .startsWith("there is no model \"strict\"; there are linearizable, sequential,"));
        for (Model model : Model.values()) {
            assertEquals(model, Model.parse(model.id()));
        }
    }

    @Test
    void verdictsAreData() {
        History history = steps("alice w x 1", "bob r x 7");
        assertEquals(
                "{\"model\":\"pram\",\"verdict\":\"violated\",\"witness\":{\"pattern\":\"ThinAirRead\",\"explanation\":\"bob read "
                        + "x = 7, but nobody wrote that value to x and it was not there at the start.\",\"operations\":"
                        + "[{\"operation\":1,\"process\":\"bob\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"value\":7,"
                        + "\"invoked\":2,\"completed\":3}]}}",
                VerdictJson.of(Model.PRAM, Checker.check(history, Model.PRAM, CheckOptions.DEFAULT))
                        .toString());
    }
}
