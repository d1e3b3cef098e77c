package io.orrery.bench;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/** The results of several rounds of a measurement, in its unit. */
public record Spread(double median, double lowest, double highest) {
    /**
     * Measures in rounds.
     *
     * @param warmUp how many rounds are discarded first
     * @param round returns the result of a round
     */
    static Spread measure(int warmUp, int rounds, DoubleSupplier round) {
        DoubleStream.generate(round).limit(warmUp).sum();
        return of(DoubleStream.generate(round).limit(rounds).toArray());
    }

    /**
     * Summarises rounds in any order. The median of an even number of rounds is the mean of the middle two.
     *
     * @param rounds at least one
     */
    public static Spread of(double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new Spread(median, sorted[0], sorted[count - 1]);
    }
}
