package io.orrery.check;

import java.time.Duration;
import java.util.Arrays;

/**
 * Finds a smallest set of operations that shows a violation: delta debugging (Zeller and Hildebrandt 2002), down to single
 * operations, until none can be left out or its time is over. A write is left out with the reads of it, so what remains
 * is true of the whole history.
 */
final class Shrinker {
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final int STATES = 50_000;

    private final Finding.Finder finder;
    private final Options options;

    Shrinker(Finding.Finder finder, Options options) {
        this.finder = finder;
        this.options = options.withTime(LONGEST).withStates(Math.min(STATES, options.states()));
    }

    /** The witness for what the finder found in the execution. */
    Witness shrink(Execution execution, Finding found) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        Execution small = execution;
        Finding shown = found;
        boolean[] named = new boolean[execution.size()];
        for (int i : found.operations()) {
            int write = execution.source[i] >= 0 ? execution.source[i] : i;
            named[i] = true;
            named[write] = true;
            int teller = execution.teller(write);
            if (teller >= 0) {
                named[teller] = true;
            }
        }
        Execution start = execution.keep(named);
        Finding there = find(start);
        if (there != null) {
            small = start;
            shown = there;
        }
        for (int chunk = Math.max(1, small.size() / 2); chunk > 0; chunk = chunk == 1 ? 0 : chunk / 2) {
            for (boolean again = true; again; ) {
                again = false;
                for (int end = small.size(); end > 0; end -= chunk) {
                    if (System.nanoTime() - deadline > 0) {
                        return witness(shown, small);
                    }
                    Execution fewer = without(small, Math.max(0, Math.min(end, small.size()) - chunk), end);
                    Finding still = fewer.size() < small.size() ? find(fewer) : null;
                    if (still != null) {
                        small = fewer;
                        shown = still;
                        again = chunk == 1;
                    }
                }
            }
        }
        return witness(shown, small);
    }

    private static Witness witness(Finding found, Execution execution) {
        return Witness.of(found.pattern(), found.words().get(), execution.ops());
    }

    private Finding find(Execution execution) {
        try {
            return finder.find(execution, new Meter(options));
        } catch (Meter.Spent e) {
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
