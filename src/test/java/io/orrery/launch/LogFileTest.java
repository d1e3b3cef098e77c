package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    private Path directory;

    @Test
    void anotherStartKeepsTheLogOfTheOneBefore() throws Exception {
        Path file = directory.resolve("logs").resolve("A.log");
        for (String line : List.of("first", "second", "third")) {
            try (LogFile log = new LogFile(file, 100)) {
                log.append(line);
            }
        }
        assertEquals(List.of("third"), Files.readAllLines(file));
        assertEquals(List.of("second"), Files.readAllLines(directory.resolve("logs/A.log.1")));
        assertFalse(Files.exists(directory.resolve("logs/A.log.2")));
    }

    @Test
    void aLogThatIsBeingWrittenIsLeftAlone() throws Exception {
        Path file = directory.resolve("A.log");
        Path before = directory.resolve("A.log.1");
        try (LogFile log = new LogFile(file, 15)) {
            log.append("the first");
            log.append("the second");
            LaunchFailure failure = assertThrows(LaunchFailure.class, () -> new LogFile(file, 15));
            assertEquals(
                    "the log " + file + " is in use: nodes that were started earlier still run with this data",
                    failure.getMessage());
            assertEquals(List.of("the second"), Files.readAllLines(file));
            assertEquals(List.of("the first"), Files.readAllLines(before));
        }
        new LogFile(file, 15).close();
        assertEquals(List.of("the second"), Files.readAllLines(before));
    }

    @Test
    void aLogIsBounded() throws Exception {
        Path file = directory.resolve("A.log");
        try (LogFile log = new LogFile(file, 100)) {
            for (int i = 100; i < 1_000; i++) {
                log.append("line " + i);
            }
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals("line 999", lines.get(lines.size() - 1));
        List<String> before = Files.readAllLines(directory.resolve("A.log.1"));
        assertEquals(100 / "line 100\n".length(), before.size());
        assertEquals("line " + (1_000 - lines.size() - 1), before.get(before.size() - 1));
        assertFalse(Files.exists(directory.resolve("A.log.2")));
    }

    @Test
    void aLineThatIsLongerThanTheLimitIsKept() throws Exception {
        Path file = directory.resolve("A.log");
        try (LogFile log = new LogFile(file, 10)) {
            log.append("x".repeat(50));
        }
        assertEquals(List.of("x".repeat(50)), Files.readAllLines(file));
    }
}
