package io.orrery.check;

import java.util.function.Supplier;

/**
 * A bad pattern that was found in an execution.
 *
 * @param operations those that make it up; the rest of the execution has no part in it
 * @param words the explanation, made when it is asked for
 */
record Finding(String pattern, int[] operations, Supplier<String> words) {
    /** Looks for the bad patterns of a model. */
    interface Finder {
        /** The first that is found, or null where there is none: the model then holds. */
        Finding find(Execution execution, Meter meter);

        /** Whether an execution has a bad pattern only where the operations on one of its keys have it by themselves. */
        default boolean looksAtEachKeyAlone() {
            return false;
        }
    }
}
