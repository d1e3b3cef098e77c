package io.orrery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.orrery.check.Model;
import io.orrery.config.IncludePolicy;
import io.orrery.explore.Finding;
import io.orrery.explore.matrix.ModelMatrix;
import io.orrery.explore.matrix.ProtocolMatrix;
import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.loop.Strategy;
import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.report.MatrixReport;
import io.orrery.report.ModelMatrixReport;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
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
            "3:no promise was broken, but a verdict on one is undecided"
        })
final class MatrixCommand implements Callable<Integer> {
    private static final int USUAL_OPERATIONS = 5;
    private static final int MOST_OPERATIONS = 8;

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
            description = "With --models: try all histories of up to N operations, 1 to 8 (default: 5). "
                    + "Each more takes about fifteen times as long.")
    private Integer operations;

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

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Keep a run for each violation, and a page, matrix.html, with a link to each.")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (models) {
            return compareModels();
        }
        if (operations != null) {
            throw wrong("--operations belongs to --models");
        }
        RoundsOption.atLeastOne("--seeds", seeds);
        RoundsOption.atLeastOne("--threads", threads);
        List<SweepPlan> plans = new ArrayList<>();
        for (Path file : files.isEmpty() ? usual() : files) {
            plans.add(new SweepPlan(
                    scenarios(file), 1, seeds, Optional.empty(), false, threads, Strategy.parse("random")));
        }
        if (out != null) {
            OutFolder.create(out);
        }
        List<ProtocolMatrix> matrices = new ArrayList<>();
        for (SweepPlan plan : plans) {
            matrices.add(play(plan));
        }
        print(matrices);
        if (out != null) {
            keep(matrices);
        }
        if (matrices.stream().anyMatch(ProtocolMatrix::breaksAPromise)) {
            return ExitCode.NO;
        }
        return matrices.stream().anyMatch(ProtocolMatrix::isUndecided) ? ExitCode.UNKNOWN : ExitCode.OK;
    }

    private int compareModels() throws IOException {
        if (!files.isEmpty() || !protocols.isEmpty()) {
            throw wrong("--models compares models, and plays no protocol and no file");
        }
        int most = operations == null ? USUAL_OPERATIONS : operations;
        if (most < 1 || most > MOST_OPERATIONS) {
            throw wrong("--operations is a number from 1 to " + MOST_OPERATIONS + ", not " + most);
        }
        if (out != null) {
            OutFolder.create(out);
        }
        AtomicLong judged = new AtomicLong();
        ModelMatrix matrix;
        try (ActivityLine activity = new ActivityLine(spec.commandLine().getErr())) {
            activity.begin(() -> judged + " histories");
            matrix = ModelMatrix.upTo(most, judged::set);
        }
        PrintWriter stdout = spec.commandLine().getOut();
        ModelMatrixReport report = new ModelMatrixReport(matrix);
        if (json) {
            stdout.println(report.json().toPrettyString());
        } else {
            Terminal.lines(report.table()).forEach(stdout::println);
            stdout.println();
            report.legend().lines().forEach(stdout::println);
            stdout.println();
            report.histories().forEach(stdout::println);
        }
        if (out != null) {
            keep(matrix);
        }
        stdout.flush();
        return ExitCode.OK;
    }

    private void keep(ModelMatrix matrix) {
        for (Model satisfied : ModelMatrix.models()) {
            for (Model violated : ModelMatrix.models()) {
                Optional<History> history = matrix.between(satisfied, violated);
                if (history.isPresent()) {
                    String name = satisfied.shortName() + "-not-" + violated.shortName() + ".jsonl";
                    try (HistoryWriter writer = HistoryWriter.jsonLines(out.resolve(name))) {
                        writer.append(history.get());
                    }
                }
            }
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

    private ProtocolMatrix play(SweepPlan plan) throws InterruptedException {
        Sweep sweep = new Sweep(plan);
        try (ActivityLine activity = new ActivityLine(spec.commandLine().getErr())) {
            activity.begin(
                    () -> plan.scenarios().get(0).title() + ": " + sweep.worlds() + " of " + plan.worlds() + " worlds");
            return ProtocolMatrix.of(sweep.run());
        }
    }

    private void print(List<ProtocolMatrix> matrices) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            ArrayNode all = new ObjectMapper().createArrayNode();
            matrices.forEach(matrix -> all.add(MatrixReport.json(matrix, MatrixCommand::replay)));
            stdout.println(all.toPrettyString());
        } else {
            for (ProtocolMatrix matrix : matrices) {
                stdout.println(matrix.title());
                Terminal.lines(MatrixReport.table(matrix)).forEach(stdout::println);
                stdout.println();
                matrix.rows()
                        .forEach(row -> row.failures()
                                .forEach(failure -> stdout.println(row.protocol() + ", " + failure.kind() + ": "
                                        + failure.sentence() + "\n  " + replay(failure))));
            }
            stdout.println(MatrixReport.legend(matrices.get(0)));
            MatrixReport.names().forEach(stdout::println);
        }
        stdout.flush();
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

    /** One run may violate several models, and is kept once. */
    private void keep(List<ProtocolMatrix> matrices) throws IOException {
        Map<Finding, String> pages = new HashMap<>();
        Map<String, String> runs = new HashMap<>();
        try (Simulation simulation = Simulation.startSilently()) {
            for (ProtocolMatrix matrix : matrices) {
                for (ProtocolMatrix.Row row : matrix.rows()) {
                    for (ProtocolMatrix.Cell cell : row.cells().values()) {
                        if (cell.finding().isPresent()) {
                            Finding finding = cell.finding().get();
                            String command = replay(finding);
                            if (!runs.containsKey(command)) {
                                runs.put(command, keep(simulation, finding, command));
                            }
                            pages.put(finding, runs.get(command));
                        }
                    }
                }
            }
            Files.writeString(out.resolve("matrix.html"), MatrixReport.page(matrices, pages));
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
        PrintWriter told =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        told.println("kept in " + out + "; to look at: " + out.resolve("matrix.html"));
        told.flush();
    }

    private String keep(Simulation simulation, Finding finding, String command) throws IOException {
        Trace trace = new Trace();
        Run run = ScenarioRunner.run(
                simulation,
                finding.scenario(),
                finding.seed(),
                finding.schedule().chooser(finding.seed()),
                trace,
                List.of(Model.values()));
        Path folder = ResultFolder.write(
                out.resolve(finding.scenario().protocol().name()), run, trace.events(), Instant.now(), command);
        return out.relativize(folder.resolve("report.html")).toString();
    }
}
