package io.orrery.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The earlier name of {@code compare}. */
@Command(name = "frontier", description = "The same as ./run.sh compare, by its earlier name.")
final class BenchFrontierCommand extends CompareCommand {
    @Option(names = "--scenario", paramLabel = "FILE", description = "The same as SCENARIO.")
    private Path scenario;

    @Override
    int usualSeeds() {
        return 200;
    }

    @Override
    Optional<Path> otherFile() {
        return Optional.ofNullable(scenario);
    }
}
