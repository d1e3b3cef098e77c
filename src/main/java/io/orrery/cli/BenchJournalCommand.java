package io.orrery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.JournalBenchmark;
import io.orrery.journal.SyncPolicy;
import io.orrery.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What keeping data on disk costs. */
@Command(
        name = "journal",
        description = "Durable writes a second, by how many wait for each sync, and the time of recovery.")
final class BenchJournalCommand implements Callable<Integer> {
    private static final int[] WAITING = {1, 32, 1_000};

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A directory on the disk that is to be measured (default: the current one).")
    private Path data = Path.of("");

    @Option(names = "--keys", paramLabel = "N", description = "How many keys are recovered (default: 1,000,000).")
    private int keys = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each figure is measured (default: 5).")
    private int rounds = 5;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (rounds < 1 || keys < 1) {
            throw new IllegalArgumentException("--rounds and --keys are 1 or more, not " + rounds + " and " + keys);
        }
        Path directory = Files.createTempDirectory(data.toAbsolutePath(), "bench-journal");
        try {
            measure(new JournalBenchmark(directory, rounds, Duration.ofSeconds(1)));
        } finally {
            delete(directory);
        }
        return ExitCode.OK;
    }

    private void measure(JournalBenchmark benchmark) {
        List<JournalBenchmark.Appends> appends = new ArrayList<>();
        for (SyncPolicy sync : SyncPolicy.values()) {
            for (int waiting : WAITING) {
                appends.add(benchmark.appends(sync, waiting));
            }
        }
        JournalBenchmark.Recovery recovery = benchmark.recovery(keys);
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? asJson(appends, recovery) : asTable(appends, recovery));
        out.flush();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String name(SyncPolicy sync) {
        return sync.name().toLowerCase(Locale.ROOT);
    }

    private static String asTable(List<JournalBenchmark.Appends> appends, JournalBenchmark.Recovery recovery) {
        Table table = new Table()
                .column("sync")
                .number("writes for each")
                .number("durable writes/s")
                .number("lowest")
                .number("highest");
        appends.forEach(figure -> table.row(
                name(figure.sync()),
                grouped(figure.waiting()),
                grouped(figure.median()),
                grouped(figure.lowest()),
                grouped(figure.highest())));
        return table
                + String.format(Locale.ROOT, "%nrecovery of %,d keys: %.2f s", recovery.keys(), recovery.seconds());
    }

    private static String grouped(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private static String asJson(List<JournalBenchmark.Appends> appends, JournalBenchmark.Recovery recovery) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode array = document.putArray("appends");
        for (JournalBenchmark.Appends figure : appends) {
            array.addObject()
                    .put("sync", name(figure.sync()))
                    .put("writesForEachSync", figure.waiting())
                    .put("medianPerSecond", figure.median())
                    .put("lowestPerSecond", figure.lowest())
                    .put("highestPerSecond", figure.highest());
        }
        document.putObject("recovery").put("keys", recovery.keys()).put("seconds", recovery.seconds());
        return document.toPrettyString();
    }
}
