package io.orrery.bench;

/** Warms a server up: loads it until it gets no faster, so that both JIT compilers have finished. */
final class WarmUp {
    /** A rate counts as higher if it exceeds the highest rate so far by this factor. */
    private static final double RISE = 1.03;

    /** The warm-up ends after this many rates in a row that are not higher. */
    private static final int FLAT = 2;

    private WarmUp() {}

    /** Loads a server for a while. */
    interface Pass {
        /** Returns the requests answered per second. */
        double run() throws InterruptedException;
    }

    /**
     * @param most the maximum number of passes
     * @return the number of passes made
     */
    static int run(Pass pass, int most) throws InterruptedException {
        double highest = 0;
        int flat = 0;
        int passes = 0;
        while (passes < most && flat < FLAT) {
            double rate = pass.run();
            passes++;
            flat = rate > highest * RISE ? 0 : flat + 1;
            highest = Math.max(highest, rate);
        }
        return passes;
    }
}
