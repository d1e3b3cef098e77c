package io.orrery.cli;

import io.orrery.journal.rocksdb.BackupArchive;
import io.orrery.journal.rocksdb.BackupIndex;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.FileProblem;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a backup of a replica's data. */
@Command(
        name = "backup",
        description = {
            "Makes a backup of a replica's disk at one moment.",
            "With --node from a running replica, which stays available; with --data from one that is not running."
        })
final class BackupCommand extends ServerCommand {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The replica's data directory, or the directory that contains it.")
    private Path data;

    @Option(names = "--id", paramLabel = "ID", description = "The replica, if DIR has data of several.")
    private String id;

    @Parameters(paramLabel = "TO", description = "The directory to create.")
    private Path to;

    @Override
    public Integer call() throws IOException {
        if (isNodeGiven() == (data != null) || id != null && data == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "give either --node URL for a running replica, or --data DIR (and --id ID) for one that is not"
                            + " running");
        }
        BackupIndex index = data == null ? ofServer() : ofDirectory();
        if (json()) {
            out().println("{\"replica\":\"" + index.owner().replica() + "\",\"files\":"
                    + index.files().size() + ",\"bytes\":" + index.bytes() + "}");
        } else {
            out().println("a backup of replica " + index.owner().replica() + ", " + index.bytes() + " bytes in "
                    + index.files().size() + " files, is in " + to);
        }
        return ExitCode.OK;
    }

    private BackupIndex ofDirectory() throws IOException {
        return DataDirectory.backup(
                DataDirectory.find(data, Optional.ofNullable(id).map(NodeId::of)), to);
    }

    private BackupIndex ofServer() throws IOException {
        BackupArchive.requireNothing(to);
        try (InputStream archive = server().download("/backup")) {
            return BackupArchive.unpack(archive, to);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the backup of the replica at " + node() + " broke off, and nothing is in " + to + ": "
                            + FileProblem.of(e));
        }
    }
}
