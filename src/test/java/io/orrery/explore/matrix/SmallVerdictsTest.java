package io.orrery.explore.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.matrix.SmallHistories.Small;
import io.orrery.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SmallVerdictsTest {
    /** Some of the histories of five operations are enough: each shape comes often. */
    private static final int STEP = 5;

    private static Set<Model> byChecker(History history) {
        List<Model> models = ModelMatrix.models().stream()
                .filter(model -> model != Model.LINEARIZABLE)
                .toList();
        Map<Model, Verdict> verdicts = Checker.check(history, models, CheckOptions.DEFAULT);
        return models.stream()
                .filter(model -> verdicts.get(model) instanceof Verdict.Holds)
                .collect(Collectors.toSet());
    }

    private static List<Small> ofSize(int size) {
        List<Small> all = new ArrayList<>();
        SmallHistories.ofSize(size, all::add);
        return all;
    }

    @Test
    void judgesAsTheCheckerDoes() {
        List<Small> some = new ArrayList<>(ofSize(3));
        some.addAll(ofSize(4));
        List<Small> larger = ofSize(5);
        for (int i = 0; i < larger.size(); i += STEP) {
            some.add(larger.get(i));
        }
        assertTrue(some.size() > 500, "only " + some.size());
        for (Small small : some) {
            History history = ModelMatrix.history(small);
            assertEquals(byChecker(history), SmallVerdicts.satisfied(small), () -> "" + history.ops());
        }
    }

    /** What is left out of the histories that are tried changes no verdict. */
    @Test
    void anOperationThatSaysNothingChangesNothing() {
        int key = 2;
        for (Small small : ofSize(3)) {
            Set<Model> satisfied = SmallVerdicts.satisfied(small);
            int first = small.keys()[0];
            int last = small.lengths()[0];
            for (Small more : List.of(
                    with(small, 0, first, SmallHistories.NOTHING),
                    with(small, last, first, SmallHistories.WRITE),
                    with(small, 0, key, SmallHistories.WRITE),
                    with(small, last, key, SmallHistories.NOTHING))) {
                assertEquals(
                        satisfied,
                        byChecker(ModelMatrix.history(more)),
                        () -> "" + ModelMatrix.history(more).ops());
            }
        }
    }

    /** The first process does one more operation, at this place. */
    private static Small with(Small small, int place, int key, int value) {
        int[] lengths = small.lengths().clone();
        lengths[0]++;
        int[] values = Arrays.stream(small.values())
                .map(write -> write >= place ? write + 1 : write)
                .toArray();
        return new Small(lengths, inserted(small.keys(), place, key), inserted(values, place, value));
    }

    private static int[] inserted(int[] numbers, int place, int number) {
        int[] more = new int[numbers.length + 1];
        System.arraycopy(numbers, 0, more, 0, place);
        more[place] = number;
        System.arraycopy(numbers, place, more, place + 1, numbers.length - place);
        return more;
    }
}
