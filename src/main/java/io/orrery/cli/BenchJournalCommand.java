package io.orrery.cli;

import io.orrery.bench.JournalBenchmark;
import io.orrery.bench.JournalBenchmark.Appends;
import io.orrery.bench.JournalBenchmark.Recovery;
import io.orrery.bench.experiment.Sheet;
import io.orrery.journal.SyncPolicy;
import io.orrery.launch.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the cost of durable storage. */
@Command(
        name = "journal",
        description = "Writes per second on disk, by the number that share a sync, and the recovery time.")
final class BenchJournalCommand implements Callable<Integer> {
    private static final int[] WAITING = {1, 32, 1_000};
    private static final Duration ROUND = Duration.ofSeconds(1);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A directory on the disk to measure (default: the current one).")
    private Path data = Path.of("");

    @Option(names = "--keys", paramLabel = "N", description = "How many keys are recovered (default: 1,000,000).")
    private int keys = 1_000_000;

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private BenchOptions common;

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--keys", keys);
        int figures = SyncPolicy.values().length * WAITING.length + 1;
        Sheet appends = new Sheet("appends")
                .text("sync", "sync")
                .count("writesForEachSync", "writes for each")
                .count("medianPerSecond", "writes/s")
                .count("lowestPerSecond", "lowest")
                .count("highestPerSecond", "highest");
        Sheet recovery = new Sheet("recovery")
                .count("keys", "keys")
                .seconds("medianSeconds", "read again in")
                .seconds("lowestSeconds", "lowest")
                .seconds("highestSeconds", "highest");
        try (ScratchDirectory scratch = ScratchDirectory.in(data);
                RunProgress runProgress = common.progress(JournalBenchmark.steps(figures, rounds.rounds()))) {
            JournalBenchmark benchmark =
                    new JournalBenchmark(scratch.path(), rounds.rounds(), ROUND, runProgress::step);
            for (SyncPolicy sync : SyncPolicy.values()) {
                for (int waiting : WAITING) {
                    Appends figure = benchmark.appends(sync, waiting);
                    appends.row()
                            .add(sync.name().toLowerCase(Locale.ROOT))
                            .add(waiting)
                            .spread(figure.perSecond());
                }
            }
            Recovery figure = benchmark.recovery(keys);
            recovery.row().add(figure.keys()).spread(figure.seconds());
        }
        return common.publish(
                "A journal on disk: writes per second, and the time of recovery",
                List.of(
                        "The median of " + rounds.rounds()
                                + " rounds, after one of warm-up, the lowest and the highest.",
                        "With sync always a write counts once it is durable, with never once the system has it."),
                List.of(appends, recovery));
    }
}
