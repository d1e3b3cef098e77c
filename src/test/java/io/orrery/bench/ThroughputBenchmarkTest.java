package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
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
                .run(List.of(Protocols.named("leader-quorum")));
        assertEquals(
                List.of(
                        "leader-quorum, warm",
                        "leader-quorum, GET, 1 connections",
                        "leader-quorum, GET, 4 connections",
                        "leader-quorum, PUT, 1 connections",
                        "leader-quorum, PUT, 4 connections"),
                progress);
        assertEquals(options.steps(1), progress.size());
        assertEquals(4, figures.size());
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
            assertTrue(figure.cpuRatio().lowest() > 0, figure.toString());
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
        assertRefused("a round takes a time above 0", () -> new Options(3, List.of(1), 1, Duration.ZERO, SHORT, 1));
    }

    private static void assertRefused(String named, Runnable mistake) {
        String message =
                assertThrows(IllegalArgumentException.class, mistake::run).getMessage();
        assertTrue(message.contains(named), message);
    }

    @Test
    void theAimIsForTheMedianRatioOfGetsAndOfTheLightestPuts() {
        assertEquals(OptionalDouble.of(0.90), figure("cops", Operation.GET, 0.9).aim());
        assertEquals(
                OptionalDouble.of(0.75),
                figure("lamport-lww", Operation.PUT, 0.9).aim());
        assertEquals(OptionalDouble.empty(), figure("cops", Operation.PUT, 0.9).aim());
        assertTrue(figure("cops", Operation.GET, 0.9).isMet());
        assertFalse(figure("cops", Operation.GET, 0.89).isMet());
        assertTrue(figure("lamport-lww", Operation.PUT, 0.75).isMet());
        assertFalse(figure("lamport-lww", Operation.PUT, 0.74).isMet());
    }

    private static Figure figure(String protocol, Operation operation, double ratio) {
        Side side = new Side(Spread.of(1), new Histogram(3), Spread.of(1));
        return new Figure(
                Protocols.named(protocol), operation, 1, side, side, Spread.of(ratio, ratio - 0.2, 2), Spread.of(1));
    }

    @Test
    void aServerIsWarmWhenItGetsNoQuickerOrWhenTheTimeIsOver() throws InterruptedException {
        assertEquals(6, passes(20, 100, 200, 300, 400, 401, 380, 500));
        assertEquals(5, passes(20, 100, 90, 200, 200, 190, 500), "one slow pass is no end");
        assertEquals(3, passes(3, 100, 200, 300, 400));
        assertEquals(0, passes(0, 100));
    }

    private static int passes(int most, double... rates) throws InterruptedException {
        int[] next = {0};
        return WarmUp.run(() -> rates[next[0]++], most);
    }
}
