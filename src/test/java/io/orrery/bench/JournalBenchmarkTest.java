package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.SyncPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark measures what it says: recovery fails unless all that was kept is found. */
class JournalBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void measuresAppendsAndRecovery() {
        List<String> progress = new ArrayList<>();
        JournalBenchmark benchmark = new JournalBenchmark(directory, 3, Duration.ofMillis(5), progress::add);
        JournalBenchmark.Appends appends = benchmark.appends(SyncPolicy.ALWAYS, 10);
        assertPlausible(appends.perSecond());
        JournalBenchmark.Recovery recovery = benchmark.recovery(25_001);
        assertEquals(25_001, recovery.keys());
        assertPlausible(recovery.seconds());
        assertTrue(recovery.seconds().lowest() < recovery.seconds().highest(), "each round is measured");
        assertEquals(JournalBenchmark.steps(2, 3), progress.size(), progress.toString());
    }

    private static void assertPlausible(Spread spread) {
        assertTrue(spread.lowest() > 0, spread.toString());
        assertTrue(spread.lowest() <= spread.median() && spread.median() <= spread.highest(), spread.toString());
    }
}
