package io.orrery.cli;

import io.orrery.bench.SweepBenchmark;
import io.orrery.bench.WorkersBenchmark;
import io.orrery.bench.experiment.Sheet;
import io.orrery.launch.ScratchDirectory;
import io.orrery.loop.Strategy;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the speed of a sweep. */
@Command(name = "sweep", description = "Worlds that a sweep plays and judges per second; 5 replicas, 50 operations.")
final class BenchSweepCommand implements Callable<Integer> {
    private static final Duration ROUND = Duration.ofSeconds(2);

    @Option(names = "--protocol", paramLabel = "P", description = "The protocol (default: lamport-lww).")
    private String protocol = "lamport-lww";

    @Option(names = "--scheduler", paramLabel = "S", description = "As of sweep (default: random).")
    private String scheduler = "random";

    @Option(names = "--workers", description = "Measure what a second worker process on this machine brings.")
    private boolean workers;

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (workers) {
            return publish(figuresOfWorkers(), "Worker processes with one thread each play them.");
        }
        SweepBenchmark benchmark = new SweepBenchmark(
                Protocols.named(protocol), rounds.rounds(), ROUND, common.seed(), Strategy.parse(scheduler));
        List<SweepBenchmark.Figure> figures = common.measure(benchmark.steps(), benchmark::run);
        return publish(figures, "The memory is what a collection leaves.");
    }

    private List<SweepBenchmark.Figure> figuresOfWorkers() throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.temporary()) {
            WorkersBenchmark benchmark = new WorkersBenchmark(
                    Protocols.named(protocol),
                    new VersionCommand().getVersion()[0],
                    scratch.path(),
                    rounds.rounds(),
                    ROUND,
                    common.seed());
            try (RunProgress runProgress = common.progress(benchmark.steps())) {
                return benchmark.run(runProgress::step);
            }
        }
    }

    private Integer publish(List<SweepBenchmark.Figure> figures, String note) throws IOException {
        Sheet sheet = new Sheet()
                .text("name", "sweep")
                .mean("median", "median")
                .mean("lowest", "lowest")
                .mean("highest", "highest")
                .text("unit", "unit");
        figures.forEach(
                figure -> sheet.row().add(figure.name()).spread(figure.values()).add(figure.unit()));
        return common.publish(
                "A sweep with " + protocol + (scheduler.equals("random") ? "" : ", scheduler " + scheduler)
                        + ": five replicas, ten clients, 50 operations, judged by causal-ccv and" + " linearizable",
                List.of(
                        "The median of " + rounds.rounds()
                                + " rounds of two seconds each, after as many of warm-up, the lowest and the highest.",
                        note),
                List.of(sheet));
    }
}
