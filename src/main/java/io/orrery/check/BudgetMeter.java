package io.orrery.check;

import java.time.Duration;

/** Counts what a check has spent of its budgets. */
final class BudgetMeter {
    private static final int STEPS_PER_LOOK = 1024;
    /** The budget of a search that only pays off if it rarely backtracks. */
    private static final int FEW_STATES = 100_000;

    private static final int FEW_STATES_PER_OPERATION = 10;

    private final CheckOptions checkOptions;
    private final long deadline;
    private final long stateLimit;
    private long states;
    private long steps;

    BudgetMeter(CheckOptions checkOptions) {
        this(checkOptions, System.nanoTime() + nanos(checkOptions.time()), checkOptions.states());
    }

    private BudgetMeter(CheckOptions checkOptions, long deadline, long stateLimit) {
        this.checkOptions = checkOptions;
        this.deadline = deadline;
        this.stateLimit = stateLimit;
    }

    /** A budget of centuries would overflow. */
    private static long nanos(Duration time) {
        return Math.min(time.toMillis(), Long.MAX_VALUE / 4_000_000) * 1_000_000;
    }

    /** A meter of its own for so many states, which ends when this one does. */
    BudgetMeter within(long states) {
        return new BudgetMeter(checkOptions, deadline, Math.min(states, stateLimit));
    }

    /** The same, which ends after this time at the latest. */
    BudgetMeter within(long states, Duration time) {
        long end = System.nanoTime() + nanos(time);
        return new BudgetMeter(checkOptions, end - deadline < 0 ? end : deadline, Math.min(states, stateLimit));
    }

    /** A separate meter for a search that only pays off if it rarely backtracks. */
    BudgetMeter little(int operations) {
        return within(FEW_STATES + (long) FEW_STATES_PER_OPERATION * operations);
    }

    /** Thrown inside the checkers when a budget is spent; the message names it. */
    static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Verdict.Cause cause;

        Spent(Verdict.Cause cause, String message) {
            super(message, null, false, false);
            this.cause = cause;
        }

        Verdict.Cause cause() {
            return cause;
        }

        Verdict verdict() {
            return new Verdict.Undecided(cause, getMessage());
        }
    }

    /** Whether a search may visit so many states. */
    boolean allows(long some) {
        return some <= stateLimit;
    }

    /** Counts a state of a search. */
    void state() {
        states(1);
    }

    /** Counts so many states of a search. */
    void states(long more) {
        states += more;
        if (states > stateLimit) {
            throw new Spent(Verdict.Cause.STATES, "the budget of " + stateLimit + " states was spent");
        }
        step();
    }

    /** Counts a piece of work that keeps nothing: one of many. */
    void step() {
        if (++steps % STEPS_PER_LOOK == 0) {
            look();
        }
    }

    /** Looks at the clock. */
    void look() {
        if (isOver()) {
            throw new Spent(
                    Verdict.Cause.TIME, "the budget of " + checkOptions.time().toMillis() + " ms was spent");
        }
    }

    /** Whether the time is over. */
    boolean isOver() {
        return System.nanoTime() - deadline > 0;
    }
}
