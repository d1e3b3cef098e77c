package io.orrery.explore.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelMatrixTest {
    private static final ModelMatrix UP_TO_FIVE = ModelMatrix.upTo(5, count -> {});

    /** What one model implies of another no history contradicts, and each history shows what it is there for. */
    @Test
    void eachHistoryShowsItsPairAndNoneContradictsAnImplication() {
        for (Model satisfied : ModelMatrix.models()) {
            for (Model violated : ModelMatrix.models()) {
                Optional<History> between = UP_TO_FIVE.between(satisfied, violated);
                if (satisfied.implies(violated)) {
                    assertEquals(Optional.empty(), between, satisfied + " implies " + violated);
                }
                between.ifPresent(history -> {
                    assertInstanceOf(Verdict.Holds.class, Checker.check(history, satisfied, CheckOptions.DEFAULT));
                    assertInstanceOf(Verdict.Violated.class, Checker.check(history, violated, CheckOptions.DEFAULT));
                });
            }
        }
    }

    /** Bouajjani, Enea, Guerraoui and Hamza, POPL 2017, figure 3: the first two are the smallest there are. */
    @Test
    void theSmallestHistoriesAreThoseOfTheLiterature() {
        assertEquals(4, size(Model.CAUSAL_CM, Model.CAUSAL_CCV));
        assertEquals(4, size(Model.CAUSAL_CC, Model.CAUSAL_CM));
        assertEquals(2, size(Model.SEQUENTIAL, Model.LINEARIZABLE));
        assertEquals(5, size(Model.CAUSAL_CC, Model.MONOTONIC_READS));
        assertTrue(UP_TO_FIVE.between(Model.CAUSAL_CCV, Model.CAUSAL_CM).isEmpty());
    }

    private static int size(Model satisfied, Model violated) {
        return UP_TO_FIVE.between(satisfied, violated).orElseThrow().ops().size();
    }

    /** Worked out by hand for two operations. */
    @Test
    void noHistoryIsMissingAndNoneIsThereTwice() {
        // A write and a read of it, in one process in either order, or in two; and a write after which nothing is read.
        assertEquals(0, count(1));
        assertEquals(4, count(2));
        Set<String> all = new HashSet<>();
        SmallHistories.ofSize(
                4,
                small -> assertTrue(all.add(Arrays.toString(small.lengths())
                        + Arrays.toString(small.keys())
                        + Arrays.toString(small.values()))));
        assertEquals(211, all.size());
    }

    private static long count(int size) {
        long[] count = {0};
        SmallHistories.ofSize(size, small -> count[0]++);
        return count[0];
    }
}
