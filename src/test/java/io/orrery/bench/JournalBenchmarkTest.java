package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.SyncPolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark measures what it says: recovery fails unless all that was kept is found. */
class JournalBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void measuresAppendsAndRecovery() {
        JournalBenchmark benchmark = new JournalBenchmark(directory, 3, Duration.ofMillis(5));
        JournalBenchmark.Appends appends = benchmark.appends(SyncPolicy.ALWAYS, 10);
        assertTrue(appends.lowest() > 0);
        assertTrue(appends.lowest() <= appends.median() && appends.median() <= appends.highest());
        JournalBenchmark.Recovery recovery = benchmark.recovery(25_001);
        assertEquals(25_001, recovery.keys());
        assertTrue(recovery.seconds() > 0);
    }
}
