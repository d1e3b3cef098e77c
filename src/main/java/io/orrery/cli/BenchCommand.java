package io.orrery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.SimulationBenchmark;
import io.orrery.protocol.Protocols;
import io.orrery.report.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures Orrery on this machine. */
@Command(
        name = "bench",
        description = "Measures Orrery on this machine.",
        subcommands = {BenchCommand.OfSimulation.class, BenchCheckCommand.class})
public final class BenchCommand {
    /** How fast the simulation is. */
    @Command(
            name = "simulation",
            description = "Delivered messages and fresh worlds a second; 5 replicas, with and without trace.")
    static final class OfSimulation implements Callable<Integer> {
        @Option(names = "--protocol", paramLabel = "P", description = "The protocol (default: lamport-lww).")
        private String protocol = "lamport-lww";

        @Option(names = "--rounds", paramLabel = "N", description = "How often each figure is measured (default: 5).")
        private int rounds = 5;

        @Option(names = "--json", description = "Print JSON, for programs.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (rounds < 1) {
                throw new IllegalArgumentException("--rounds is 1 or more, not " + rounds);
            }
            List<SimulationBenchmark.Figure> figures =
                    new SimulationBenchmark(Protocols.named(protocol), rounds, Duration.ofSeconds(1)).run();
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? asJson(figures) : asTable(figures));
            out.flush();
            return 0;
        }

        private static String asTable(List<SimulationBenchmark.Figure> figures) {
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
            return table.toString();
        }

        private static String grouped(double number) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }

        private static String asJson(List<SimulationBenchmark.Figure> figures) {
            ArrayNode array = new ObjectMapper().createArrayNode();
            for (SimulationBenchmark.Figure figure : figures) {
                ObjectNode node = array.addObject();
                node.put("name", figure.name()).put("unit", figure.unit());
                node.put("median", figure.median())
                        .put("lowest", figure.lowest())
                        .put("highest", figure.highest());
            }
            return array.toPrettyString();
        }
    }
}
