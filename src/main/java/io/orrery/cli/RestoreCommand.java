package io.orrery.cli;

import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.Value;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replaces a replica's data by a backup. */
@Command(
        name = "restore",
        description = {
            "Restores a replica's data from a backup; the replica must have no data yet.",
            "The replica continues with a new identity, and fetches from the others what it lacks."
        })
final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FROM", description = "A backup.")
    private Path from;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The data directory, as for node; the replica gets a directory in it.")
    private Path data;

    @Option(names = "--json", description = "Prints the directory that was made as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Path directory = DataDirectory.restore(from, data);
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? "{\"directory\":"
                                        + Value.of(directory.toString()).json() + "}"
                                : "restored to " + directory
                                        + "; when the replica starts it has a new identity, and fetches from the others"
                                        + " what it lacks");
        return ExitCode.OK;
    }
}
