package io.orrery.cli;

import io.orrery.bench.CheckBenchmark;
import io.orrery.bench.CheckBenchmark.Case;
import io.orrery.bench.CheckBenchmark.Figure;
import io.orrery.bench.experiment.Sheet;
import io.orrery.check.Model;
import io.orrery.history.HistoryWriter;
import io.orrery.launch.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast histories are judged. */
@Command(
        name = "check",
        description = {
            "How long verdicts take: the cases with a limit, each in a new or a warm JVM with 1 GiB of heap.",
            "The etcd histories are expected in ../shared/histories."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all within their limits", "1:one took longer"})
final class BenchCheckCommand implements Callable<Integer> {
    private static final Duration ETCD_LIMIT = Duration.ofMillis(150);
    private static final List<Case> WITH_START = List.of(
            new Case(Model.CAUSAL_CC, 200_000, 50, 1_000, Duration.ofSeconds(3)),
            new Case(Model.CAUSAL_CCV, 200_000, 50, 1_000, Duration.ofSeconds(3)));

    @Option(names = "--growth", description = "Also measure how the time grows with operations, keys and processes.")
    private boolean growth;

    @Mixin
    private RoundsOption rounds;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        CheckBenchmark benchmark = new CheckBenchmark(rounds.rounds(), common.seed());
        List<Case> cases = new ArrayList<>(CheckBenchmark.limits());
        if (growth) {
            cases.addAll(CheckBenchmark.growth());
        }
        List<String> notes = new ArrayList<>();
        notes.add("The median of " + rounds.rounds() + " rounds, the lowest and the highest. The times are of the check"
                + " alone, except where they include the JVM's start and the reading of the file.");
        Path etcd = Path.of(System.getProperty("orrery.home", ""))
                .toAbsolutePath()
                .resolveSibling("shared")
                .resolve("histories")
                .resolve("etcd");
        List<Figure> figures = new ArrayList<>();
        try (RunProgress runProgress = common.progress(1 + WITH_START.size() + cases.size())) {
            if (Files.isDirectory(etcd)) {
                figures.add(benchmark.warm(etcd, ETCD_LIMIT));
            } else {
                notes.add("Not measured: the etcd histories, because there are none in " + etcd + ".");
            }
            runProgress.step("etcd");
            for (Case judged : WITH_START) {
                figures.add(withStart(benchmark, judged));
                runProgress.step(judged.model() + ", with JVM start");
            }
            for (Case judged : cases) {
                figures.add(benchmark.measure(judged));
                runProgress.step(judged.model() + ", " + judged.operations() + " operations");
            }
        }
        common.publish("How long verdicts take", notes, List.of(sheet(figures)));
        return figures.stream().allMatch(Figure::isMet) ? ExitCode.OK : ExitCode.NO;
    }

    /** Measures the whole process as a user runs it: the start of the JVM, reading the file, the verdict. */
    private static Figure withStart(CheckBenchmark benchmark, Case judged) throws IOException {
        Path file = Files.createTempFile("orrery-bench", ".jsonl");
        try {
            try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
                writer.append(benchmark.history(judged));
            }
            return benchmark.measure(judged, judged.model() + ", with JVM start", () -> {
                int exitCode = new ProcessBuilder(command(file, judged.model()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor();
                if (exitCode != ExitCode.OK) {
                    throw new IllegalStateException(
                            "check ended with exit code " + exitCode + " on what it should accept");
                }
                return exitCode;
            });
        } finally {
            Files.delete(file);
        }
    }

    static List<String> command(Path file, Model model) {
        return JavaCommand.of(
                List.of("-XX:+UseParallelGC", "-Xmx1g"),
                Main.class.getName(),
                List.of("check", file.toString(), "--model", model.id()));
    }

    private static Sheet sheet(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .text("name", "check")
                .count("operations", "operations")
                .count("processes", "processes")
                .count("keys", "keys")
                .seconds("seconds", "time")
                .seconds("lowestSeconds", "lowest")
                .seconds("highestSeconds", "highest")
                .seconds("limitSeconds", "limit")
                .flag("met", "met");
        for (Figure figure : figures) {
            Duration limit = figure.limit();
            sheet.row()
                    .add(figure.name())
                    .add(figure.operations())
                    .add(figure.processes() == 0 ? null : figure.processes())
                    .add(figure.keys())
                    .spread(figure.seconds())
                    .add(limit == null ? null : limit.toNanos() / 1e9)
                    .add(limit == null ? null : figure.isMet());
        }
        return sheet;
    }
}
