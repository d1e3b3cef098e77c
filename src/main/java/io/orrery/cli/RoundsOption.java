package io.orrery.cli;

import picocli.CommandLine.Option;

/** The option of all commands that measure in rounds. */
final class RoundsOption {
    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each measurement (default: 5).")
    private int rounds = 5;

    /** @throws IllegalArgumentException if it is below 1 */
    int rounds() {
        return atLeastOne("--rounds", rounds);
    }

    /** @throws IllegalArgumentException if the value is below 1 */
    static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " is 1 or more, not " + value);
        }
        return value;
    }
}
