package io.orrery.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The wall clock of this process: all code that needs the time of day reads it here. A file can shift it, which is how
 * a soak moves the clock of a running process. Thread-safe.
 */
public final class WallClock {
    private static volatile Path offsets;

    private WallClock() {}

    /**
     * Shifts this clock against that of the machine by the number in a file, which is read each time.
     *
     * @param file a whole number of milliseconds, which may be negative
     * @throws IllegalArgumentException when it says something else
     * @throws UncheckedIOException when it cannot be read
     */
    public static void moveBy(Path file) {
        read(file);
        offsets = file;
    }

    /** Undoes {@link #moveBy}. */
    static void moveBack() {
        offsets = null;
    }

    /** Milliseconds since the beginning of 1970, in UTC. */
    public static long millis() {
        Path file = offsets;
        return System.currentTimeMillis() + (file == null ? 0 : read(file));
    }

    public static Instant now() {
        return Instant.ofEpochMilli(millis());
    }

    private static long read(Path file) {
        String text = "";
        try {
            text = Files.readString(file).strip();
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    file + " holds a whole number of milliseconds, and not \"" + text + "\"", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
