package io.orrery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.ClusterBenchmark;
import io.orrery.bench.ClusterBenchmark.Start;
import io.orrery.bench.ClusterBenchmark.Writes;
import io.orrery.bench.Spread;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.report.Table;
import io.orrery.report.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a cluster does on this machine. */
@Command(
        name = "cluster",
        description = {
            "How soon a node is ready: alone, beside two others, and with much to read again.",
            "How many writes the leader of three nodes takes in a second, and how long each takes: on disk and in memory,",
            "when one or two followers must have a write before it returns."
        })
final class BenchClusterCommand implements Callable<Integer> {
    private static final int[] QUORUMS = {1, 2};
    private static final double[] PERCENTILES = {50, 95, 99, 100};

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A directory on the disk that is to be measured (default: the current one).")
    private Path data = Path.of("");

    @Option(names = "--seconds", paramLabel = "N", description = "How long a round of writes takes (default: 5).")
    private int seconds = 5;

    @Option(names = "--connections", paramLabel = "N", description = "How many clients write (default: 32).")
    private int connections = 32;

    @Option(names = "--keys", paramLabel = "N", description = "How many keys are recovered (default: 1,000,000).")
    private int keys = 1_000_000;

    @Mixin
    private BenchOptions options;

    @Spec
    private CommandSpec spec;

    private record Figures(List<Start> starts, List<Writes> writes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.atLeastOne("--seconds", seconds);
        options.atLeastOne("--connections", connections);
        options.atLeastOne("--keys", keys);
        PrintWriter progress = spec.commandLine().getErr();
        try (ScratchDirectory scratch = ScratchDirectory.in(data)) {
            Figures figures = measure(new ClusterBenchmark(scratch.path(), options.rounds(), line -> {
                progress.println(line);
                progress.flush();
            }));
            options.print(() -> asJson(figures), () -> asTables(figures));
        }
        return ExitCode.OK;
    }

    private Figures measure(ClusterBenchmark benchmark) throws IOException, InterruptedException {
        List<Start> starts = List.of(benchmark.startAlone(), benchmark.startBesideTwo(), benchmark.recovery(keys));
        List<Writes> writes = new ArrayList<>();
        for (JournalKind journal : List.of(JournalKind.ROCKSDB, JournalKind.MEMORY)) {
            for (int quorum : QUORUMS) {
                writes.add(benchmark.writes(journal, quorum, connections, Duration.ofSeconds(seconds)));
            }
        }
        return new Figures(starts, writes);
    }

    private String asTables(Figures figures) {
        Table starts = new Table()
                .column("a node that")
                .number("ready after")
                .number("lowest")
                .number("highest");
        for (Start start : figures.starts()) {
            Spread times = start.seconds();
            starts.row(start.node(), time(times.median()), time(times.lowest()), time(times.highest()));
        }
        Table writes = new Table()
                .column("journal")
                .number("W")
                .number("writes/s")
                .number("lowest")
                .number("highest")
                .number("p50")
                .number("p95")
                .number("p99")
                .number("max")
                .number("load's CPU");
        for (Writes figure : figures.writes()) {
            List<Object> cells = new ArrayList<>(List.of(
                    name(figure.journal()),
                    figure.quorum(),
                    grouped(figure.perSecond().median()),
                    grouped(figure.perSecond().lowest()),
                    grouped(figure.perSecond().highest())));
            for (double percentile : PERCENTILES) {
                cells.add(time(secondsAt(percentile, figure)));
            }
            cells.add(String.format(Locale.ROOT, "%.0f%%", figure.loadCpu() * 100));
            writes.row(cells.toArray());
        }
        return String.join(System.lineSeparator(), starts.toString(), "", writes.toString(), "", conditions());
    }

    private String conditions() {
        return String.format(
                Locale.ROOT,
                "%d processors, Java %s; ./run.sh bench cluster --rounds %d --seconds %d --connections %d --keys %d",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                options.rounds(),
                seconds,
                connections,
                keys);
    }

    private static double secondsAt(double percentile, Writes figure) {
        return figure.latencies().getValueAtPercentile(percentile) / 1e9;
    }

    private static String time(double seconds) {
        return Times.rounded(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    private static String grouped(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private static String name(JournalKind journal) {
        return journal.name().toLowerCase(Locale.ROOT);
    }

    private JsonNode asJson(Figures figures) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("processors", Runtime.getRuntime().availableProcessors())
                .put("java", System.getProperty("java.version"))
                .put("rounds", options.rounds())
                .put("seconds", seconds)
                .put("connections", connections)
                .put("keys", keys);
        ArrayNode starts = document.putArray("starts");
        for (Start start : figures.starts()) {
            starts.addObject()
                    .put("node", start.node())
                    .put("medianSeconds", start.seconds().median())
                    .put("lowestSeconds", start.seconds().lowest())
                    .put("highestSeconds", start.seconds().highest());
        }
        ArrayNode writes = document.putArray("writes");
        for (Writes figure : figures.writes()) {
            ObjectNode node = writes.addObject()
                    .put("journal", name(figure.journal()))
                    .put("quorum", figure.quorum())
                    .put("medianPerSecond", figure.perSecond().median())
                    .put("lowestPerSecond", figure.perSecond().lowest())
                    .put("highestPerSecond", figure.perSecond().highest())
                    .put("loadCpu", figure.loadCpu());
            ObjectNode latency = node.putObject("latencySeconds");
            for (double percentile : PERCENTILES) {
                String name = percentile == 100 ? "max" : String.format(Locale.ROOT, "p%.0f", percentile);
                latency.put(name, secondsAt(percentile, figure));
            }
        }
        return document;
    }
}
