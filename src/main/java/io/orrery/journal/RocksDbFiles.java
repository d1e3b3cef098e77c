package io.orrery.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What has to be known of RocksDB's files: the native library, what may not be missing, and how its errors read. */
final class RocksDbFiles {
    private RocksDbFiles() {}

    /**
     * Loads the native library, once for the process. It is put into the data directory, where the next start finds the
     * same place: in the system's directory for temporary files each process that is killed would leave one behind.
     */
    static void loadLibrary(Path directory) throws IOException {
        try {
            NativeLibraryLoader.getInstance()
                    .loadLibrary(directory.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            // From a disk that is mounted for data alone nothing can be run.
            NativeLibraryLoader.getInstance().loadLibrary(null);
        }
    }

    /** Without its pointer to the manifest RocksDB would take the directory for a new one, and begin again over the data. */
    static void requireWhole(Path directory) throws IOException {
        Path current = directory.resolve("CURRENT");
        if (!Files.exists(current)
                && !(tables(directory).isEmpty() && logs(directory).isEmpty())) {
            throw new JournalException("the journal is damaged: " + current + " is missing");
        }
    }

    static List<Path> logs(Path directory) throws IOException {
        return files(directory, "\\d+\\.log");
    }

    static List<Path> tables(Path directory) throws IOException {
        return files(directory, "\\d+\\.sst");
    }

    private static List<Path> files(Path directory, String name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    /** What RocksDB says, as one line that names the file or directory. */
    static JournalException problem(Path directory, RocksDBException e) {
        Status.Code code =
                e.getStatus() == null ? Status.Code.Undefined : e.getStatus().getCode();
        String said = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        if (said.contains("LOCK") || said.contains("lock hold")) {
            return new JournalException("the data directory " + directory + " is in use by another process", e);
        }
        if (code == Status.Code.Corruption) {
            return new JournalException("the journal is damaged: " + said + named(directory, said), e);
        }
        return new JournalException("the journal in " + directory + " failed: " + said, e);
    }

    private static String named(Path directory, String said) {
        if (said.matches(".*\\b(\\d+\\.(log|sst)|MANIFEST-\\d+|CURRENT)\\b.*")) {
            return said.contains(directory.toString()) ? "" : ", in " + directory;
        }
        try {
            return logs(directory).stream().map(Path::toString).collect(Collectors.joining(", ", " (", ")"));
        } catch (IOException unreadable) {
            return ", in " + directory;
        }
    }
}
