package io.orrery.check;

/**
 * Judges where some reads may have seen one of several writes of the same value: by every way to match them, if there are
 * not too many. The history satisfies the model if it does so in one of them.
 */
final class Matchings {
    private static final int MOST = 1_000;

    private final ReadsFrom reads;
    private final Finding.Finder finder;
    private final Options options;
    private final Meter meter;

    Matchings(ReadsFrom reads, Finding.Finder finder, Options options, Meter meter) {
        this.reads = reads;
        this.finder = finder;
        this.options = options;
        this.meter = meter;
    }

    Verdict judge() {
        int[] open = reads.ambiguousReads();
        int[][] candidates = new int[open.length][];
        long ways = 1;
        for (int i = 0; i < open.length; i++) {
            candidates[i] = reads.candidates(open[i]);
            ways *= candidates[i].length;
            if (ways > MOST) {
                return reads.ambiguity(open[0]);
            }
        }
        Execution shown = null;
        Finding found = null;
        for (long way = 0; way < ways; way++) {
            ReadsFrom matched = reads.matching(open, pick(candidates, way));
            if (matched != null) {
                Execution execution = Execution.of(matched);
                Finding finding = finder.find(execution, meter);
                if (finding == null) {
                    return Verdict.HOLDS;
                }
                shown = shown == null ? execution : shown;
                found = found == null ? finding : found;
            }
        }
        return new Verdict.Violated(
                found == null
                        ? reads.unmatchedWitness(open)
                        : witness(new Shrinker(finder, options).shrink(shown, found)));
    }

    /** The way with this number: the digits of the number, each to the base of how many candidates there are. */
    private static int[] pick(int[][] candidates, long way) {
        int[] picked = new int[candidates.length];
        long rest = way;
        for (int i = 0; i < picked.length; i++) {
            picked[i] = candidates[i][(int) (rest % candidates[i].length)];
            rest /= candidates[i].length;
        }
        return picked;
    }

    private static Witness witness(Witness one) {
        return Witness.of(
                one.pattern(),
                "Values repeat, and no way to match reads with writes will do. In one of them: " + one.explanation(),
                one.operations());
    }
}
