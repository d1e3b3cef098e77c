package io.orrery.report.export;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A folder for the results of one run, beside those of other runs, named by its time. {@code latest} points to the
 * newest.
 */
public final class DatedFolder {
    private static final String LATEST = "latest";

    /** Without colons, which some systems do not allow in names; sorts by time. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    private DatedFolder() {}

    /**
     * Creates a new folder.
     *
     * @param parent the folder of all times; created if missing
     * @param at the wall-clock time
     * @param ending the suffix of the name, after the time
     */
    public static Path create(Path parent, Instant at, String ending) throws IOException {
        Files.createDirectories(parent);
        String name = TIME.format(at) + ending;
        for (int number = 1; ; number++) {
            try {
                return Files.createDirectory(parent.resolve(number == 1 ? name : name + "-" + number));
            } catch (FileAlreadyExistsException e) {
                // Another run of the same second has this name: tries the next.
            }
        }
    }

    /** Points {@code latest} to a folder that is complete. */
    public static void makeLatest(Path folder) throws IOException {
        Path name = folder.getFileName();
        Path fresh = folder.resolveSibling(LATEST + "-" + name);
        try {
            Files.createSymbolicLink(fresh, name);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Some systems have no symbolic links, or do not let every user create them.
            Files.writeString(fresh, name + "\n");
        }
        // Atomic, so that it always exists, even with concurrent writers.
        Files.move(fresh, folder.resolveSibling(LATEST), StandardCopyOption.ATOMIC_MOVE);
    }
}
