package io.orrery.check;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Judges where some reads may have seen one of several writes of the same value: by every way to match them, if there are
 * not too many. The history satisfies the model if it does so in one of them.
 */
final class Matchings {
    private static final int MOST = 1_000;

    private final ReadsFrom reads;
    private final int[] open;
    private final int[][] candidates;
    private long ways = 1;

    /** @param open the ambiguous reads that count */
    Matchings(ReadsFrom reads, int[] open) {
        this.reads = reads;
        this.open = open;
        candidates = new int[open.length][];
        for (int i = 0; i < open.length && ways <= MOST; i++) {
            candidates[i] = reads.candidates(open[i]);
            ways *= candidates[i].length;
        }
    }

    boolean areTooMany() {
        return ways > MOST;
    }

    /**
     * Tries every way; there must not be too many.
     *
     * @param judge what is wrong in one of the ways, or null
     * @return what is wrong in the first of them; null where one is right
     * @throws Meter.Spent where none is right and one cannot be judged
     */
    Supplier<Witness> violation(Function<ReadsFrom, Supplier<Witness>> judge) {
        Supplier<Witness> first = null;
        Meter.Spent unclear = null;
        for (long way = 0; way < ways; way++) {
            ReadsFrom matched = reads.matching(open, pick(way));
            if (matched != null) {
                try {
                    Supplier<Witness> found = judge.apply(matched);
                    if (found == null) {
                        return null;
                    }
                    first = first == null ? found : first;
                } catch (Meter.Spent e) {
                    if (e.cause() != Verdict.Cause.SCOPE) {
                        throw e;
                    }
                    unclear = e;
                }
            }
        }
        if (unclear != null) {
            throw unclear;
        }
        Supplier<Witness> shown = first;
        return first == null ? () -> new ReadsFromWords(reads).unmatched(open) : () -> ofOneWay(shown.get());
    }

    /** The way with this number: the digits of the number, each to the base of how many candidates there are. */
    private int[] pick(long way) {
        int[] picked = new int[candidates.length];
        long rest = way;
        for (int i = 0; i < picked.length; i++) {
            picked[i] = candidates[i][(int) (rest % candidates[i].length)];
            rest /= candidates[i].length;
        }
        return picked;
    }

    private static Witness ofOneWay(Witness one) {
        return new Witness(
                one.pattern(),
                "Values repeat, and no way to match reads with writes will do. In one of them: " + one.explanation(),
                one.operations(),
                one.partial(),
                one.unplaced());
    }
}
