package io.orrery.model;

/**
 * The range of a replica's counts: writes, versions, incarnations. Each count is at most {@link #MOST} (2^53), so that
 * arithmetic never overflows and a JSON reader that only has doubles reads it exactly. A replica that made a million
 * writes per second would get there after 285 years.
 */
public final class CounterLimits {
    public static final long MOST = 1L << 53;

    /**
     * How far a received count may exceed all that a replica knows: more than a replica can fall behind, and so little
     * that a thousand messages do not exhaust a counter.
     */
    public static final long LEAP = 1L << 40;

    private CounterLimits() {}

    /** A replica would have to count beyond {@link #MOST}. Nothing was done and nothing was kept. */
    public static final class End extends ArithmeticException {
        private End() {
            super("the replica has reached the highest count, 2^53");
        }
    }

    /**
     * @param what begins the message: {@code a version's counter}
     * @return the count
     * @throws IllegalArgumentException unless the count is between the least and {@link #MOST}
     */
    public static long require(String what, long count, long least) {
        if (count < least || count > MOST) {
            throw new IllegalArgumentException(
                    count < least
                            ? what + " is " + least + " or more, not " + count
                            : what + " is at most 2^53, not " + count);
        }
        return count;
    }

    /**
     * The count after this one.
     *
     * @throws End when there is none
     */
    public static long next(long count) {
        return sum(count, 1);
    }

    /**
     * Both counts together.
     *
     * @throws End when there is no such count
     */
    public static long sum(long one, long other) {
        if (one > MOST - other) {
            throw new End();
        }
        return one + other;
    }
}
