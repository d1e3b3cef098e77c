package io.orrery.cli;

import io.orrery.bench.ShrinkBenchmark;
import io.orrery.bench.experiment.Sheet;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how long shrinking takes. */
@Command(name = "shrink", description = "How long it takes until a run of many operations has become a few steps.")
final class BenchShrinkCommand implements Callable<Integer> {
    @Option(
            names = "--operations",
            paramLabel = "N",
            description = "How many operations each run has (default: 10000).")
    private int operations = 10_000;

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--operations", operations);
        ShrinkBenchmark benchmark = new ShrinkBenchmark(operations, rounds.rounds(), common.seed());
        List<ShrinkBenchmark.Figure> figures = common.measure(benchmark.steps(), benchmark::run);
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .text("model", "violated")
                .mean("cpu-median", "CPU s, median")
                .mean("cpu-lowest", "lowest")
                .mean("cpu-highest", "highest")
                .mean("seconds-median", "seconds, median")
                .mean("seconds-lowest", "lowest")
                .mean("seconds-highest", "highest")
                .count("steps-median", "steps, median")
                .count("steps-lowest", "lowest")
                .count("steps-highest", "highest");
        figures.forEach(figure -> sheet.row()
                .add(figure.protocol())
                .add(figure.model())
                .spread(figure.cpuSeconds())
                .spread(figure.seconds())
                .spread(figure.steps()));
        return common.publish(
                "Shrinking runs of " + operations + " operations at five replicas, on two threads",
                List.of("The median of " + rounds.rounds()
                        + " runs of each protocol, the lowest and the highest: seconds of CPU"
                        + " time of all threads, seconds, and the steps that are left."),
                List.of(sheet));
    }
}
