package io.orrery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.JournalBenchmark;
import io.orrery.journal.SyncPolicy;
import io.orrery.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Mixin
    private BenchOptions options;

    @Override
    public Integer call() throws IOException {
        options.atLeastOne("--keys", keys);
        try (ScratchDirectory scratch = ScratchDirectory.in(data)) {
            measure(new JournalBenchmark(scratch.path(), options.rounds(), Duration.ofSeconds(1)));
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
        options.print(() -> asJson(appends, recovery), () -> asTable(appends, recovery));
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

    private static JsonNode asJson(List<JournalBenchmark.Appends> appends, JournalBenchmark.Recovery recovery) {
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
        return document;
    }
}
