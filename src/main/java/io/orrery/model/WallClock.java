package io.orrery.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The clock on the wall as this process reads it: all that a replica's process does by the time of day asks here. A file may
 * move it, as a machine's clock may be moved while processes run: that is how a soak does it. Threads may share it.
 */
public final class WallClock {
    private static volatile Path offsets;

    private WallClock() {}

    /**
     * From now on the clock is as far from that of the machine as a file says, which is read each time.
     *
     * @param file a whole number of milliseconds, which may be negative
     * @throws IllegalArgumentException when it says something else
     * @throws UncheckedIOException when it cannot be read
     */
    public static void moveBy(Path file) {
        read(file);
        offsets = file;
    }

    /** Back to the clock of the machine. */
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
