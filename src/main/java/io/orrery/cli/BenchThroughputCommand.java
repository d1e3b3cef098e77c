package io.orrery.cli;

import io.orrery.bench.ThroughputBenchmark;
import io.orrery.bench.ThroughputBenchmark.Figure;
import io.orrery.bench.ThroughputBenchmark.Side;
import io.orrery.bench.experiment.Sheet;
import io.orrery.launch.ScratchDirectory;
import io.orrery.model.Durations;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what Orrery adds to an HTTP request. */
@Command(
        name = "throughput",
        description = {
            "How many GETs and PUTs over HTTP a replica answers with each protocol, next to a bare Pekko HTTP route that "
                    + "answers a constant.",
            "Replicas are in one process, in memory; each client asks again when it has its answer."
        })
final class BenchThroughputCommand implements Callable<Integer> {
    @Option(
            names = "--protocol",
            paramLabel = "P",
            split = ",",
            description = "The protocols to measure (default: all).")
    private List<String> protocols =
            Protocols.all().stream().map(ProtocolType::name).toList();

    @Option(names = "--replicas", paramLabel = "N", description = "How many replicas (default: 3).")
    private int replicas = 3;

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            description = "Numbers of concurrent clients (default: 1,8,32).")
    private List<Integer> connections = List.of(1, 8, 32);

    @Option(names = "--time", paramLabel = "D", description = "How long a round takes (default: 300ms).")
    private String time = "300ms";

    @Option(names = "--warm-up", paramLabel = "D", description = "The maximum warm-up of each server (default: 20s).")
    private String warmUp = "20s";

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ThroughputBenchmark.Options options = new ThroughputBenchmark.Options(
                replicas, connections, rounds.rounds(), Durations.parse(time), Durations.parse(warmUp), common.seed());
        List<ProtocolType> types = protocols.stream().map(Protocols::named).toList();
        try (ScratchDirectory scratch = ScratchDirectory.temporary();
                RunProgress runProgress = common.progress(options.steps(types.size()))) {
            List<Figure> figures = new ThroughputBenchmark(scratch.path(), options, runProgress::step).run(types);
            return common.publish(
                    "Requests over HTTP on this machine, next to a bare Pekko HTTP route: " + replicas
                            + " replicas in one process, in memory; the load goes to the first, which leads",
                    List.of(
                            "ratio: requests a second to those of the bare route, asked by turns for " + time
                                    + " each; the median of " + rounds.rounds() + " pairs, the lowest and the highest.",
                            "CPU ratio: the same by the CPU time that the server's process used for a request,"
                                    + " which depends less on other load of the machine.",
                            "The aim applies to the ratio: for GETs of every protocol, and for PUTs of the one that adds the"
                                    + " least."),
                    List.of(sheet(figures)));
        }
    }

    private static Sheet sheet(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .text("operation", "operation")
                .count("connections", "connections")
                .share("ratio", "ratio")
                .share("lowestRatio", "lowest")
                .share("highestRatio", "highest")
                .share("aim", "aim")
                .flag("met", "met")
                .share("cpuRatio", "CPU ratio")
                .share("lowestCpuRatio", "lowest")
                .share("highestCpuRatio", "highest");
        side(sheet, "", "");
        side(sheet, "bare", "bare ");
        for (Figure figure : figures) {
            Sheet.Row row = sheet.row()
                    .add(figure.protocol().name())
                    .add(figure.operation().name())
                    .add(figure.connections())
                    .spread(figure.ratio())
                    .add(figure.aim().isPresent() ? figure.aim().getAsDouble() : null)
                    .add(figure.aim().isPresent() ? figure.isMet() : null)
                    .spread(figure.cpuRatio());
            add(row, figure.orrery());
            add(row, figure.bare());
        }
        return sheet;
    }

    private static void side(Sheet sheet, String id, String title) {
        sheet.count(id(id, "perSecond"), title + "requests/s")
                .micros(id(id, "cpuMicros"), title + "CPU us each")
                .millis(id(id, "p50Millis"), title + "p50 ms")
                .millis(id(id, "p95Millis"), "p95")
                .millis(id(id, "p99Millis"), "p99")
                .millis(id(id, "maxMillis"), "max");
    }

    private static String id(String side, String figure) {
        return side.isEmpty() ? figure : side + Character.toUpperCase(figure.charAt(0)) + figure.substring(1);
    }

    private static void add(Sheet.Row row, Side side) {
        row.add(side.perSecond().median()).add(side.cpuNanos().median() / 1e3);
        for (double percentile : new double[] {50, 95, 99, 100}) {
            row.add(side.latencies().getValueAtPercentile(percentile) / 1e6);
        }
    }
}
