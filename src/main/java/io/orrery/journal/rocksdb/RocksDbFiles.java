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

/** What has to be known of RocksDB's files: what may not be missing, and how its errors read. */
final class RocksDbFiles {
    /** Named while a database is made that nothing has been written to; its first log comes later. */
    private static final String MANIFEST_OF_BEGINNING = "MANIFEST-000001";

    static final String CURRENT = "CURRENT";

    private static final Pattern MISSING_LOG = Pattern.compile("Missing WAL with log number: (\\d+)");

    private RocksDbFiles() {}

    /** RocksDB writes of what it does into a file of the directory, even of one that another process uses; not so here. */
    private static final class Silent extends Logger {
        /** Made when the native library is there. */
        static final Silent INSTANCE = new Silent();

        private Silent() {
            super(InfoLogLevel.FATAL_LEVEL);
        }

        @Override
        protected void log(InfoLogLevel level, String line) {}
    }

    /** For who looks into a directory and must leave it as it is. */
    static Options silentOptions() {
        return RocksDbStore.options().setLogger(Silent.INSTANCE);
    }

    /**
     * Without its pointer to the manifest RocksDB would take the directory for a new one, and begin again over the data;
     * and without its log it would take it for one in which nothing has been written since the last table.
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
            // As long as a database lives it has a log: the next one is there before the last one goes.
            throw new JournalException("the journal is damaged: its log " + directory + "/*.log is missing");
        }
        ContentsFile.requireList(directory);
    }

    /**
     * The list of the database's files that is in use.
     *
     * @throws JournalException when there is none
     */
    static Path manifest(Path directory) throws IOException {
        Path current = directory.resolve(CURRENT);
        // In the letters of its bytes: what is damaged is no UTF-8.
        String name = Files.readString(current, StandardCharsets.ISO_8859_1).strip();
        if (!name.matches("MANIFEST-\\d{1,18}") || !Files.exists(directory.resolve(name))) {
            throw new JournalException("the journal is damaged: " + current + " does not name a file that is there");
        }
        return directory.resolve(name);
    }

    /** The number in the name of a list of files. */
    static long number(Path manifest) {
        return Long.parseLong(manifest.getFileName().toString().substring("MANIFEST-".length()));
    }

    /**
     * Opens a database of which nothing is missing, as far as that is seen without opening it.
     *
     * @throws JournalException when it is damaged or in use
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

    /** Deletes a directory that has files in it and no other directories; it may not be there. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            for (Path file : files(directory, ".*")) {
                Files.delete(file);
            }
            Files.delete(directory);
        }
    }

    /** Those whose whole name is like that, in the order of their names. */
    static List<Path> files(Path directory, String name) throws IOException {
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
