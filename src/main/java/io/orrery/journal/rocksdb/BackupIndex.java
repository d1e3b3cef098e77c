package io.orrery.journal.rocksdb;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orrery.journal.JournalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The list of the files that a backup must contain. A backup is a directory with this list, in the file {@value #FILE}, and
 * the listed files, which are a RocksDB database.
 *
 * @param format of backups: {@value #FORMAT}
 */
public record BackupIndex(int format, DataOwner owner, List<Entry> files) {
    static final String FILE = "BACKUP";
    static final int FORMAT = 1;
    private static final int PART = 64 << 10;
    /** The names of RocksDB's files. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A file of the database. */
    public record Entry(String name, long bytes, String sha256) {
        public Entry {
            Objects.requireNonNull(sha256, "sha256");
            if (!isName(name)) {
                throw new IllegalArgumentException("it names a file that does not belong to a database");
            }
        }
    }

    public BackupIndex {
        if (format != FORMAT) {
            throw new IllegalArgumentException("it is of the format " + format);
        }
        Objects.requireNonNull(owner, "owner");
        files = List.copyOf(files);
        if (files.stream().noneMatch(file -> file.name().equals(RocksDbFiles.CURRENT))) {
            // Without this file RocksDB would make a new database.
            throw new IllegalArgumentException("it names no " + RocksDbFiles.CURRENT);
        }
    }

    /** Whether a file of a database may have that name. No such name leads out of the backup. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The size of all files together, in bytes. */
    public long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    byte[] written() throws IOException {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    /**
     * Reads a whole backup, and compares it with its index.
     *
     * @throws JournalException if it is incomplete or damaged, or this version does not read its format
     */
    public static BackupIndex whole(Path backup) throws IOException {
        BackupIndex index;
        try {
            JsonNode list = MAPPER.readTree(Files.readAllBytes(backup.resolve(FILE)));
            JsonNode format = list.path("format");
            if (format.isNumber() && format.asInt() != FORMAT) {
                throw new JournalException(
                        "the backup " + backup + " has the format " + format + "; this version reads format " + FORMAT);
            }
            index = Objects.requireNonNull(MAPPER.treeToValue(list, BackupIndex.class));
        } catch (NoSuchFileException e) {
            throw new JournalException(
                    Files.isDirectory(backup)
                            ? backup + " is not a backup, or an incomplete one: it has no file " + FILE
                            : backup + ": there is no such backup",
                    e);
        } catch (JournalException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new JournalException(backup.resolve(FILE) + " cannot be read; the backup is incomplete", e);
        }
        for (Entry entry : index.files) {
            Path file = backup.resolve(entry.name());
            if (!Files.isRegularFile(file)) {
                throw notWhole(backup, entry.name() + " is missing");
            }
            if (Files.size(file) != entry.bytes()) {
                throw notWhole(backup, entry.name() + " has " + Files.size(file) + " bytes, and had " + entry.bytes());
            }
            if (!digest(file).equals(entry.sha256())) {
                throw notWhole(backup, entry.name() + " has been changed");
            }
        }
        return index;
    }

    private static JournalException notWhole(Path backup, String why) {
        return new JournalException("the backup " + backup + " is incomplete: " + why);
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] part = new byte[PART];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                digest.update(part, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java version has it.
        }
    }
}
