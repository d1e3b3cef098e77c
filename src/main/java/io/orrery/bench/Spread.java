package io.orrery.bench;

import java.util.Arrays;

/** What several rounds of a measurement gave, in its unit. */
public record Spread(double median, double lowest, double highest) {
    /**
     * Of rounds in any order. The median of an even number of them is the mean of the two in the middle.
     *
     * @param rounds at least one figure
     */
    public static Spread of(double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new Spread(median, sorted[0], sorted[count - 1]);
    }
}
