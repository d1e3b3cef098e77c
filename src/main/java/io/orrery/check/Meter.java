package io.orrery.check;

/** Counts what a check has spent of its budgets. */
final class Meter {
    private static final int STATES_PER_LOOK = 1024;

    private final long deadline;
    private final long stateLimit;
    private final Options options;
    private long states;

    Meter(Options options) {
        this(
                options,
                // A budget of centuries would overflow.
                System.nanoTime() + Math.min(options.time().toMillis(), Long.MAX_VALUE / 4_000_000) * 1_000_000,
                options.states());
    }

    private Meter(Options options, long deadline, long stateLimit) {
        this.options = options;
        this.deadline = deadline;
        this.stateLimit = stateLimit;
    }

    /** A meter of its own for so many states, which ends when this one does. */
    Meter within(long states) {
        return new Meter(options, deadline, states);
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

    /** Counts a state of a search. */
    void state() {
        if (++states > stateLimit) {
            throw new Spent(Verdict.Cause.STATES, "the budget of " + stateLimit + " states was spent");
        }
        if (states % STATES_PER_LOOK == 0) {
            look();
        }
    }

    /** Looks at the clock. */
    void look() {
        if (System.nanoTime() - deadline > 0) {
            throw new Spent(
                    Verdict.Cause.TIME, "the budget of " + options.time().toMillis() + " ms was spent");
        }
    }
}
