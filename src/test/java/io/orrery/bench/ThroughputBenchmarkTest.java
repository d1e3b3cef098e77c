package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.bench.ThroughputBenchmark.Figure;
import io.orrery.bench.ThroughputBenchmark.Operation;
import io.orrery.bench.ThroughputBenchmark.Options;
import io.orrery.bench.ThroughputBenchmark.Side;
import io.orrery.protocol.Protocols;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark measures what it says: a request that is not answered as it should be ends it with an error. */
class ThroughputBenchmarkTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    @Tag("process")
    @Timeout(180)
    void measuresEachOperationOfEachProtocolWithEachNumberOfConnections(@TempDir Path directory) throws Exception {
        Options options = new Options(2, List.of(1, 4), 3, SHORT, SHORT, 1);
        List<String> progress = new ArrayList<>();
        List<Figure> figures = new ThroughputBenchmark(directory, options, progress::add)
                .run(List.of(Protocols.named("lamport-lww"), Protocols.named("leader-quorum")));
        assertEquals(
                List.of(
                        "lamport-lww, GET, 1 connections",
                        "lamport-lww, GET, 4 connections",
                        "lamport-lww, PUT, 1 connections",
                        "lamport-lww, PUT, 4 connections",
                        "leader-quorum, GET, 1 connections",
                        "leader-quorum, GET, 4 connections",
                        "leader-quorum, PUT, 1 connections",
                        "leader-quorum, PUT, 4 connections"),
                progress);
        assertEquals(options.figures(2), figures.size());
        for (Figure figure : figures) {
            assertTrue(progress.contains(
                    figure.protocol() + ", " + figure.operation() + ", " + figure.connections() + " connections"));
            assertPlausible(figure.orrery(), figure.connections());
            assertPlausible(figure.bare(), figure.connections());
            // The ratio of each round lies between those of the extremes.
            Spread ratio = figure.ratio();
            Spread ours = figure.orrery().perSecond();
            Spread theirs = figure.bare().perSecond();
            assertTrue(ratio.lowest() >= ours.lowest() / theirs.highest(), figure.toString());
            assertTrue(ratio.highest() <= ours.highest() / theirs.lowest(), figure.toString());
            assertTrue(figure.cpuRatio() > 0, figure.toString());
        }
    }

    /** Each client has one request under way at a time: together they spend no more time than there is. */
    private static void assertPlausible(Side side, int connections) {
        double meanNanos = side.latencies().getMean();
        assertTrue(side.perSecond().lowest() > 0, side.toString());
        assertTrue(
                meanNanos > 0
                        && meanNanos < connections * 1e9 / side.perSecond().lowest() * 1.5,
                side.toString());
    }

    @Test
    void numbersBelowOneAreRefused() {
        assertRefused("--rounds", () -> new Options(3, List.of(1), 0, SHORT, SHORT, 1));
        assertRefused("--replicas", () -> new Options(0, List.of(1), 1, SHORT, SHORT, 1));
        assertRefused("[1, 0]", () -> new Options(3, List.of(1, 0), 1, SHORT, SHORT, 1));
        assertRefused("[]", () -> new Options(3, List.of(), 1, SHORT, SHORT, 1));
        assertRefused("a round takes some time", () -> new Options(3, List.of(1), 1, Duration.ZERO, SHORT, 1));
    }

    private static void assertRefused(String named, Runnable mistake) {
        String message =
                assertThrows(IllegalArgumentException.class, mistake::run).getMessage();
        assertTrue(message.contains(named), message);
    }

    @Test
    void figuresAreCountedAhead() {
        assertEquals(
                2 * Operation.values().length * 3, new Options(3, List.of(1, 8, 32), 1, SHORT, SHORT, 1).figures(2));
    }
}
