package io.orrery.cli;

import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options of all measuring commands that make random choices. */
final class SeededOptions extends BenchOptions {
    @Option(names = "--seed", paramLabel = "N", description = "The seed of all random choices (default: 1).")
    private long seed = 1;

    long seed() {
        return seed;
    }

    @Override
    OptionalLong optionalSeed() {
        return OptionalLong.of(seed);
    }
}
