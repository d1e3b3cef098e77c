package io.orrery.cli;

import io.orrery.check.CheckOptions;
import io.orrery.check.InitialValue;
import io.orrery.check.Model;
import io.orrery.check.Staleness;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryMerge;
import io.orrery.history.HistoryReader;
import io.orrery.history.MalformedHistoryException;
import io.orrery.model.Durations;
import io.orrery.model.FileProblem;
import io.orrery.model.Value;
import io.orrery.report.HistoryReport;
import io.orrery.report.JUnitXml;
import io.orrery.report.ModelDefinitions;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges recorded histories. Loads neither Pekko nor the configuration library. */
@Command(
        name = "check",
        description = {
            "Judges histories of any system by consistency models.",
            "A FILE is in JSON lines, as sim --out and serve --history write them, in a JSON array, or in Jepsen's EDN,",
            "each plain or gzipped. It may be a pipe, - for the standard input, or a folder of runs, such as Jepsen's",
            "store: then each history.edn and history.jsonl below it is judged. Several files give one line each."
        },
        footer = {
            "",
            "Models: linearizable, sequential, causal-cc, causal-cm, causal-ccv (or causal),",
            "pram, read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads;",
            "in short: lin, seq, cc, cm, ccv, pram, ryw, mr, mw, wfr."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all models hold",
            "1:one is violated",
            "2:wrong usage or a malformed file, whatever the other files are",
            "3:none is violated, but one is undecided"
        })
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Histories.")
    private List<Path> files;

    @Option(
            names = "--model",
            paramLabel = "M",
            required = true,
            split = ",",
            description = "The models to judge by, separated by commas, or all.")
    private List<String> models;

    @Option(
            names = "--initial",
            paramLabel = "V",
            description = "The value of every key before the first write, as JSON (by default, keys are absent).")
    private String initial;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long one model may take for one file; then it is undecided (${DEFAULT-VALUE}).")
    private String budget;

    @Option(names = "--explain", description = "Also print the definitions of the models.")
    private boolean explain;

    @Option(
            names = "--together",
            description =
                    "Treats the FILEs as parts of one history, such as one per client; their times must be of one clock.")
    private boolean together;

    @Option(
            names = "--junit-xml",
            paramLabel = "REPORT",
            description = "Also writes the verdicts to this file, as a JUnit XML report.")
    private Path junitXml;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    private List<Model> wanted;
    private CheckOptions checkOptions;
    private boolean several;
    private CheckOutput output;

    @Override
    public Integer call() throws IOException {
        if (explain && json) {
            throw new ParameterException(spec.commandLine(), "--explain is for people: leave out --json");
        }
        wanted = wanted();
        checkOptions = options();
        List<Path> histories = HistoryFiles.of(files);
        several = histories.size() > 1 && !together;
        PrintWriter out = spec.commandLine().getOut();
        output = json
                ? new CheckOutput.Json(out)
                : several ? new CheckOutput.Lines(out, histories) : new CheckOutput.Details(out, wanted);
        Set<Integer> exitCodes = new HashSet<>();
        try (ActivityLine activityLine = new ActivityLine(spec.commandLine().getErr());
                JUnitXml report = junitXml == null ? null : new JUnitXml(junitXml)) {
            for (List<Path> parts : together
                    ? List.of(histories)
                    : histories.stream().map(List::of).toList()) {
                exitCodes.add(check(parts, activityLine, report));
            }
        }
        output.end();
        if (explain) {
            ModelDefinitions modelDefinitions = new ModelDefinitions();
            wanted.forEach(model -> modelDefinitions.of(model).forEach(out::println));
        }
        return Stream.of(ExitCode.USAGE, ExitCode.NO, ExitCode.UNKNOWN)
                .filter(exitCodes::contains)
                .findFirst()
                .orElse(ExitCode.OK);
    }

    /**
     * Reads and judges one history and reports it. A file that cannot be read does not stop the check of the other
     * files.
     */
    private int check(List<Path> parts, ActivityLine activityLine, JUnitXml report) throws IOException {
        Path name = Path.of(parts.stream().map(Path::toString).collect(Collectors.joining(" + ")));
        long began = System.nanoTime();
        History history;
        try {
            history = read(parts, activityLine);
        } catch (CommandFailure | FileSystemException e) {
            String problem = e instanceof FileSystemException file ? FileProblem.of(file) : e.getMessage();
            if (report != null) {
                report.refused(name.toString(), problem);
            }
            if (!several) {
                throw e;
            }
            output.refused(name, problem);
            return e instanceof CommandFailure failure ? failure.exitCode() : ExitCode.USAGE;
        } finally {
            activityLine.end();
        }
        warn(name, history);
        output.begin(name, history);
        Map<Model, Verdict> verdicts = new HistoryJudge(
                        history,
                        checkOptions,
                        several ? name + ": " : "",
                        activityLine,
                        spec.commandLine().getErr())
                .by(wanted, (model, verdict) -> {
                    activityLine.end();
                    output.verdict(model, verdict);
                });
        int exitCode = exitCode(verdicts.values());
        output.judged(new HistoryReport(
                name,
                history,
                verdicts,
                several && !json ? Optional.empty() : staleness(history),
                exitCode == ExitCode.NO && checkOptions.initial() == null
                        ? InitialValue.of(history)
                        : Optional.empty()));
        if (report != null) {
            report.add(name.toString(), verdicts, Duration.ofNanos(System.nanoTime() - began));
        }
        return exitCode;
    }

    private void warn(Path name, History history) {
        PrintWriter err = spec.commandLine().getErr();
        history.warnings().forEach(warning -> err.println("warning: " + warning));
        if (history.ops().isEmpty()) {
            err.println(name + ": " + HistoryReport.EMPTY);
        }
    }

    /** Empty if the heap is too small. */
    private Optional<Staleness> staleness(History history) {
        try {
            return Optional.of(Staleness.of(history, checkOptions));
        } catch (OutOfMemoryError e) {
            return Optional.empty();
        }
    }

    private List<Model> wanted() {
        if (models.contains("all")) {
            return Arrays.stream(Model.values()).filter(Model::judgesHistories).toList();
        }
        return models.stream().map(String::strip).map(Model::parse).toList();
    }

    private CheckOptions options() {
        Duration time = option("--budget", budget, Durations::parse);
        if (time.isZero()) {
            throw new IllegalArgumentException("--budget is a time above 0, not " + budget);
        }
        // A user who raises the time limit must not run into the other limits.
        return CheckOptions.DEFAULT
                .withTime(time)
                .withStates(Long.MAX_VALUE)
                .withInitial(initial == null ? null : option("--initial", initial, Value::parse));
    }

    private static <T> T option(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private History read(List<Path> parts, ActivityLine activityLine) throws IOException {
        if (!together) {
            return read(parts.get(0), activityLine, HistoryReader::read);
        }
        HistoryMerge all = new HistoryMerge();
        for (Path part : parts) {
            read(part, activityLine, (in, source) -> {
                all.read(in, source);
                return null;
            });
        }
        return all.history();
    }

    /** Reads a stream; its error messages name the source. */
    private interface Reading {
        History read(InputStream in, String source) throws IOException;
    }

    private static History read(Path file, ActivityLine activityLine, Reading reading) throws IOException {
        String source = file.equals(HistoryFiles.STANDARD_INPUT) ? "standard input" : file.toString();
        HeapGuard heapGuard = new HeapGuard();
        try (MeasuredInput input = new MeasuredInput(
                HistoryFiles.open(file), source, HistoryFiles.size(file), heapGuard::kept, heapGuard.room())) {
            activityLine.begin(input::progress);
            return reading.read(input, source);
        } catch (MalformedHistoryException e) {
            throw new CommandFailure(ExitCode.USAGE, HistoryFiles.explained(file, e.getMessage()));
        } catch (OutOfMemoryError e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    source + ": the heap of " + HeapGuard.size()
                            + " MiB is too small to read it; it can be made larger, as in: "
                            + "JAVA_TOOL_OPTIONS=-Xmx8g ./run.sh check ...");
        } catch (FileSystemException e) {
            throw e;
        } catch (EOFException | ZipException e) {
            throw new FileSystemException(source, null, "it begins as gzip does, but is damaged or ends too soon");
        } catch (IOException e) {
            // The exception of a failing disk does not name the file.
            throw new FileSystemException(source, null, e.getMessage());
        }
    }

    private static int exitCode(Collection<Verdict> verdicts) {
        if (verdicts.stream().anyMatch(Verdict.Violated.class::isInstance)) {
            return ExitCode.NO;
        }
        return verdicts.stream().anyMatch(Verdict.Undecided.class::isInstance) ? ExitCode.UNKNOWN : ExitCode.OK;
    }
}
