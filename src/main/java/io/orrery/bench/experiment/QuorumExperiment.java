package io.orrery.bench.experiment;

import io.orrery.bench.experiment.Testbed.Ask;
import io.orrery.bench.experiment.Testbed.Sample;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.Protocols;
import java.awt.BasicStroke;
import java.awt.Color;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The performance analysis of the write-quorum lab: the latency of concurrent writes, for each quorum from 1 to the
 * number of followers, and the time until all followers have all writes.
 */
public final class QuorumExperiment {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * @param clients the number of concurrent clients
     * @param writes the number of writes by all clients together
     */
    public record Options(int followers, int clients, int writes, int keys, Delay delay, long seed) {
        /** @throws IllegalArgumentException if a number is below 1 */
        public Options {
            if (followers < 1 || clients < 1 || writes < 1 || keys < 1) {
                throw new IllegalArgumentException("--followers, --clients, --writes and --keys are 1 or more, not "
                        + followers + ", " + clients + ", " + writes + " and " + keys);
            }
        }
    }

    /**
     * @param holders the mean number of followers that had a write when it returned; empty if the testbed cannot
     *     observe it
     * @param agreedAfter the time from the last answer until all replicas held the same; empty if longer than a minute
     */
    public record Figure(int quorum, Latencies writes, OptionalDouble holders, Optional<Duration> agreedAfter) {}

    private final Options options;

    public QuorumExperiment(Options options) {
        this.options = options;
    }

    public Figure measure(int quorum, Testbed.Factory testbeds) {
        TestbedSpec testbedSpec = new TestbedSpec(
                Protocols.named("leader-quorum"),
                options.followers() + 1,
                quorum,
                options.delay(),
                Duration.ZERO,
                options.seed());
        try (Testbed testbed = testbeds.start(testbedSpec)) {
            List<Sample> samples = testbed.run(scripts(testbedSpec.leader()));
            Duration agreed = testbed.waitUntil(() -> agree(testbed.contents()), LIMIT);
            return new Figure(
                    quorum,
                    Latencies.of(samples, sample -> true),
                    followersWithWrite(samples),
                    Optional.of(agreed).filter(after -> after.compareTo(LIMIT) < 0));
        }
    }

    private static OptionalDouble followersWithWrite(List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.holders().isPresent())
                .mapToInt(sample -> sample.holders().getAsInt() - 1)
                .average();
    }

    private List<List<Ask>> scripts(NodeId leader) {
        SeededRandom random = SeededRandom.stream(options.seed(), "workload");
        List<List<Ask>> scripts = Stream.<List<Ask>>generate(ArrayList::new)
                .limit(options.clients())
                .toList();
        for (int write = 0; write < options.writes(); write++) {
            Key key = Key.of("k" + random.nextInt(options.keys()));
            scripts.get(write % scripts.size()).add(new Ask(leader, new Operation.Write(key, Value.of(write))));
        }
        return scripts;
    }

    private static boolean agree(Map<NodeId, Map<String, String>> contents) {
        return new HashSet<>(contents.values()).size() == 1;
    }

    public static Sheet sheet(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .count("quorum", "quorum")
                .latencies("write", "write")
                .mean("followersWithWrite", "followers with it at the answer")
                .millis("agreedAfterMillis", "all agree after");
        for (Figure figure : figures) {
            OptionalDouble holders = figure.holders();
            sheet.row()
                    .add(figure.quorum())
                    .latencies(figure.writes())
                    .add(holders.isPresent() ? holders.getAsDouble() : null)
                    .add(figure.agreedAfter()
                            .map(after -> after.toNanos() / 1e6)
                            .orElse(null));
        }
        return sheet;
    }

    public static LineChart plot(List<Figure> figures) {
        return new LineChart("quorum", () -> {
            XYChart chart = LineChart.empty(
                    760,
                    460,
                    "Each further follower that must answer makes a write wait longer",
                    "write quorum (followers)",
                    "milliseconds from request to answer");
            chart.getStyler().setXAxisMin(0.5).setXAxisMax(figures.size() + 0.5).setYAxisMin(0.0);
            chart.getStyler().setXAxisDecimalPattern("0").setXAxisTickMarkSpacingHint(100);
            add(
                    chart,
                    "99th percentile",
                    SeriesMarkers.TRIANGLE_UP,
                    SeriesLines.DOT_DOT,
                    figures,
                    it -> it.percentile(99));
            add(
                    chart,
                    "95th percentile",
                    SeriesMarkers.DIAMOND,
                    SeriesLines.DASH_DASH,
                    figures,
                    it -> it.percentile(95));
            add(chart, "mean", SeriesMarkers.SQUARE, SeriesLines.SOLID, figures, Latencies::mean);
            add(chart, "median", SeriesMarkers.CIRCLE, SeriesLines.DASH_DOT, figures, it -> it.percentile(50));
            return chart;
        });
    }

    private static void add(
            XYChart chart,
            String name,
            Marker marker,
            BasicStroke stroke,
            List<Figure> figures,
            ToDoubleFunction<Latencies> which) {
        double[] quorums = figures.stream().mapToDouble(Figure::quorum).toArray();
        double[] millis = figures.stream()
                .mapToDouble(figure -> which.applyAsDouble(figure.writes()))
                .toArray();
        Color colour = LineChart.COLOURS[chart.getSeriesCollection().size()];
        LineChart.line(chart, name, quorums, millis, colour, marker, stroke);
    }
}
