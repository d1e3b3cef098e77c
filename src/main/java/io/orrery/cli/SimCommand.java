package io.orrery.cli;

import io.orrery.check.Model;
import io.orrery.explore.Replay;
import io.orrery.launch.ClusterRunner;
import io.orrery.launch.ScenarioCluster;
import io.orrery.loop.Schedule;
import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolType;
import io.orrery.report.RunReport;
import io.orrery.report.RunTable;
import io.orrery.report.TraceText;
import io.orrery.report.diagram.DiagramBuilder;
import io.orrery.report.diagram.SvgDiagram;
import io.orrery.report.export.ResultFolder;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.TimeScale;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.WorldObserver;
import io.orrery.zoo.Zoo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Simulates scenario files or plays them on a cluster, and checks their expectations. */
@Command(
        name = "sim",
        description = {
            "Simulates scenario files in virtual time, and checks what they expect.",
            "With --cluster it plays them in real time, on a new JVM for each replica."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all expectations were met",
            "1:an expectation was not met",
            "2:wrong usage or a bad file",
            "3:no expectation failed, but a verdict is undecided"
        })
public final class SimCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Scenario files, or folders of them (default: scenarios/).")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "The seed of all random choices (default: 1).")
    private Long given;

    private long seed = 1;
    private Schedule schedule = Schedule.USUAL;

    @Option(names = "--trace", description = "Print the trace line by line, in virtual time.")
    private boolean trace;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "The width of the table in columns (default: that of the terminal).")
    private int width = Terminal.columns();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write the history and the result of each to a folder of its own in this one; without --cluster "
                            + "also the trace, the space-time diagram, and a page to step through it.")
    private Path out;

    @Option(
            names = "--svg",
            paramLabel = "PICTURE",
            description = "Write the space-time diagram of a single scenario to this file, as SVG.")
    private Path svg;

    @Option(
            names = "--protocol",
            paramLabel = "P",
            description =
                    "Play them under this protocol. If that is not the file's, what it promises is expected of models.")
    private String protocol;

    @Option(
            names = "--replay",
            paramLabel = "TEXT",
            description = "Play one scenario as in the world that a sweep printed this text for.")
    private String replay;

    @Mixin
    private PlayOptions play;

    @Option(
            names = "--cluster",
            description = "Play them in real time, with a JVM per replica. Durations may then be off by 250 ms.")
    private boolean cluster;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "With --cluster: the factor by which all times, and the tolerance of 250 ms, are "
                    + "multiplied (default: 1).")
    private Double scale;

    @Spec
    private CommandSpec spec;

    private RunTable table;

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireMeaning();
        // Reads all files before the first run: a mistake in the last file must not cost the time of the other runs.
        Optional<ProtocolType> under = Optional.ofNullable(protocol).map(ScenarioLoader::protocol);
        List<Scenario> scenarios = new ArrayList<>();
        for (Path file : files.isEmpty() ? List.of(scenarios()) : files) {
            for (Path scenario : Files.isDirectory(file) ? filesOf(file) : List.of(file)) {
                scenarios.add(play.load(scenario, under, spec.commandLine().getErr()));
            }
        }
        for (Scenario scenario : scenarios) {
            if (cluster && Zoo.protocol(scenario.protocol().name()).isPresent()) {
                throw wrong(scenario.file() + ": " + scenario.protocol()
                        + " is broken on purpose, and is played in the simulation alone");
            }
        }
        if (svg != null && scenarios.size() != 1) {
            throw wrong("--svg draws one scenario, not " + (files.isEmpty() ? "all" : scenarios.size())
                    + ": name one file, or draw each with --out");
        }
        if (given != null) {
            seed = given;
        }
        if (replay != null) {
            replay(scenarios);
        }
        List<Run> runs = new ArrayList<>();
        table = RunTable.of(scenarios, !cluster, width);
        if (isToldAsItGoes()) {
            spec.commandLine().getOut().println(table.head());
            spec.commandLine().getOut().flush();
        }
        try {
            if (cluster) {
                playOnClusters(scenarios, runs);
            } else {
                simulate(scenarios, runs);
            }
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        } finally {
            // A failing cluster must not discard the results of the runs before it.
            if (!runs.isEmpty()) {
                print(runs);
            }
        }
        if (out != null && !json) {
            spec.commandLine().getOut().println("kept in " + out + "; to look at: " + ReportsCommand.of(out));
        }
        if (files.isEmpty() && !json) {
            spec.commandLine().getOut().println(System.lineSeparator() + summary(runs));
        }
        if (runs.stream().anyMatch(Run::isViolated)) {
            return ExitCode.NO;
        }
        return runs.stream().allMatch(Run::holds) ? ExitCode.OK : ExitCode.UNKNOWN;
    }

    private void replay(List<Scenario> scenarios) throws IOException {
        Replay known = Replay.parse(replay);
        if (scenarios.size() != 1 || given != null || cluster) {
            throw wrong(
                    "--replay plays one scenario in virtual time, with the seed that is in the text: name one file, and"
                            + " leave out --seed and --cluster");
        }
        known.requireOf(scenarios.get(0));
        seed = known.seed();
        schedule = known.schedule();
    }

    /** Whether each table line is printed as its run ends. For stories the table follows as a whole. */
    private boolean isToldAsItGoes() {
        return !json && !trace;
    }

    private void over(Run run, List<Run> runs) {
        runs.add(run);
        if (isToldAsItGoes()) {
            spec.commandLine().getOut().println(table.line(run));
            spec.commandLine().getOut().flush();
        }
    }

    private void print(List<Run> runs) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(RunReport.json(runs).toPrettyString());
        } else {
            if (!isToldAsItGoes()) {
                stdout.println(table.head());
                runs.forEach(run -> stdout.println(table.line(run)));
            }
            RunReport.notes(runs, table).forEach(stdout::println);
        }
        stdout.flush();
    }

    /** The hints for a first-time user. */
    private static String summary(List<Run> runs) {
        long met = runs.stream().filter(Run::holds).count();
        String how = met == runs.size()
                ? "All " + met + " scenarios went as expected"
                : met + " of " + runs.size() + " scenarios went as expected; the rest is explained above";
        return how
                + "; ✗ marks a level that did not hold in that run, which is no failure: most protocols promise less,"
                + " and the scenarios show it. Next: ./run.sh sim scenarios/lamport-order.conf --trace (one of them as a"
                + " story), ./run.sh serve (replicas live), ./run.sh --help (all commands).";
    }

    private void requireMeaning() {
        if (width < 1) {
            throw wrong("--width is 1 or more, not " + width);
        }
        if (cluster && trace) {
            throw wrong("--trace shows virtual time, and a cluster has none: leave out --trace or --cluster");
        }
        if (cluster && svg != null) {
            throw wrong("--svg draws virtual time, and a cluster has none: leave out --svg or --cluster");
        }
        if (cluster && files.isEmpty()) {
            throw wrong("--cluster needs files: name some of scenarios/");
        }
        if (!cluster && scale != null) {
            throw wrong("--scale stretches real time, and so needs --cluster");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The path of Orrery's own scenarios, as short as possible. */
    static Path scenarios() {
        Path folder = Path.of(System.getProperty("orrery.home", ""), "scenarios");
        Path here = Path.of("").toAbsolutePath();
        return folder.startsWith(here) ? here.relativize(folder) : folder;
    }

    /** The scenario files of a folder by name, without those of its subfolders. */
    private List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> scenarios = all.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
            if (scenarios.isEmpty()) {
                throw wrong("there are no scenario files (*.conf) in the folder " + folder);
            }
            return scenarios;
        }
    }

    private void simulate(List<Scenario> scenarios, List<Run> runs) throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        try (Simulation simulation = Simulation.start()) {
            for (Scenario scenario : scenarios) {
                Trace recorded = new Trace();
                boolean wanted = trace || out != null || svg != null;
                WorldObserver observer = wanted ? recorded : WorldObserver.NONE;
                Run run = ScenarioRunner.run(
                        simulation, scenario, seed, schedule.chooser(seed), observer, List.of(Model.values()));
                over(run, runs);
                if (trace && !json) {
                    stdout.println(scenario.title());
                    TraceText.lines(recorded.events()).forEach(stdout::println);
                    stdout.println();
                }
                if (svg != null) {
                    Files.createDirectories(svg.toAbsolutePath().getParent());
                    Files.writeString(svg, SvgDiagram.of(DiagramBuilder.of(run, recorded.events())));
                }
                if (out != null) {
                    ResultFolder.write(out, run, recorded.events(), Instant.now(), command(scenario));
                }
            }
        }
    }

    private void playOnClusters(List<Scenario> scenarios, List<Run> runs) throws IOException, InterruptedException {
        ScenarioCluster player = new ScenarioCluster(new TimeScale(scale == null ? 1 : scale), seed);
        scenarios.forEach(ClusterRunner::requirePlayable);
        PrintWriter stderr = spec.commandLine().getErr();
        for (Scenario scenario : scenarios) {
            Run run = player.play(
                    scenario, List.of(Model.values()), what -> stderr.println(scenario.name() + ": " + what));
            over(run, runs);
            if (out != null) {
                ResultFolder.write(out, run, Instant.now(), command(scenario));
            }
        }
    }

    /** The command that repeats one run and saves it beside this one. */
    private String command(Scenario scenario) {
        List<String> words = new ArrayList<>(List.of("./run.sh", "sim", scenario.file()));
        words.addAll(replay == null ? List.of("--seed", "" + seed) : List.of("--replay", replay));
        if (protocol != null) {
            words.addAll(List.of("--protocol", protocol));
        }
        words.addAll(play.words());
        if (cluster) {
            words.add("--cluster");
        }
        if (scale != null) {
            words.addAll(List.of("--scale", scale.toString()));
        }
        words.addAll(List.of("--out", out.toString()));
        return ShellQuoting.command(words);
    }
}
