package io.orrery.journal;

import java.security.SecureRandom;

/** Short random numbers by which people tell the memories of a replica apart. */
public final class IncarnationNumbers {
    /** Six digits are read at a glance, and two memories of one replica hardly ever have the same. */
    private static final int BOUND = 1_000_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private IncarnationNumbers() {}

    /** Not 0, which is not shown. */
    public static long draw() {
        return 1 + RANDOM.nextInt(BOUND - 1);
    }
}
