package io.orrery.bench;

import java.util.Arrays;

/** What several rounds of a measurement gave, in its unit. */
public record Spread(double median, double lowest, double highest) {
    /** @param rounds at least one figure; sorted by this */
    static Spread of(double[] rounds) {
        Arrays.sort(rounds);
        return new Spread(rounds[rounds.length / 2], rounds[0], rounds[rounds.length - 1]);
    }
}
