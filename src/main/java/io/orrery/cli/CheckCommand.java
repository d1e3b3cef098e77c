package io.orrery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.orrery.check.Model;
import io.orrery.check.Options;
import io.orrery.check.Staleness;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryReader;
import io.orrery.history.MalformedHistoryException;
import io.orrery.model.Durations;
import io.orrery.model.Value;
import io.orrery.report.Definitions;
import io.orrery.report.HistoryLines;
import io.orrery.report.HistoryReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
            "Judges histories by consistency models, whoever recorded them.",
            "A FILE is in JSON lines, as sim --out and serve --history write them, or in Jepsen's EDN."
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
            "2:wrong usage or a malformed file",
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
            description = "The models to judge by, separated by commas; all stands for all of them.")
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

    @Option(names = "--explain", description = "Below the verdicts, tell what the models mean.")
    private boolean explain;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (explain && json) {
            throw new ParameterException(spec.commandLine(), "--explain is for people: leave out --json");
        }
        List<Model> wanted = wanted();
        Options options = options();
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        List<Verdict> all = new ArrayList<>();
        try (Activity activity = new Activity(spec.commandLine().getErr())) {
            for (Path file : files) {
                all.addAll(check(file, wanted, options, activity, array));
            }
        }
        if (json) {
            out.println(array.toPrettyString());
            out.flush();
        } else if (explain) {
            Definitions definitions = new Definitions(Path.of(System.getProperty("orrery.home", "")));
            wanted.forEach(model -> definitions.of(model).forEach(out::println));
        }
        return exitCode(all);
    }

    /** Judges a file, and says of each model what is found as soon as it is. */
    private Collection<Verdict> check(
            Path file, List<Model> wanted, Options options, Activity activity, ArrayNode array) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        History history;
        try {
            history = read(file, activity);
        } catch (OutOfMemoryError e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    file + ": the heap of " + Heap.size()
                            + " MiB is too small to read it; it can be made larger, as in: "
                            + "JAVA_TOOL_OPTIONS=-Xmx8g ./run.sh check ...");
        } finally {
            activity.end();
        }
        history.warnings().forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        if (history.ops().isEmpty()) {
            // All models hold then; but whoever recorded it may have failed to.
            spec.commandLine().getErr().println(file + ": there is nothing to judge: the history has no operations");
        }
        HistoryLines lines = new HistoryLines(wanted);
        if (!json) {
            tell(List.of(lines.head(file, history)), activity);
        }
        Map<Model, Verdict> verdicts = new Judging(
                        history, options, activity, spec.commandLine().getErr())
                .by(wanted, (model, verdict) -> {
                    if (!json) {
                        tell(lines.verdict(model, verdict), activity);
                    }
                });
        Optional<Staleness> staleness = staleness(history, options);
        if (json) {
            array.add(new HistoryReport(file, history, verdicts, staleness).json());
        } else {
            tell(staleness.map(lines::staleness).stream().toList(), activity);
        }
        out.flush();
        return verdicts.values();
    }

    private void tell(List<String> lines, Activity activity) {
        activity.end();
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }

    /** Empty where the heap is too small. */
    private static Optional<Staleness> staleness(History history, Options options) {
        try {
            return Optional.of(Staleness.of(history, options));
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

    private Options options() {
        Duration time = option("--budget", budget, Durations::parse);
        if (time.isZero()) {
            throw new IllegalArgumentException("--budget is a time above 0, not " + budget);
        }
        // Time is all that counts here: who gives more of it is not to be stopped by something else.
        return Options.DEFAULT
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

    private static History read(Path file, Activity activity) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CommandFailure(ExitCode.USAGE, file + ": this is a folder; name the histories in it");
        }
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(ExitCode.USAGE, file + ": there is no such file");
        }
        Heap heap = new Heap();
        MeasuredInput input = new MeasuredInput(
                Files.newInputStream(file), file.toString(), Files.size(file), heap::kept, heap.room());
        activity.begin(input::progress);
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8.newDecoder()))) {
            return HistoryReader.read(reader, file.toString());
        } catch (MalformedHistoryException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage());
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // A disk that fails while it is read does not say which file it was.
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    private static int exitCode(Collection<Verdict> verdicts) {
        if (verdicts.stream().anyMatch(Verdict.Violated.class::isInstance)) {
            return ExitCode.NO;
        }
        return verdicts.stream().anyMatch(Verdict.Undecided.class::isInstance) ? ExitCode.UNKNOWN : ExitCode.OK;
    }
}
