package io.orrery.check;

import java.util.function.Supplier;

/**
 * A bad pattern that was found in an execution.
 *
 * @param operations the operations that form it
 * @param words the explanation, computed on demand
 */
record BadPattern(String pattern, int[] operations, Supplier<String> words) {
    /** Looks for the bad patterns of a model. */
    interface Finder {
        /** The first one found, or null if there is none and the model holds. */
        BadPattern find(Execution execution, BudgetMeter budgetMeter);

        /** Whether every bad pattern of the model concerns the operations of one key only. */
        default boolean looksAtEachKeyAlone() {
            return false;
        }
    }
}
