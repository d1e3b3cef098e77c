package io.orrery.check;

import static io.orrery.check.ModelsTest.steps;
import static io.orrery.check.ModelsTest.witness;
import static io.orrery.check.ModelsTest.word;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.bench.HistoryGenerator;
import io.orrery.check.RandomHistories.Shape;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a check may cost, and what it makes of what it knows. */
class EffortTest {
    private static final CheckOptions ONE_STATE = CheckOptions.DEFAULT.withStates(1);

    /** So many writes of two values by processes of their own, all at the same time, and then reads of the one and the other. */
    private static List<Event> tangle(int writes, int reads) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < writes; i++) {
            events.addAll(steps("w" + i + " w x " + i % 2).events());
        }
        List<Event> invocations =
                events.stream().filter(e -> e.type() == Event.Type.INVOKE).toList();
        List<Event> all = new ArrayList<>(invocations);
        events.stream().filter(e -> e.type() != Event.Type.INVOKE).forEach(all::add);
        for (int i = 0; i < reads; i++) {
            all.addAll(steps("r" + i + " r x " + i % 2).events());
        }
        return all;
    }

    @Test
    void whatIsLinearizableIsSequentialWithoutASearch() {
        // Sequential alone would have to search: reads name no writes.
        History history = steps("a w x 1", "b w x 1", "b w x 2", "c r x 2");
        assertEquals(
                "holds", Checker.check(history, Model.SEQUENTIAL, ONE_STATE).word());
        Map<Model, Verdict> all = Checker.check(history, List.of(Model.SEQUENTIAL, Model.LINEARIZABLE), ONE_STATE);
        assertEquals(Verdict.HOLDS, all.get(Model.SEQUENTIAL));
    }

    @Test
    void whatAWeakerModelForbidsEveryStrongerOneForbids() {
        // On x there is too much to search for so few states, and on y a read of what had been overwritten causally.
        List<Event> events = new ArrayList<>(tangle(12, 12));
        events.addAll(steps("a w y 1", "a w y 2", "c r y 2", "c r y 1").events());
        History history = History.of(events);
        assertEquals(
                "violated", Checker.check(history, Model.CAUSAL_CC, ONE_STATE).word());
        for (Model stronger : List.of(Model.SEQUENTIAL, Model.LINEARIZABLE, Model.CAUSAL_CCV, Model.CAUSAL_CM)) {
            assertEquals("violated", Checker.check(history, stronger, ONE_STATE).word(), stronger.id());
        }
    }

    @Test
    void anUndecidedModelIsDecidedByWhatIsFoundLater() {
        History history = steps("a w x 1", "a w x 2", "c r x 2", "c r x 1");
        Judgement judgement = new Judgement(history, CheckOptions.DEFAULT.withTime(Duration.ofNanos(1)));
        assertInstanceOf(Verdict.Undecided.class, judgement.by(Model.SEQUENTIAL));
        assertInstanceOf(Verdict.Undecided.class, judgement.by(Model.SEQUENTIAL));
    }

    @Test
    void noNumberOfWaysIsTooManyForABudget() {
        // 2^40 ways to match reads with writes; that none will do shows at the first read already.
        List<String> steps = new ArrayList<>(List.of("b w x 1", "b w x 1", "b w x 2", "c r x 2", "c r x 1"));
        for (int i = 0; i < 40; i++) {
            steps.add("d r x 1");
        }
        History history = steps(steps.toArray(String[]::new));
        assertEquals("violated", word(history, Model.CAUSAL_CCV));
        assertEquals("violated", word(history, Model.MONOTONIC_READS));
    }

    @Test
    void theSearchForASmallWitnessTakesWhatIsLeftOfTheBudget() {
        History history = HistoryGenerator.convergent(400, 5, 3, 1);
        BudgetMeter budgetMeter = new BudgetMeter(CheckOptions.DEFAULT.withTime(Duration.ofNanos(1)));
        Execution execution = Execution.of(ReadsFrom.of(history, CheckOptions.DEFAULT));
        BadPattern.Finder finder = new BadPattern.Finder() {
            @Override
            public BadPattern find(Execution some, BudgetMeter left) {
                left.look();
                throw new AssertionError("there is no time left");
            }
        };
        int[] all = IntStream.range(0, execution.size()).toArray();
        Witness witness = new Shrinker(finder, budgetMeter).shrink(execution, new BadPattern("Any", all, () -> "why"));
        assertEquals(history.ops().size(), witness.operations().size());
    }

    /** Writes 1 and 2 in turn many times; 2 is the last, and somebody reads 1 after that. */
    @Test
    void aWitnessForRepeatedValuesIsAsSmallAsOneForDistinctValues() {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            steps.add("a w x 1");
            steps.add("a w x 2");
        }
        steps.add("a r x 2");
        steps.add("a r x 1");
        History history = steps(steps.toArray(String[]::new));
        for (Model model : List.of(Model.LINEARIZABLE, Model.SEQUENTIAL)) {
            Witness witness = witness(history, model);
            assertEquals(
                    List.of("a wrote x = 1", "a wrote x = 2", "a read x = 1"),
                    witness.operations().stream().map(Op::words).toList(),
                    model.id());
            assertTrue(
                    witness.explanation()
                            .contains(" The same was written 14 times more, but that had been overwritten"),
                    witness.explanation());
        }
    }

    @Test
    void aWitnessSaysWhyThereIsNoOrder() {
        // Two writes of each value at the same time; after them the value changes more often than they can make it.
        List<Event> events = new ArrayList<>(tangle(4, 0));
        events.addAll(
                steps("r r x 0", "r r x 1", "r r x 0", "r r x 1", "r r x 0").events());
        Witness witness = witness(History.of(events), Model.LINEARIZABLE);
        assertTrue(witness.explanation().startsWith("No order of these operations fits. After \""), witness.toString());
        assertTrue(witness.explanation().contains(" can come next, which do"), witness.toString());
    }

    @Test
    void aWitnessForRepeatedValuesAloneIsAViolationAndNoReadCanBeLeftOut() {
        Model model = Model.SEQUENTIAL;
        Shape shape = Shape.of(4, 14, 1).repeated();
        List<Shape> shapes = List.of(shape, shape.withDeletes().withUnknowns(), shape.withCas(), shape.withDeletes());
        int judged = 0;
        for (int seed = 0; seed < 800; seed++) {
            History history = RandomHistories.next(new SplittableRandom(seed), shapes.get(seed % shapes.size()));
            if (Checker.check(history, model, CheckOptions.DEFAULT) instanceof Verdict.Violated violated
                    && !violated.witness().pattern().equals("ThinAirRead")) {
                List<Op> ops = violated.witness().operations();
                judged++;
                String shown = "seed " + seed + " " + violated;
                assertEquals("violated", word(ModelsTest.only(history, ops), model), shown);
                for (Op op : ops) {
                    if (op.isRead()) {
                        List<Op> fewer = new ArrayList<>(ops);
                        fewer.remove(op);
                        assertEquals("holds", word(ModelsTest.only(history, fewer), model), shown);
                    }
                }
            }
        }
        assertTrue(judged > 150, judged + " witnesses");
    }

    /**
     * As clients leave it that time out: of many deletes nobody knows whether they happened. For each lag and seed the
     * search hardly ever turns back: so many states are few.
     */
    @Test
    void thousandsOfOperationsWithUnknownDeletesHaveOneOrderOrNone() {
        CheckOptions few = CheckOptions.DEFAULT.withStates(20_000);
        for (int lag : List.of(10, 30, 200)) {
            for (int seed = 1; seed <= 5; seed++) {
                History history = withUnknownDeletes(3_000, lag, new SplittableRandom(seed));
                String shown = "lag " + lag + ", seed " + seed;
                assertEquals(Verdict.HOLDS, Checker.check(history, Model.SEQUENTIAL, few), shown);
            }
        }
        History history = withUnknownDeletes(3_000, 30, new SplittableRandom(5));
        assertEquals("violated", word(history, Model.LINEARIZABLE));
        // Two that each read the other's write before it was there.
        List<Event> events = new ArrayList<>(history.events());
        events.addAll(steps("a r y 2", "a w x 1", "b r x 1", "b w y 2").events());
        assertEquals("violated", word(History.of(events), Model.SEQUENTIAL));
    }

    /** One key alone shows it, however much there is to search on the others. */
    @Test
    void aDeleteOfUnknownOutcomeHappensOnceAtMost() {
        List<Event> events = new ArrayList<>(
                withUnknownDeletes(3_000, 30, new SplittableRandom(5)).events());
        events.addAll(steps("a D y", "b w y 1", "b r y -", "b w y 2", "b r y -").events());
        assertEquals("violated", word(History.of(events), Model.SEQUENTIAL));
    }

    /** @param lag how many writes a reader may be behind */
    static History withUnknownDeletes(int operations, int lag, SplittableRandom random) {
        int processes = 8;
        int keys = 10;
        List<String> log = new ArrayList<>();
        int[] position = new int[processes];
        String[] name = new String[processes];
        List<Map<String, String>> views = new ArrayList<>();
        for (int p = 0; p < processes; p++) {
            views.add(new HashMap<>());
            name[p] = "p" + p + "/0";
        }
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            int p = random.nextInt(processes);
            String key = "k" + random.nextInt(keys);
            int kind = random.nextInt(10);
            boolean write = kind < 5;
            if (kind < 4) {
                log.add(key + " " + i);
            } else if (kind == 4) {
                if (random.nextBoolean()) {
                    log.add(key + " -");
                }
            }
            int to = write ? log.size() : Math.max(position[p], log.size() - random.nextInt(lag));
            for (; position[p] < to; position[p]++) {
                String[] entry = log.get(position[p]).split(" ");
                views.get(p).put(entry[0], entry[1]);
            }
            if (kind < 4) {
                steps.add(name[p] + " w " + key + " " + i);
            } else if (kind == 4) {
                steps.add(name[p] + " D " + key);
                name[p] = "p" + p + "/" + i;
            } else {
                steps.add(name[p] + " r " + key + " " + views.get(p).getOrDefault(key, "-"));
            }
        }
        return steps(steps.toArray(String[]::new));
    }
}
