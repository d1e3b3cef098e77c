package io.orrery.journal;

import java.security.SecureRandom;

/** Draws the short numbers by which people tell the memories of a replica apart. */
public final class IncarnationNumbers {
    /** People read six digits at a glance, and two memories of one replica hardly ever get the same number. */
    private static final int BOUND = 1_000_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private IncarnationNumbers() {}

    /** Never 0, because reports do not show the incarnation 0. */
    public static long draw() {
        return 1 + RANDOM.nextInt(BOUND - 1);
    }
}
