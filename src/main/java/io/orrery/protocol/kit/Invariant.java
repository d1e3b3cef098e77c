package io.orrery.protocol.kit;

/**
 * Checks of preconditions and invariants of a protocol, always on, in production too. A check that holds costs one
 * branch and allocates nothing, so pass constants and existing objects.
 *
 * <p>For the state of the replica itself. What comes from outside may be anything and is refused, not an invariant: see
 * {@link io.orrery.protocol.PlausibilityCheck}.
 */
public final class Invariant {
    private Invariant() {}

    /**
     * @param what what must hold, in words for people: {@code a write's number is a new one}
     * @throws BrokenInvariant if it does not hold
     */
    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new BrokenInvariant("broken invariant: " + what);
        }
    }

    /** The same, with the object for which it does not hold in the message. */
    public static void check(boolean holds, String what, Object of) {
        if (!holds) {
            throw new BrokenInvariant("broken invariant: " + what + " (" + of + ")");
        }
    }

    /** The same, for a relation between two things. */
    public static void check(boolean holds, String what, Object of, Object beside) {
        if (!holds) {
            throw new BrokenInvariant("broken invariant: " + what + " (" + of + ", " + beside + ")");
        }
    }

    /** The same, for a relation between two numbers, which are not boxed while it holds. */
    public static void check(boolean holds, String what, long of, long beside) {
        if (!holds) {
            throw new BrokenInvariant("broken invariant: " + what + " (" + of + ", " + beside + ")");
        }
    }
}
