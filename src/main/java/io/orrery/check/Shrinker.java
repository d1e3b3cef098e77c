package io.orrery.check;

import java.time.Duration;
import java.util.Arrays;

/**
 * Finds a minimal set of operations that shows a violation, by delta debugging (Zeller and Hildebrandt 2002), within a
 * budget of time. A write is removed together with its reads, so the rest is also a violation in the whole history.
 */
final class Shrinker {
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final int STATES = 50_000;

    private final BadPattern.Finder finder;
    private final BudgetMeter budgetMeter;

    /** @param budgetMeter the remaining time is that of this meter */
    Shrinker(BadPattern.Finder finder, BudgetMeter budgetMeter) {
        this.finder = finder;
        this.budgetMeter = budgetMeter.within(STATES, LONGEST);
    }

    /** The witness for what the finder found in the execution. */
    Witness shrink(Execution execution, BadPattern found) {
        Shown shown = new Shown(execution, found);
        try {
            return fewer(start(shown)).witness();
        } catch (OutOfMemoryError e) {
            // The violation is known; the witness may be larger than necessary.
            return shown.witness();
        }
    }

    /** A violation, and the operations that are left to show it. */
    private record Shown(Execution execution, BadPattern finding) {
        Witness witness() {
            return Witness.of(finding.pattern(), finding.words().get(), execution.ops());
        }
    }

    /** What the finder names, and what that rests on; all where that alone shows nothing. */
    private Shown start(Shown shown) {
        Execution execution = shown.execution;
        boolean[] named = new boolean[execution.size()];
        for (int i : shown.finding.operations()) {
            int write = execution.source[i] >= 0 ? execution.source[i] : i;
            named[i] = true;
            named[write] = true;
            int teller = execution.teller(write);
            if (teller >= 0) {
                named[teller] = true;
            }
        }
        Execution start = execution.keep(named);
        BadPattern there = find(start);
        return there == null ? shown : new Shown(start, there);
    }

    private Shown fewer(Shown from) {
        Shown shown = from;
        int size = shown.execution.size();
        for (int chunk = Math.max(1, size / 2); chunk > 0; chunk = chunk == 1 ? 0 : chunk / 2) {
            for (boolean again = true; again; ) {
                again = false;
                for (int end = shown.execution.size(); end > 0; end -= chunk) {
                    if (budgetMeter.isOver()) {
                        return shown;
                    }
                    Execution small = shown.execution;
                    Execution fewer = without(small, Math.max(0, Math.min(end, small.size()) - chunk), end);
                    BadPattern still = fewer.size() < small.size() ? find(fewer) : null;
                    if (still != null) {
                        shown = new Shown(fewer, still);
                        again = chunk == 1;
                    }
                }
            }
        }
        return shown;
    }

    private BadPattern find(Execution execution) {
        try {
            return finder.find(execution, budgetMeter.within(STATES));
        } catch (BudgetMeter.Spent e) {
            return null;
        }
    }

    private static Execution without(Execution execution, int from, int to) {
        boolean[] kept = new boolean[execution.size()];
        Arrays.fill(kept, true);
        Arrays.fill(kept, from, Math.min(to, kept.length), false);
        return execution.keep(kept);
    }
}
