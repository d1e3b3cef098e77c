package io.orrery.cli;

import io.orrery.check.Model;
import io.orrery.config.IncludePolicy;
import io.orrery.explore.Finding;
import io.orrery.explore.matrix.ProtocolMatrix;
import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.loop.Strategy;
import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.report.MatrixReport;
import io.orrery.report.export.ResultFolder;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which protocol keeps which consistency model. */
@Command(
        name = "matrix",
        description = {
            "Says which protocol keeps which consistency model in many worlds: protocols down, models across.",
            "Without FILEs it plays one workload without faults, and one with."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:each protocol kept what it promises",
            "1:a protocol broke what it promises, or a replica failed",
            "2:wrong usage or a bad file",
            "3:no promise was broken, but a verdict on one is undecided, or it was ended early"
        })
final class MatrixCommand implements Callable<Integer> {
    /** After a signal: the time for worlds under way, and for what is kept of violations. */
    private static final Duration LAST_WORDS = Duration.ofMinutes(1);

    private static final int MOST_OPERATIONS = 9;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Scenario files, a matrix for each (default: those of scenarios/matrix).")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--seeds", paramLabel = "N", description = "How many worlds each protocol plays (default: 200).")
    private int seeds = 200;

    @Option(
            names = "--models",
            description =
                    "Instead compare the models with each other: for each two the smallest history that satisfies "
                            + "the one and violates the other.")
    private boolean models;

    @Option(
            names = "--operations",
            paramLabel = "N",
            description = "With --models: try all histories of up to N operations, 1 to 9 (default: 7). "
                    + "Each more takes about fifteen times as long.")
    private int operations = 7;

    @Option(
            names = "--protocol",
            paramLabel = "P",
            split = ",",
            description = "These protocols, separated by commas (default: all).")
    private List<String> protocols = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many worlds are played at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Also write the figures to this file, as CSV.")
    private Path csv;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Keep what each violation was made to be, as a file with its run, and a page, matrix.html, in which "
                            + "each violated cell leads to its run. With --models: each history, and its picture.")
    private Path out;

    @Option(
            names = "--no-shrink",
            description = "Leave the violations as they are. Otherwise the first of each kind is made small.")
    private boolean isLeft;

    private final EarlyEnd earlyEnd = new EarlyEnd(LAST_WORDS);
    private SmallFindings smallFindings;
    private volatile Sweep sweep;
    private volatile boolean isEnding;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (models) {
            return compareModels();
        }
        IdleOptions.refuse(
                spec, "belongs to --models, which plays no worlds; --seeds N is how many are played", "--operations");
        RoundsOption.atLeastOne("--seeds", seeds);
        RoundsOption.atLeastOne("--threads", threads);
        List<SweepPlan> plans = new ArrayList<>();
        for (Path file : files.isEmpty() ? usual() : files) {
            plans.add(new SweepPlan(
                    scenarios(file), 1, seeds, Optional.empty(), false, threads, Strategy.parse("random")));
        }
        prepareFiles();
        smallFindings = new SmallFindings(spec.commandLine().getErr());
        earlyEnd.watch("end-matrix", this::interrupt);
        try {
            List<ProtocolMatrix> matrices = play(plans);
            Map<Finding, SmallScenario> small = isLeft || isEnding ? Map.of() : shrink(matrices);
            report(matrices, small);
            return earlyEnd.answer(exitCode(matrices));
        } finally {
            earlyEnd.isOver();
            earlyEnd.forget();
        }
    }

    private int exitCode(List<ProtocolMatrix> matrices) {
        if (matrices.stream().anyMatch(ProtocolMatrix::breaksAPromise)) {
            return ExitCode.NO;
        }
        return isEnding || matrices.stream().anyMatch(ProtocolMatrix::isUndecided) ? ExitCode.UNKNOWN : ExitCode.OK;
    }

    /** A signal ends the matrix early; what there is is told. */
    private void interrupt() {
        isEnding = true;
        Sweep played = sweep;
        if (played != null) {
            played.interrupt();
        }
        smallFindings.interrupt();
    }

    private int compareModels() throws IOException {
        if (!files.isEmpty()) {
            throw wrong("--models compares models, and plays no file");
        }
        IdleOptions.refuse(
                spec,
                "is about worlds, and --models plays none: it tries all histories of up to --operations N",
                "--seeds",
                "--protocol",
                "--threads",
                "--no-shrink");
        if (operations < 1 || operations > MOST_OPERATIONS) {
            throw wrong("--operations is a number from 1 to " + MOST_OPERATIONS + ", not " + operations);
        }
        prepareFiles();
        ComparedModels compared =
                ComparedModels.upTo(operations, spec.commandLine().getErr());
        compared.print(spec.commandLine().getOut(), json);
        if (csv != null) {
            CsvFile.write(csv, compared.report().csv());
        }
        if (out != null) {
            compared.keep(out);
        }
        return ExitCode.OK;
    }

    /** A wrong name must not cost the work. */
    private void prepareFiles() throws IOException {
        if (csv != null) {
            CsvFile.create(csv);
        }
        if (out != null) {
            OutFolder.create(out);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static List<Path> usual() {
        Path folder = SimCommand.scenarios().resolve("matrix");
        return List.of(folder.resolve("calm.conf"), folder.resolve("faults.conf"));
    }

    private List<Scenario> scenarios(Path file) {
        List<ProtocolType> all = protocols.isEmpty()
                ? Protocols.all()
                : protocols.stream()
                        .map(name -> ScenarioLoader.protocol(name.strip()))
                        .distinct()
                        .toList();
        return all.stream()
                .map(protocol -> ScenarioLoader.load(
                        file, IncludePolicy.STRANGER, spec.commandLine().getErr()::println, Optional.of(protocol)))
                .map(ProtocolMatrix::judgedByAll)
                .toList();
    }

    private List<ProtocolMatrix> play(List<SweepPlan> plans) throws InterruptedException {
        List<ProtocolMatrix> matrices = new ArrayList<>();
        try (ActivityLine activity = new ActivityLine(spec.commandLine().getErr())) {
            for (SweepPlan plan : plans) {
                Sweep played = new Sweep(plan);
                sweep = played;
                if (isEnding) {
                    break;
                }
                activity.begin(() ->
                        plan.scenarios().get(0).title() + ": " + played.worlds() + " of " + plan.worlds() + " worlds");
                matrices.add(ProtocolMatrix.of(played.run()));
            }
        }
        return matrices;
    }

    private Map<Finding, SmallScenario> shrink(List<ProtocolMatrix> matrices) {
        List<Finding> findings =
                matrices.stream().flatMap(matrix -> matrix.findings().stream()).toList();
        return smallFindings.of(
                findings,
                threads,
                MatrixCommand::shrinking,
                finding -> finding.scenario().name() + "-" + finding.scenario().protocol());
    }

    private void report(List<ProtocolMatrix> matrices, Map<Finding, SmallScenario> small) throws IOException {
        Map<Finding, MatrixReport.Small> told = new HashMap<>();
        small.forEach((finding, one) -> told.put(
                finding,
                new MatrixReport.Small(
                        one.shrunk().scenario().steps().size(),
                        one.size(),
                        one.text(),
                        out == null ? shrinking(finding) + " --out DIR" : one.command(out))));
        MatrixReport report = new MatrixReport(matrices, MatrixCommand::replay, told);
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(report.json().toPrettyString());
        } else {
            for (ProtocolMatrix matrix : matrices) {
                stdout.println(matrix.title());
                Terminal.lines(report.table(matrix)).forEach(stdout::println);
                stdout.println();
            }
            report.notes().forEach(stdout::println);
        }
        stdout.flush();
        if (csv != null) {
            CsvFile.write(csv, report.csv());
        }
        if (out != null) {
            keep(report, matrices, small);
        }
    }

    private static String replay(Finding finding) {
        return ShellQuoting.command(List.of(
                "./run.sh",
                "sim",
                finding.scenario().file(),
                "--protocol",
                finding.scenario().protocol().name(),
                "--seed",
                "" + finding.seed()));
    }

    /** The command that makes a finding small. */
    private static String shrinking(Finding finding) {
        String model = finding.kind().name();
        return ShellQuoting.command(List.of(
                "./run.sh",
                "shrink",
                finding.scenario().file(),
                "--seed",
                "" + finding.seed(),
                "--protocol",
                finding.scenario().protocol().name(),
                "--model",
                model,
                "--what",
                model));
    }

    /** What could not be made small is kept as it was. One run may violate several models, and is kept once. */
    private void keep(MatrixReport report, List<ProtocolMatrix> matrices, Map<Finding, SmallScenario> small)
            throws IOException {
        Map<Finding, String> pages = new HashMap<>();
        Map<String, Path> runs = new HashMap<>();
        try (Simulation simulation = Simulation.startSilently()) {
            for (ProtocolMatrix matrix : matrices) {
                for (Finding finding : matrix.findings()) {
                    Optional<Path> run =
                            small.containsKey(finding) ? small.get(finding).keep(out) : Optional.empty();
                    String command = replay(finding);
                    if (run.isEmpty() && !runs.containsKey(command)) {
                        runs.put(command, keep(simulation, finding, command));
                    }
                    Path page = run.orElseGet(() -> runs.get(command)).resolve("report.html");
                    pages.put(finding, out.relativize(page).toString());
                }
            }
            Files.writeString(out.resolve("matrix.html"), report.page(pages));
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
        PrintWriter told =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        told.println("kept in " + out + "; to look at: " + out.resolve("matrix.html"));
        told.flush();
    }

    private Path keep(Simulation simulation, Finding finding, String command) throws IOException {
        Trace trace = new Trace();
        Run run = ScenarioRunner.run(
                simulation,
                finding.scenario(),
                finding.seed(),
                finding.schedule().chooser(finding.seed()),
                trace,
                List.of(Model.values()));
        return ResultFolder.write(out, run, trace.events(), Instant.now(), command);
    }
}
