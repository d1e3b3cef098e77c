package io.orrery.explore.sweep;

import io.orrery.explore.sweep.SweepResult.End;

/** A sweep that can be watched and ended while it runs. To be run once. */
public abstract class SweepRun {
    protected final SweepPlan plan;
    protected final Assembly assembly;
    private volatile boolean isInterrupted;

    protected SweepRun(SweepPlan plan) {
        this.plan = plan;
        this.assembly = new Assembly(plan);
    }

    /**
     * Plays until the plan or somebody ends it.
     *
     * @throws IllegalStateException if a world cannot be played for a reason that is no finding, such as too little memory
     */
    public abstract SweepResult run() throws InterruptedException;

    /** Has no further world begin, and the result be what there is. Callable from any thread. */
    public final void interrupt() {
        isInterrupted = true;
        assembly.end(End.INTERRUPTED);
    }

    /** How many worlds are judged so far. Callable from any thread. */
    public final long worlds() {
        return assembly.added();
    }

    /** How many kinds of findings there are so far. Callable from any thread. */
    public final int findings() {
        return assembly.findings();
    }

    /** Whether somebody has ended it, and waits for the result. */
    protected final boolean isInterrupted() {
        return isInterrupted;
    }
}
