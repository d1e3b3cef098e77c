package io.orrery.cli;

import io.orrery.bench.ExploreBenchmark;
import io.orrery.bench.Spread;
import io.orrery.bench.experiment.Sheet;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the speed of exploration. */
@Command(
        name = "explore",
        description = "Executions per second of CPU time when three writes at three replicas are explored.")
final class BenchExploreCommand implements Callable<Integer> {
    private static final Duration ROUND = Duration.ofSeconds(1);

    @Option(
            names = "--protocol",
            paramLabel = "P",
            description = "The protocol, one without a leader (default: lamport-lww).")
    private String protocol = "lamport-lww";

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private BenchOptions common;

    @Override
    public Integer call() throws IOException {
        if (Protocols.named(protocol).hasLeader()) {
            throw new IllegalArgumentException(
                    "three writes through a leader have too many executions to explore all: name a protocol without one");
        }
        ExploreBenchmark benchmark = new ExploreBenchmark(protocol, rounds.rounds(), ROUND);
        Spread rates = common.measure(benchmark.steps(), benchmark::run);
        Sheet sheet = new Sheet()
                .text("name", "exploration")
                .count("median", "median")
                .count("lowest", "lowest")
                .count("highest", "highest")
                .text("unit", "unit");
        sheet.row().add("executions").spread(rates).add("executions/s");
        return common.publish(
                "Exploration with " + protocol + ": three replicas, three writes, verdicts included",
                List.of(
                        "The median of " + rounds.rounds()
                                + " rounds of a second of CPU time each, after as many of warm-up, the lowest and the highest."),
                List.of(sheet));
    }
}
