package io.orrery.explore.sweep;

/** A sweep that can be watched and ended while it runs. To be run once. */
public interface SweepRun {
    /**
     * Plays until the plan or somebody ends it.
     *
     * @throws IllegalStateException if a world cannot be played for a reason that is no finding, such as too little memory
     */
    SweepResult run() throws InterruptedException;

    /** Has no further world begin, and the result be what there is. Callable from any thread. */
    void interrupt();

    /** How many worlds are judged so far. Callable from any thread. */
    long worlds();

    /** How many kinds of findings there are so far. Callable from any thread. */
    int findings();
}
