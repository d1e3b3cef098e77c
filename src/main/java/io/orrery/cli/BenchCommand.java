package io.orrery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.BufferBenchmark;
import io.orrery.bench.SimulationBenchmark;
import io.orrery.protocol.Protocols;
import io.orrery.report.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures Orrery on this machine. */
@Command(
        name = "bench",
        description = "Measures Orrery on this machine.",
        subcommands = {
            BenchCommand.OfSimulation.class,
            BenchCommand.OfBuffer.class,
            BenchCheckCommand.class,
            BenchJournalCommand.class,
            BenchClusterCommand.class,
            BenchThroughputCommand.class,
            BenchLatencyCommand.class,
            BenchQuorumCommand.class,
            BenchFrontierCommand.class
        })
public final class BenchCommand {
    /** How fast the simulation is. */
    @Command(
            name = "simulation",
            description = "Delivered messages and fresh worlds a second; 5 replicas, with and without trace.")
    static final class OfSimulation implements Callable<Integer> {
        @Option(names = "--protocol", paramLabel = "P", description = "The protocol (default: lamport-lww).")
        private String protocol = "lamport-lww";

        @Mixin
        private BenchOptions options;

        @Override
        public Integer call() {
            List<SimulationBenchmark.Figure> figures =
                    new SimulationBenchmark(Protocols.named(protocol), options.rounds(), Duration.ofSeconds(1)).run();
            options.print(() -> asJson(figures), () -> asTable(figures));
            return ExitCode.OK;
        }

        private static Table asTable(List<SimulationBenchmark.Figure> figures) {
            Table table = new Table()
                    .column("simulation")
                    .number("median")
                    .number("lowest")
                    .number("highest")
                    .column("unit");
            figures.forEach(figure -> table.row(
                    figure.name(),
                    grouped(figure.median()),
                    grouped(figure.lowest()),
                    grouped(figure.highest()),
                    figure.unit()));
            return table;
        }

        private static String grouped(double number) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }

        private static JsonNode asJson(List<SimulationBenchmark.Figure> figures) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (SimulationBenchmark.Figure figure : figures) {
                ObjectNode node = array.addObject();
                node.put("name", figure.name()).put("unit", figure.unit());
                node.put("median", figure.median())
                        .put("lowest", figure.lowest())
                        .put("highest", figure.highest());
            }
            return array;
        }
    }

    /** What buffering costs. */
    @Command(
            name = "buffer",
            description = "What it costs to buffer writes that come early and to deliver them, by number and by order.")
    static final class OfBuffer implements Callable<Integer> {
        private static final int[] SIZES = {1_000, 10_000, 100_000};

        @Option(
                names = "--protocol",
                paramLabel = "P",
                description = "A protocol that takes writes everywhere (default: vector-causal).")
        private String protocol = "vector-causal";

        @Mixin
        private BenchOptions options;

        @Override
        public Integer call() {
            List<BufferBenchmark.Figure> figures =
                    new BufferBenchmark(Protocols.named(protocol), options.rounds()).run(SIZES);
            options.print(() -> asJson(figures), () -> asTable(figures));
            return ExitCode.OK;
        }

        private static Table asTable(List<BufferBenchmark.Figure> figures) {
            Table table = new Table()
                    .number("writes")
                    .column("arrival")
                    .number("buffered")
                    .number("median ms")
                    .number("lowest")
                    .number("highest")
                    .number("ns for each");
            figures.forEach(figure -> table.row(
                    String.format(Locale.ROOT, "%,d", figure.writes()),
                    figure.arrival(),
                    String.format(Locale.ROOT, "%,d", figure.buffered()),
                    millis(figure.median()),
                    millis(figure.lowest()),
                    millis(figure.highest()),
                    String.format(Locale.ROOT, "%,.0f", figure.nanosPerWrite())));
            return table;
        }

        private static String millis(double seconds) {
            return String.format(Locale.ROOT, "%,.2f", seconds * 1e3);
        }

        private static JsonNode asJson(List<BufferBenchmark.Figure> figures) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (BufferBenchmark.Figure figure : figures) {
                array.addObject()
                        .put("writes", figure.writes())
                        .put("arrival", figure.arrival().toString())
                        .put("buffered", figure.buffered())
                        .put("medianSeconds", figure.median())
                        .put("lowestSeconds", figure.lowest())
                        .put("highestSeconds", figure.highest())
                        .put("nanosPerWrite", figure.nanosPerWrite());
            }
            return array;
        }
    }
}
