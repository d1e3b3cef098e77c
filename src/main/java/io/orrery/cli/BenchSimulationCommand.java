package io.orrery.cli;

import io.orrery.bench.SimulationBenchmark;
import io.orrery.bench.SimulationBenchmark.Figure;
import io.orrery.bench.experiment.Sheet;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the speed of the simulation. */
@Command(
        name = "simulation",
        description = "Delivered messages and fresh worlds per second; 5 replicas, with and without trace.")
final class BenchSimulationCommand implements Callable<Integer> {
    private static final Duration ROUND = Duration.ofSeconds(1);

    @Option(names = "--protocol", paramLabel = "P", description = "The protocol (default: lamport-lww).")
    private String protocol = "lamport-lww";

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        SimulationBenchmark benchmark =
                new SimulationBenchmark(Protocols.named(protocol), rounds.rounds(), ROUND, common.seed());
        List<Figure> figures = common.measure(benchmark.steps(), benchmark::run);
        Sheet sheet = new Sheet()
                .text("name", "simulation")
                .count("median", "median")
                .count("lowest", "lowest")
                .count("highest", "highest")
                .text("unit", "unit");
        figures.forEach(
                figure -> sheet.row().add(figure.name()).spread(figure.rates()).add(figure.unit()));
        return common.publish(
                "The simulation with " + protocol + ": five replicas, ten clients that write, links of 1 to 10 ms",
                List.of("The median of " + rounds.rounds()
                        + " rounds of a second each, after as many of warm-up, the lowest and the highest."),
                List.of(sheet));
    }
}
