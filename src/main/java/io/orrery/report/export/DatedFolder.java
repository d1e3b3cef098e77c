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

/** A folder for what came out at one time, beside those of other times. {@code latest} leads to the last one of them. */
public final class DatedFolder {
    private static final String LATEST = "latest";

    /** Without the colons, which some systems have no place for in a name; in the order of time. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    private DatedFolder() {}

    /**
     * Makes a folder that was not there before.
     *
     * @param parent the folder of all times, which is made where it is missing
     * @param at by the clock on the wall
     * @param ending what is to stand behind the time in its name
     */
    public static Path create(Path parent, Instant at, String ending) throws IOException {
        Files.createDirectories(parent);
        String name = TIME.format(at) + ending;
        for (int number = 1; ; number++) {
            try {
                return Files.createDirectory(parent.resolve(number == 1 ? name : name + "-" + number));
            } catch (FileAlreadyExistsException e) {
                // Another one of the same second.
            }
        }
    }

    /** Has {@code latest} lead to a folder, in which everything is written. */
    public static void makeLatest(Path folder) throws IOException {
        Path name = folder.getFileName();
        Path fresh = folder.resolveSibling(LATEST + "-" + name);
        try {
            Files.createSymbolicLink(fresh, name);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Not every system has links, or lets everybody make them.
            Files.writeString(fresh, name + "\n");
        }
        // At no time there is none, even when others write the same.
        Files.move(fresh, folder.resolveSibling(LATEST), StandardCopyOption.ATOMIC_MOVE);
    }
}
