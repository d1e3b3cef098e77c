package io.orrery.cli;

import io.orrery.bench.BufferBenchmark;
import io.orrery.bench.BufferBenchmark.Arrival;
import io.orrery.bench.BufferBenchmark.Figure;
import io.orrery.bench.experiment.Sheet;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the cost of buffering. */
@Command(
        name = "buffer",
        description = "The cost of buffering and delivering early writes, by number and order of arrival.")
final class BenchBufferCommand implements Callable<Integer> {
    private static final int[] SIZES = {1_000, 10_000, 100_000};

    @Option(
            names = "--protocol",
            paramLabel = "P",
            description = "A protocol that takes writes everywhere (default: vector-causal).")
    private String protocol = "vector-causal";

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        BufferBenchmark benchmark = new BufferBenchmark(Protocols.named(protocol), rounds.rounds(), common.seed());
        List<Figure> figures =
                common.measure(SIZES.length * Arrival.values().length, progress -> benchmark.run(progress, SIZES));
        Sheet sheet = new Sheet()
                .count("writes", "writes")
                .text("arrival", "arrival")
                .count("buffered", "buffered")
                .seconds("medianSeconds", "median")
                .seconds("lowestSeconds", "lowest")
                .seconds("highestSeconds", "highest")
                .count("nanosPerWrite", "ns for each");
        for (Figure figure : figures) {
            sheet.row()
                    .add(figure.writes())
                    .add(figure.arrival().toString())
                    .add(figure.buffered())
                    .spread(figure.seconds())
                    .add(figure.nanosPerWrite());
        }
        return common.publish(
                "How long a replica of " + protocol + " takes until the last of some writes is applied, by their order",
                List.of("The median of " + rounds.rounds()
                        + " rounds, after a second of warm-up, the lowest and the highest."),
                List.of(sheet));
    }
}
