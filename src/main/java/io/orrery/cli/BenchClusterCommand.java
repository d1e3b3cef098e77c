package io.orrery.cli;

import io.orrery.bench.ClusterBenchmark;
import io.orrery.bench.ClusterBenchmark.Start;
import io.orrery.bench.ClusterBenchmark.Writes;
import io.orrery.bench.experiment.Sheet;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.launch.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a cluster on this machine. */
@Command(
        name = "cluster",
        description = {
            "How soon a node is ready: alone, beside two others, and with much to recover.",
            "How many writes the leader of three nodes takes in a second, and how long each takes: on disk and in memory, "
                    + "when one or two followers must have a write before it returns."
        })
final class BenchClusterCommand implements Callable<Integer> {
    private static final int STARTS = 3;
    private static final List<JournalKind> JOURNALS = List.of(JournalKind.ROCKSDB, JournalKind.MEMORY);
    private static final List<Integer> QUORUMS = List.of(1, 2);
    private static final double[] PERCENTILES = {50, 95, 99, 100};

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A directory on the disk to measure (default: the current one).")
    private Path data = Path.of("");

    @Option(names = "--seconds", paramLabel = "N", description = "How long a round of writes takes (default: 5).")
    private int seconds = 5;

    @Option(names = "--connections", paramLabel = "N", description = "How many clients write (default: 32).")
    private int connections = 32;

    @Option(names = "--keys", paramLabel = "N", description = "How many keys are recovered (default: 1,000,000).")
    private int keys = 1_000_000;

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration roundTime = Duration.ofSeconds(RoundsOption.atLeastOne("--seconds", seconds));
        RoundsOption.atLeastOne("--connections", connections);
        RoundsOption.atLeastOne("--keys", keys);
        int steps = ClusterBenchmark.steps(STARTS, JOURNALS.size() * QUORUMS.size(), rounds.rounds());
        List<Start> starts;
        List<Writes> writes = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.in(data);
                RunProgress runProgress = common.progress(steps)) {
            ClusterBenchmark benchmark =
                    new ClusterBenchmark(scratch.path(), List.of(), rounds.rounds(), common.seed(), runProgress::step);
            starts = List.of(benchmark.startAlone(), benchmark.startBesideTwo(), benchmark.recovery(keys));
            for (JournalKind journal : JOURNALS) {
                writes.addAll(benchmark.writes(journal, QUORUMS, connections, roundTime));
            }
        }
        return common.publish(
                "Nodes of a cluster, each in a JVM of its own on this machine",
                List.of(
                        "The median of " + rounds.rounds()
                                + " rounds, after some of warm-up, the lowest and the highest.",
                        connections + " clients write to the leader of three nodes, for " + seconds
                                + " s a round; W followers must have a write before it returns.",
                        "load's CPU: the share of all processors that the clients themselves used."),
                List.of(starts(starts), writes(writes)));
    }

    private static Sheet starts(List<Start> figures) {
        Sheet sheet = new Sheet("starts")
                .text("node", "a node that")
                .seconds("medianSeconds", "ready after")
                .seconds("lowestSeconds", "lowest")
                .seconds("highestSeconds", "highest");
        figures.forEach(figure -> sheet.row().add(figure.node()).spread(figure.seconds()));
        return sheet;
    }

    private static Sheet writes(List<Writes> figures) {
        Sheet sheet = new Sheet("writes")
                .text("journal", "journal")
                .count("quorum", "W")
                .count("medianPerSecond", "writes/s")
                .count("lowestPerSecond", "lowest")
                .count("highestPerSecond", "highest")
                .seconds("p50Seconds", "p50")
                .seconds("p95Seconds", "p95")
                .seconds("p99Seconds", "p99")
                .seconds("maxSeconds", "max")
                .share("loadCpu", "load's CPU");
        for (Writes figure : figures) {
            Sheet.Row row = sheet.row()
                    .add(figure.journal().name().toLowerCase(Locale.ROOT))
                    .add(figure.quorum())
                    .spread(figure.perSecond());
            for (double percentile : PERCENTILES) {
                row.add(figure.latencies().getValueAtPercentile(percentile) / 1e9);
            }
            row.add(figure.loadCpu());
        }
        return sheet;
    }
}
