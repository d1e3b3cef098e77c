package io.orrery.cli;

import picocli.CommandLine.Command;

/** Measures Orrery on this machine. */
@Command(
        name = "bench",
        description = "Measures Orrery on this machine.",
        subcommands = {
            BenchSimulationCommand.class,
            BenchSweepCommand.class,
            BenchShrinkCommand.class,
            BenchBufferCommand.class,
            BenchCheckCommand.class,
            BenchJournalCommand.class,
            BenchClusterCommand.class,
            BenchThroughputCommand.class,
            BenchLatencyCommand.class,
            BenchQuorumCommand.class,
            BenchFrontierCommand.class,
            BenchAvailabilityCommand.class,
            BenchFailoverCommand.class,
            BenchWorldsCommand.class,
            BenchExploreCommand.class
        })
public final class BenchCommand {}
