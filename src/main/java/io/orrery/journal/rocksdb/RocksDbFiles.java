package io.orrery.journal.rocksdb;

import io.orrery.journal.JournalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Logger;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** RocksDB's files: which of them must be there, and what its error messages mean. */
final class RocksDbFiles {
    /** The manifest of a new database, to which nothing has been written, and which has no log yet. */
    private static final String MANIFEST_OF_BEGINNING = "MANIFEST-000001";

    static final String CURRENT = "CURRENT";

    private static final Pattern MISSING_LOG = Pattern.compile("Missing WAL with log number: (\\d+)");

    private RocksDbFiles() {}

    /** Replaces RocksDB's log file, which RocksDB would write even to a directory that another process uses. */
    private static final class Silent extends Logger {
        /** Is made after the native library is loaded. */
        static final Silent INSTANCE = new Silent();

        private Silent() {
            super(InfoLogLevel.FATAL_LEVEL);
        }

        @Override
        protected void log(InfoLogLevel level, String line) {}
    }

    /** Options for a reader that may not change the directory. */
    static Options silentOptions() {
        return RocksDbStore.options().setLogger(Silent.INSTANCE);
    }

    /**
     * Requires the files whose loss RocksDB does not notice. Without its pointer to the manifest RocksDB would make a new
     * database over the data. Without its log it would lose what was written since the last table.
     */
    static void requireWhole(Path directory) throws IOException {
        if (Files.exists(directory.resolve(BackupIndex.FILE))) {
            throw new JournalException(directory + " is a backup: ./run.sh restore makes a data directory of it");
        }
        Path current = directory.resolve(CURRENT);
        boolean hasLog = !logs(directory).isEmpty();
        if (!Files.exists(current)) {
            if (hasLog || !tables(directory).isEmpty() || Files.exists(directory.resolve(ContentsFile.FILE))) {
                throw new JournalException("the journal is damaged: " + current + " is missing");
            }
            return;
        }
        if (!hasLog && !manifest(directory).endsWith(MANIFEST_OF_BEGINNING)) {
            // A database always has a log: RocksDB makes the next log before it deletes the last.
            throw new JournalException("the journal is damaged: its log " + directory + "/*.log is missing");
        }
        ContentsFile.requireList(directory);
    }

    /**
     * The manifest in use, which lists the files of the database.
     *
     * @throws JournalException if there is none
     */
    static Path manifest(Path directory) throws IOException {
        Path current = directory.resolve(CURRENT);
        // Each byte as a character, because a damaged file may not be UTF-8.
        String name = Files.readString(current, StandardCharsets.ISO_8859_1).strip();
        if (!name.matches("MANIFEST-\\d{1,18}") || !Files.exists(directory.resolve(name))) {
            throw new JournalException("the journal is damaged: " + current + " does not name a file that is there");
        }
        return directory.resolve(name);
    }

    /** The number in the name of a manifest. */
    static long number(Path manifest) {
        return Long.parseLong(manifest.getFileName().toString().substring("MANIFEST-".length()));
    }

    /**
     * Opens a database, and verifies its checksums.
     *
     * @throws JournalException if it is incomplete, damaged or in use
     */
    static RocksDB open(Options options, Path directory) throws IOException {
        requireWhole(directory);
        RocksDB database = null;
        try {
            database = RocksDB.open(options, directory.toString());
            JournalCheckpoint.forget(directory);
            database.verifyChecksum();
            return database;
        } catch (RocksDBException e) {
            if (database != null) {
                database.close();
            }
            throw problem(directory, e);
        }
    }

    static List<Path> logs(Path directory) throws IOException {
        return files(directory, "\\d+\\.log");
    }

    static List<Path> tables(Path directory) throws IOException {
        return files(directory, "\\d+\\.sst");
    }

    /** Deletes a directory that contains only files. Does nothing if it does not exist. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            for (Path file : files(directory, ".*")) {
                Files.delete(file);
            }
            Files.delete(directory);
        }
    }

    /** The files whose whole name matches a pattern, in the order of their names. */
    static List<Path> files(Path directory, String name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    /** RocksDB's message as one line that names the file or directory. */
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
        Matcher missing = MISSING_LOG.matcher(said);
        if (missing.find()) {
            return " (" + directory.resolve(String.format("%06d.log", Long.valueOf(missing.group(1)))) + ")";
        }
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
