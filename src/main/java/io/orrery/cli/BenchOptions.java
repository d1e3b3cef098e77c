package io.orrery.cli;

import io.orrery.bench.experiment.LineChart;
import io.orrery.bench.experiment.Measurements;
import io.orrery.bench.experiment.Provenance;
import io.orrery.bench.experiment.Sheet;
import io.orrery.model.FileProblem;
import io.orrery.report.export.DatedFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of all commands that measure. */
class BenchOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write the figures (table, CSV, JSON, a page) and any plots (SVG, PNG) to a new folder in this one.")
    private Path out;

    /** Empty if nothing is random. */
    OptionalLong optionalSeed() {
        return OptionalLong.empty();
    }

    /** Begins the measurement; fails first if the results could not be saved. */
    final RunProgress progress(int steps) throws IOException {
        if (out != null) {
            try {
                Files.createDirectories(out);
            } catch (FileSystemException e) {
                throw cannotWrite(e);
            }
        }
        return new RunProgress(spec.name(), steps, spec.commandLine().getErr());
    }

    /** What a benchmark measures, while its progress is shown. */
    final <T, E extends Exception> T measure(int steps, Measurement<T, E> measurement) throws IOException, E {
        try (RunProgress runProgress = progress(steps)) {
            return measurement.run(runProgress::step);
        }
    }

    /** @param <E> what it may throw */
    interface Measurement<T, E extends Exception> {
        /** @param progress is told after each step */
        T run(Consumer<String> progress) throws E;
    }

    /** Prints the results, and saves them if that was asked for. Returns the exit code. */
    final int publish(String title, List<String> notes, List<Sheet> sheets, LineChart... plots) throws IOException {
        return publish(Terminal.columns(), title, notes, sheets, plots);
    }

    /**
     * The same, printed within a width.
     *
     * @param width in columns
     */
    final int publish(int width, String title, List<String> notes, List<Sheet> sheets, LineChart... plots)
            throws IOException {
        Measurements measurements =
                new Measurements(title, notes, sheets, List.of(plots), new Provenance(command(), optionalSeed()));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(json ? measurements.json().toPrettyString() : measurements.text(width));
        if (out != null) {
            Path folder = keep(measurements, width);
            if (!json) {
                stdout.println("kept in  " + folder);
            }
        }
        stdout.flush();
        return ExitCode.OK;
    }

    private Path keep(Measurements measurements, int width) throws IOException {
        try {
            String seed = optionalSeed().isPresent() ? "-seed" + optionalSeed().getAsLong() : "";
            Path folder = DatedFolder.create(out.resolve(spec.name()), Instant.now(), seed);
            try {
                measurements.write(folder, width);
            } finally {
                // The folder counts as a result even without plots.
                DatedFolder.makeLatest(folder);
            }
            return folder;
        } catch (LineChart.NoFonts e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage());
        } catch (FileSystemException e) {
            throw cannotWrite(e);
        }
    }

    private static CommandFailure cannotWrite(FileSystemException e) {
        return new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
    }

    /** The command as given, quoted for a shell. */
    private String command() {
        List<String> words = new ArrayList<>(List.of("./run.sh"));
        words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return ShellQuoting.command(words);
    }
}
