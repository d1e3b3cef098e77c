package io.orrery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.history.HistoryWriter;
import io.orrery.report.RunReport;
import io.orrery.report.TraceText;
import io.orrery.report.diagram.Diagram;
import io.orrery.report.diagram.DiagramBuilder;
import io.orrery.report.diagram.ReportPage;
import io.orrery.report.diagram.SvgDiagram;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.WorldObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Simulates scenario files, and says whether what they expect was seen. */
@Command(
        name = "sim",
        description = "Simulates scenario files in virtual time, and compares what is seen with what they expect.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all that was expected was seen",
            "1:something was not",
            "2:wrong usage or a bad file",
            "3:all was seen but for verdicts that are undecided"
        })
public final class SimCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Scenario files (all of scenarios/, where none is given).")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Decides all that is left to chance (default: 1).")
    private long seed = 1;

    @Option(names = "--trace", description = "Tell the story line by line, in virtual time.")
    private boolean trace;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write trace, history and result of each to this folder.")
    private Path out;

    @Option(
            names = "--svg",
            paramLabel = "PICTURE",
            description = "Draw the space-time diagram of the one scenario that is given, as SVG.")
    private Path svg;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        // All files are read before the first one runs: a mistake in the last should not cost the time of the others.
        List<Scenario> scenarios = (files.isEmpty() ? allFiles() : files)
                .stream().map(ScenarioLoader::load).toList();
        PrintWriter stdout = spec.commandLine().getOut();
        List<Run> runs = simulate(scenarios, stdout);
        if (json) {
            stdout.println(RunReport.json(runs).toPrettyString());
        } else {
            RunReport.lines(runs).forEach(stdout::println);
        }
        stdout.flush();
        if (runs.stream().anyMatch(Run::isViolated)) {
            return ExitCode.NO;
        }
        return runs.stream().allMatch(Run::holds) ? ExitCode.OK : ExitCode.UNKNOWN;
    }

    private static List<Path> allFiles() throws IOException {
        Path folder = Path.of(System.getProperty("orrery.home", ""), "scenarios");
        Path here = Path.of("").toAbsolutePath();
        Path shown = folder.startsWith(here) ? here.relativize(folder) : folder;
        try (Stream<Path> all = Files.list(shown)) {
            return all.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    private List<Run> simulate(List<Scenario> scenarios, PrintWriter stdout) throws IOException {
        List<Run> runs = new ArrayList<>();
        try (Simulation simulation = Simulation.start()) {
            for (Scenario scenario : scenarios) {
                Trace recorded = new Trace();
                boolean wanted = trace || out != null || svg != null;
                WorldObserver observer = wanted ? recorded : WorldObserver.NONE;
                Run run = ScenarioRunner.run(simulation, scenario, seed, observer, List.of(Model.values()));
                runs.add(run);
                if (trace && !json) {
                    stdout.println(scenario.title());
                    TraceText.lines(recorded.events()).forEach(stdout::println);
                    stdout.println();
                }
                if (svg != null) {
                    Files.writeString(svg, SvgDiagram.of(DiagramBuilder.of(run, recorded.events())));
                }
                if (out != null) {
                    write(scenario, run, recorded);
                }
            }
        }
        return runs;
    }

    private void write(Scenario scenario, Run run, Trace recorded) throws IOException {
        Path folder = Files.createDirectories(out.resolve(scenario.name()));
        Files.write(folder.resolve("trace.txt"), TraceText.lines(recorded.events()));
        try (HistoryWriter history = HistoryWriter.jsonLines(folder.resolve("history.jsonl"))) {
            history.append(run.history());
        }
        ObjectNode result = (ObjectNode) RunReport.json(List.of(run)).get(0);
        Files.writeString(folder.resolve("result.json"), result.toPrettyString() + "\n");
        Diagram diagram = DiagramBuilder.of(run, recorded.events());
        Files.writeString(folder.resolve("diagram.svg"), SvgDiagram.of(diagram));
        Files.writeString(folder.resolve("report.html"), ReportPage.of(diagram));
    }
}
