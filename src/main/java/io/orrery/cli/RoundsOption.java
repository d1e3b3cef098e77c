package io.orrery.cli;

import picocli.CommandLine.Option;

/** What the commands that measure over several rounds have in common. */
final class RoundsOption {
    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each measurement (default: 5).")
    private int rounds = 5;

    /** @throws IllegalArgumentException when there would be none */
    int rounds() {
        return atLeastOne("--rounds", rounds);
    }

    /** @throws IllegalArgumentException when it is not */
    static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " is 1 or more, not " + value);
        }
        return value;
    }
}
