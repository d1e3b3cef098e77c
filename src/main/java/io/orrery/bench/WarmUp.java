package io.orrery.bench;

/** Warms a server up: loads it until it gets no faster, so that both JIT compilers have finished. */
final class WarmUp {
    /** A rate that is not higher than the highest before by this is not higher. */
    private static final double RISE = 1.03;

    /** After so many rates in a row that are not higher there will be no higher one. */
    private static final int FLAT = 2;

    private WarmUp() {}

    /** Asks a server for a while. */
    interface Pass {
        /** Returns how many requests it has answered in a second. */
        double run() throws InterruptedException;
    }

    /**
     * @param most how many passes there may be
     * @return how many there were
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
