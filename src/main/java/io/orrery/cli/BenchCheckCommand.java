package io.orrery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.check.bench.CheckBenchmark;
import io.orrery.check.bench.CheckBenchmark.Figure;
import io.orrery.check.bench.Generator;
import io.orrery.history.HistoryWriter;
import io.orrery.report.Table;
import io.orrery.report.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast histories are judged. */
@Command(
        name = "check",
        description = {
            "How long verdicts take: the cases that have a limit, each in a fresh or a warm JVM with 1 GiB of heap.",
            "The etcd histories are looked for in ../shared/histories."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all within their limits", "1:one took longer"})
final class BenchCheckCommand implements Callable<Integer> {
    private static final int WARM_ROUNDS = 30;
    private static final Duration ETCD_LIMIT = Duration.ofMillis(150);
    private static final Duration PROCESS_LIMIT = Duration.ofSeconds(3);

    @Option(names = "--growth", description = "Measure how each model grows with operations, keys and processes too.")
    private boolean growth;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        Path etcd = Path.of(System.getProperty("orrery.home", ""))
                .toAbsolutePath()
                .resolveSibling("shared")
                .resolve("histories")
                .resolve("etcd");
        boolean haveEtcd = Files.isDirectory(etcd);
        if (haveEtcd) {
            figures.add(CheckBenchmark.warm(etcd, WARM_ROUNDS, ETCD_LIMIT));
        }
        figures.add(withStart(Model.CAUSAL_CC));
        figures.add(withStart(Model.CAUSAL_CCV));
        figures.addAll(CheckBenchmark.limits());
        if (growth) {
            figures.addAll(CheckBenchmark.growth());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? asJson(figures) : asTable(figures));
        if (!haveEtcd && !json) {
            out.println("not measured: the etcd histories, as there are none in " + etcd);
        }
        out.flush();
        return figures.stream().allMatch(Figure::isMet) ? ExitCode.OK : ExitCode.NO;
    }

    /** The whole process, as a user runs it: the JVM's start, reading the file, the verdict. */
    private static Figure withStart(Model model) throws IOException, InterruptedException {
        int operations = 200_000;
        int processes = 50;
        int keys = 1_000;
        Path file = Files.createTempFile("orrery-bench", ".jsonl");
        try {
            try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
                writer.append(Generator.convergent(operations, processes, keys, 1));
            }
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classes = System.getProperty("java.class.path");
            List<String> command = List.of(
                    java,
                    "-XX:+UseParallelGC",
                    "-cp",
                    classes,
                    Main.class.getName(),
                    "check",
                    file.toString(),
                    "--model",
                    model.id());
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int exitCode = process.waitFor();
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            if (exitCode != ExitCode.OK) {
                throw new IllegalStateException("check ended with exit code " + exitCode + " on what it should accept");
            }
            return new Figure(model + ", with JVM start", operations, processes, keys, time, PROCESS_LIMIT);
        } finally {
            Files.delete(file);
        }
    }

    private static String asTable(List<Figure> figures) {
        Table table = new Table()
                .column("check")
                .number("operations")
                .number("processes")
                .number("keys")
                .number("time")
                .number("limit")
                .column("");
        for (Figure figure : figures) {
            table.row(
                    figure.name(),
                    String.format(Locale.ROOT, "%,d", figure.operations()),
                    figure.processes() == 0 ? "" : figure.processes(),
                    String.format(Locale.ROOT, "%,d", figure.keys()),
                    Times.rounded(figure.time()),
                    figure.limit() == null ? "" : Times.rounded(figure.limit()),
                    figure.isMet() ? "" : "too slow");
        }
        return table.toString();
    }

    private static String asJson(List<Figure> figures) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Figure figure : figures) {
            ObjectNode node = array.addObject()
                    .put("name", figure.name())
                    .put("operations", figure.operations())
                    .put("processes", figure.processes())
                    .put("keys", figure.keys())
                    .put("seconds", figure.time().toNanos() / 1e9);
            if (figure.limit() != null) {
                node.put("limitSeconds", figure.limit().toNanos() / 1e9);
            }
            node.put("met", figure.isMet());
        }
        return array.toPrettyString();
    }
}
