package io.orrery.model;

import java.util.function.Supplier;

/**
 * Checks of what a caller, a client or a message gives. All of them pass through here, so that who measures which branches
 * are reached can leave them out.
 */
public final class Preconditions {
    private Preconditions() {}

    /**
     * @param otherwise what is wrong, in words for people; called only then
     * @throws IllegalArgumentException with these words if it does not hold
     */
    public static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise.get());
        }
    }
}
