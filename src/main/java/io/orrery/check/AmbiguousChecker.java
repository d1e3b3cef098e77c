package io.orrery.check;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Judges a history in which nobody can tell of all reads which write they saw, as values repeat, or which has a cas; by
 * all models but linearizability, which has a checker of its own.
 */
final class AmbiguousChecker {
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int SHRINK_STATES = 50_000;
    /** How many states a search may visit that is only worth while if it hardly ever turns back. */
    private static final int FEW_STATES = 100_000;

    private static final int FEW_STATES_PER_OPERATION = 10;

    private final ReadsFrom reads;
    private final Options options;
    private final Meter meter;
    private final boolean versions;

    AmbiguousChecker(ReadsFrom reads, Options options, Meter meter) {
        this.reads = reads;
        this.options = options;
        this.meter = meter;
        versions = reads.keys.stream().anyMatch(facts -> facts.carriesVersions);
    }

    Verdict sequential(boolean hasCas) {
        if (isLinearizable()) {
            return Verdict.HOLDS;
        }
        return hasCas || !versions ? bySearch() : check(new SequentialFinder());
    }

    /** Judges by every way to match reads with writes, or where there are too many by what does not depend on it. */
    Verdict check(Finding.Finder finder) {
        int[] open = reads.ambiguousReads();
        Matchings ways = new Matchings(reads, open);
        if (!ways.areTooMany()) {
            return Checker.verdict(ways.violation(matched -> violation(matched, finder)));
        }
        boolean sequential = finder instanceof SequentialFinder;
        if (holdsFromTheStart(open, finder) || !sequential && (isLinearizable() || hasOrderSoon())) {
            return Verdict.HOLDS;
        }
        Supplier<Witness> violation = Checker.violation(Execution.withoutAmbiguous(reads), finder, options, meter);
        if (violation != null) {
            return new Verdict.Violated(violation.get());
        }
        return sequential ? bySearch() : new ReadsFromWords(reads).ambiguity(open[0]);
    }

    private Supplier<Witness> violation(ReadsFrom matched, Finding.Finder finder) {
        return Checker.violation(Execution.of(matched), finder, options, meter);
    }

    /** Whether the model holds where each read that may have seen the start did. */
    private boolean holdsFromTheStart(int[] open, Finding.Finder finder) {
        ReadsFrom start = reads.fromTheStart(open);
        if (start == null) {
            return false;
        }
        Matchings ways = new Matchings(start, start.ambiguousReads());
        try {
            return !ways.areTooMany() && ways.violation(matched -> violation(matched, finder)) == null;
        } catch (Meter.Spent e) {
            if (e.cause() == Verdict.Cause.SCOPE) {
                return false;
            }
            throw e;
        }
    }

    /** Whether it can be shown soon that the history is linearizable: then it satisfies all other models. */
    private boolean isLinearizable() {
        return new LinearizableChecker(reads.copy(), options, little()).holds();
    }

    private boolean hasOrderSoon() {
        try {
            return hasOrder(steps(), little());
        } catch (Meter.Spent e) {
            return false;
        }
    }

    private Meter little() {
        long few = FEW_STATES + (long) FEW_STATES_PER_OPERATION * reads.ops.size();
        return meter.within(Math.min(options.states(), few));
    }

    private Steps steps() {
        return new Steps(reads, reads.all(), null);
    }

    private static boolean hasOrder(Steps steps, Meter meter) {
        return new SequentialSearch(steps, List.of(), meter).run();
    }

    private Verdict bySearch() {
        Steps steps = steps();
        if (hasOrder(steps, meter)) {
            return Verdict.HOLDS;
        }
        Steps small = steps.shrink(
                fewer -> {
                    try {
                        return !hasOrder(fewer, new Meter(options.withStates(SHRINK_STATES)));
                    } catch (Meter.Spent e) {
                        return false;
                    }
                },
                SHRINK_NANOS);
        return new Verdict.Violated(Witness.of(
                "NoSequentialOrder",
                "No order of these operations that keeps the order of each process explains every read and every cas.",
                List.of(small.op)));
    }
}
