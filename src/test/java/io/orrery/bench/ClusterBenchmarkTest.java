package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.launch.TestNodes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark measures what it says: a node that does not get ready, or a write that is not done, ends it with an error. */
@Tag("process")
@Timeout(180)
class ClusterBenchmarkTest {
    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    @Test
    void measuresStartsAndRecovery() throws Exception {
        ClusterBenchmark benchmark = benchmark(1);
        assertPlausible(benchmark.startAlone().seconds());
        ClusterBenchmark.Start recovery = benchmark.recovery(10_001);
        assertEquals("recovers 10,001 keys", recovery.node());
        assertPlausible(recovery.seconds());
        assertTrue(progress.contains("recovers 10,001 keys: round 1 of 1"), progress.toString());
        assertEquals(ClusterBenchmark.steps(2, 0, 1), progress.size(), progress.toString());
    }

    @Test
    void measuresWritesWithEachQuorumByTurns() throws Exception {
        List<ClusterBenchmark.Writes> both =
                benchmark(2).writes(JournalKind.MEMORY, List.of(1, 2), 4, Duration.ofMillis(100));
        assertEquals(
                List.of(1, 2),
                both.stream().map(ClusterBenchmark.Writes::quorum).toList());
        both.forEach(ClusterBenchmarkTest::assertPlausible);
        assertEquals(ClusterBenchmark.steps(0, 2, 2), progress.size(), progress.toString());
        String what = "writes, journal memory, W = ";
        assertEquals(
                List.of(
                        what + "1: round 1 of 2",
                        what + "2: round 1 of 2",
                        what + "2: round 2 of 2",
                        what + "1: round 2 of 2"),
                progress.subList(progress.size() - 4, progress.size()));
    }

    private ClusterBenchmark benchmark(int rounds) {
        return new ClusterBenchmark(directory, List.of(TestNodes.QUICK), rounds, 1, progress::add);
    }

    private static void assertPlausible(ClusterBenchmark.Writes writes) {
        assertPlausible(writes.perSecond());
        // Each of the clients has one write under way at a time.
        double meanNanos = writes.latencies().getMean();
        assertTrue(meanNanos > 0 && meanNanos < 4e9 / writes.perSecond().lowest() * 1.5, "mean " + meanNanos);
        // It is told in ticks of the system: in a short time there may be none.
        assertTrue(writes.loadCpu() >= 0 && writes.loadCpu() <= 1.01, "load " + writes.loadCpu());
    }

    private static void assertPlausible(Spread spread) {
        assertTrue(spread.lowest() > 0, spread.toString());
        assertTrue(spread.lowest() <= spread.median() && spread.median() <= spread.highest(), spread.toString());
    }
}
