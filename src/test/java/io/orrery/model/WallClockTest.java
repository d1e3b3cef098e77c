package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WallClockTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    @Test
    void aFileMovesItAndIsReadAgain() throws IOException {
        Path file = Files.writeString(directory.resolve("clock"), "0\n");
        WallClock.moveBy(file);
        assertEquals(0, hoursAhead());
        Files.writeString(file, "-7200000");
        assertEquals(-2, hoursAhead());
        assertEquals(-2, hours(Duration.between(Instant.now(), WallClock.now())));
    }

    @AfterEach
    void moveBack() {
        WallClock.moveBack();
    }

    private static long hoursAhead() {
        return hours(Duration.ofMillis(WallClock.millis() - System.currentTimeMillis()));
    }

    private static long hours(Duration ahead) {
        return Math.round((double) ahead.toMillis() / HOUR.toMillis());
    }

    @Test
    void whatIsNoTimeIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("clock"), "soon");
        assertEquals(
                file + " holds a whole number of milliseconds, and not \"soon\"",
                assertThrows(IllegalArgumentException.class, () -> WallClock.moveBy(file))
                        .getMessage());
        assertThrows(UncheckedIOException.class, () -> WallClock.moveBy(directory.resolve("none")));
    }
}
