package io.orrery.journal.rocksdb;

import io.orrery.journal.JournalException;
import io.orrery.model.FileProblem;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Finds, backs up and restores the directory of a replica that does not run. */
public final class DataDirectory {
    private static final String PREFIX = "replica-";

    private DataDirectory() {}

    /** The directory in which a replica keeps its data. */
    public static Path of(Path data, NodeId replica) {
        return data.resolve(PREFIX + replica);
    }

    /** Whether a replica has kept anything in its directory, which is made before there is any data. */
    public static boolean hasStore(Path directory) {
        return Files.exists(directory.resolve(RocksDbFiles.CURRENT));
    }

    /**
     * What a replica has kept of its cluster, read without changing the directory; empty if it has kept nothing.
     *
     * @throws JournalException if the directory holds no journal, or a damaged one
     */
    public static byte[] belonging(Path directory) {
        try {
            return DataOwner.belonging(directory);
        } catch (IOException e) {
            throw failed(directory + " cannot be read", e);
        }
    }

    /**
     * Finds the directory of a replica.
     *
     * @param data the directory of one replica, or a directory that contains those of replicas
     * @param replica may be empty if there is only one
     * @throws JournalException if there is none, or more than one
     */
    public static Path find(Path data, Optional<NodeId> replica) throws IOException {
        if (replica.isPresent()) {
            return of(data, replica.get());
        }
        if (hasStore(data)) {
            return data;
        }
        List<Path> found = replicasIn(data);
        if (found.size() != 1) {
            throw new JournalException(
                    found.isEmpty()
                            ? data + " has no data of a replica"
                            : data + " has data of " + found.size() + " replicas, "
                                    + found.stream()
                                            .map(it -> it.getFileName().toString())
                                            .collect(Collectors.joining(", "))
                                    + ": say which with --id");
        }
        return found.get(0);
    }

    private static List<Path> replicasIn(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(data)) {
            return inside.filter(it -> it.getFileName().toString().startsWith(PREFIX))
                    .filter(DataDirectory::hasStore)
                    .sorted()
                    .toList();
        }
    }

    /**
     * Makes a backup of the directory of a replica that does not run.
     *
     * @param to is made with the whole backup, or not at all
     * @throws JournalException if there is no such directory, or it is in use, damaged, or of another format
     */
    public static BackupIndex backup(Path directory, Path to) {
        BackupArchive.requireNothing(to);
        if (!hasStore(directory)) {
            throw new JournalException(directory + " has no data of a replica");
        }
        try {
            DataOwner dataOwner = DataOwner.of(directory);
            dataOwner.requireFormat(directory);
            try (Options options = RocksDbFiles.silentOptions();
                    RocksDB database = RocksDbFiles.open(options, directory)) {
                ContentsFile.requireRecords(directory, database);
                try (InputStream archive = BackupArchive.of(JournalCheckpoint.of(database, directory))) {
                    return BackupArchive.unpack(archive, to);
                } finally {
                    // RocksDB has begun another manifest when it opened the database.
                    ContentsFile.begin(directory, database).close();
                }
            }
        } catch (IOException e) {
            throw failed("the backup " + to + " cannot be made", e);
        }
    }

    /**
     * Makes the directory of a replica if it is missing, and withdraws the permissions of other users if the system has such
     * permissions.
     *
     * @throws JournalException if that fails
     */
    public static void makePrivate(Path directory) {
        try {
            Files.createDirectories(directory);
            PosixFileAttributeView permissions = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
            if (permissions != null) {
                permissions.setPermissions(PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw failed(directory + " cannot be made private", e);
        }
    }

    /**
     * Restores a backup as the data of a replica. When the replica starts, its peers send what it knew beyond the backup. Each
     * start numbers its writes under a name of its own, so no number is used twice.
     *
     * @param data the directory in which the replica gets its directory
     * @return the directory of the replica
     * @throws JournalException if the backup is incomplete, or belongs to another cluster than the data there, or the replica
     *     has data there; nothing is changed then
     */
    public static Path restore(Path from, Path data) {
        try {
            BackupIndex index = BackupIndex.whole(from);
            DataOwner dataOwner = index.owner();
            dataOwner.requireFormat(from);
            Path directory = of(data, NodeId.of(dataOwner.replica()));
            if (Files.exists(directory)) {
                throw new JournalException(directory + " exists already, and a replica may be using it: stop it, move"
                        + " the directory away, and try again");
            }
            if (hasStore(data)) {
                throw new JournalException(
                        data + " is the directory of one replica: name the one that contains those of replicas,"
                                + " as for node");
            }
            for (Path other : replicasIn(data)) {
                readable(other).ifPresent(it -> dataOwner.requireSameCluster(from, it, other));
            }
            Files.createDirectories(data);
            Path unfinished = Files.createTempDirectory(data, "restore-");
            try {
                for (BackupIndex.Entry entry : index.files()) {
                    try (InputStream file = Files.newInputStream(from.resolve(entry.name()))) {
                        BackupArchive.write(file, unfinished.resolve(entry.name()));
                    }
                }
                begin(unfinished);
                Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                RocksDbFiles.delete(unfinished);
            }
            return directory;
        } catch (IOException e) {
            throw failed(from + " cannot be restored", e);
        }
    }

    /**
     * The owner of a neighbouring directory. Empty if it cannot be read: the directory may be damaged and moved away, or be
     * changing now. Replicas that start there compare their clusters again.
     */
    private static Optional<DataOwner> readable(Path directory) throws IOException {
        try {
            return Optional.of(DataOwner.of(directory));
        } catch (JournalException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Requires that the database opens, and writes its {@link ContentsFile}. */
    private static void begin(Path directory) throws IOException {
        NativeLibrary.load(directory);
        try (Options options = RocksDbFiles.silentOptions();
                RocksDB database = RocksDbFiles.open(options, directory)) {
            ContentsFile.begin(directory, database).close();
        }
    }

    private static JournalException failed(String what, IOException e) {
        return new JournalException(what + ": " + FileProblem.of(e), e);
    }
}
