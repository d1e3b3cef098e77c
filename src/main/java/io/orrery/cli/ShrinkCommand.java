package io.orrery.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.Replay;
import io.orrery.explore.shrink.Shrinker;
import io.orrery.explore.shrink.Shrunk;
import io.orrery.loop.Schedule;
import io.orrery.model.FileProblem;
import io.orrery.report.export.ResultFolder;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.ScenarioWriter;
import io.orrery.scenario.Step;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.WorldObserver;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes what is wrong with a run small. */
@Command(
        name = "shrink",
        description = {
            "Makes what is wrong with a run small: a scenario of a few steps that shows the same.",
            "Operations, clients, faults and replicas go, and times become short and round, until nothing can go."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all was as expected, so there is nothing to shrink",
            "1:something was wrong, and here it is small",
            "2:wrong usage or a bad file",
            "3:something was wrong, and it does not show in a scenario of steps"
        })
final class ShrinkCommand implements Callable<Integer> {
    private static final int WIDTH = 110;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A scenario file.")
    private Path file;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of the run (default: 1).")
    private Long seed;

    @Option(
            names = "--replay",
            paramLabel = "TEXT",
            description = "Shrink the run of the world that a sweep printed this text for.")
    private String replay;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "How many candidates are played at a time (default: one for each processor). It does not change "
                            + "the result.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private PlayOptions play;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write the scenario to a file in this folder, and its run beside it as sim --out does: diagram, "
                            + "trace, history and verdicts.")
    private Path out;

    /** A small scenario as a file, and its run. */
    private record Written(String name, String text, Run run, Trace trace) {}

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--threads", threads);
        if (seed != null && replay != null) {
            throw new ParameterException(
                    spec.commandLine(), "--replay has its seed in its text: leave out --seed or --replay");
        }
        Scenario scenario = play.load(file, Optional.empty(), spec.commandLine().getErr());
        requireExpectations(scenario);
        long first = seed == null ? 1 : seed;
        Schedule schedule = Schedule.USUAL;
        if (replay != null) {
            Replay known = Replay.parse(replay);
            known.requireOf(scenario);
            first = known.seed();
            schedule = known.schedule();
        }
        List<Finding> findings = findings(scenario, first, schedule);
        PrintWriter told = spec.commandLine().getOut();
        if (findings.isEmpty()) {
            told.println(
                    json
                            ? nothing(first).toPrettyString()
                            : "Nothing to shrink: with seed " + first + " all is as " + file + " expects it. "
                                    + "./run.sh sweep " + ShellQuoting.command(List.of(file.toString()))
                                    + " looks for a seed that shows something.");
            return ExitCode.OK;
        }
        Finding finding = findings.get(0);
        Shrunk shrunk;
        try {
            shrunk = Shrinker.shrink(finding, threads);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot be shrunk: " + e.getMessage());
        }
        Written written = written(shrunk, finding);
        String path = out == null ? written.name() : out.resolve(written.name()).toString();
        String command = command(List.of("sim", path), shrunk.seed());
        if (out != null) {
            keep(written, command);
        }
        if (json) {
            told.println(json(shrunk, finding, written, command).toPrettyString());
        } else {
            print(told, shrunk, findings, written, command);
        }
        told.flush();
        return ExitCode.NO;
    }

    private void requireExpectations(Scenario scenario) {
        if (scenario.expected().verdicts().isEmpty()
                && scenario.expected().invariants().isEmpty()
                && !scenario.expectsOfSteps()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    scenario.file()
                            + ": nothing is expected, so nothing can be wrong: add expect { … } or invariants = all"
                            + " to the file, or name what must hold, such as --model linearizable");
        }
    }

    private static List<Finding> findings(Scenario scenario, long seed, Schedule schedule) {
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(
                    simulation, scenario, seed, schedule.chooser(seed), WorldObserver.NONE, List.of());
            return Finding.of(scenario, seed, schedule, run);
        } catch (IllegalStateException e) {
            return List.of(Finding.of(scenario, seed, schedule, e));
        }
    }

    /** The text of the file, and a run of what was read back from it. */
    private Written written(Shrunk shrunk, Finding finding) {
        String name = shrunk.scenario().name() + "-" + shrunk.kind().name().replaceAll("[^A-Za-z0-9.]+", "-") + ".conf";
        String version = new VersionCommand().getVersion()[0];
        List<String> comment = new ArrayList<>();
        comment.add("Made by " + version + ", from a run of " + shrunk.operations() + " operations:");
        comment.add("    " + again(finding));
        if (shrunk.kind().sort() != Kind.Sort.MODEL) {
            comment.add("While it shows what is wrong, ./run.sh sim says so and exits with 1.");
        }
        if (shrunk.seed() != 1) {
            comment.add("It shows with --seed " + shrunk.seed() + ".");
        }
        comment.add("");
        comment.addAll(wrapped(shrunk.sentence()));
        String text = ScenarioWriter.write(shrunk.scenario(), comment);
        Scenario read = ScenarioLoader.parse(name, text);
        Trace trace = new Trace();
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(simulation, read, shrunk.seed(), trace, List.of(Model.values()));
            return new Written(name, text, run, trace);
        } catch (IllegalStateException e) {
            return new Written(name, text, null, trace);
        }
    }

    private static List<String> wrapped(String sentence) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split("\\s+")) {
            if (line.length() + word.length() >= WIDTH && !line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private void keep(Written written, String command) throws IOException {
        try {
            Files.createDirectories(out);
            Files.writeString(out.resolve(written.name()), written.text());
            if (written.run() != null) {
                ResultFolder.write(
                        out,
                        written.run(),
                        written.trace().events(),
                        Instant.now(),
                        command + " " + ShellQuoting.command(List.of("--out", out.toString())));
            }
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }

    private void print(PrintWriter told, Shrunk shrunk, List<Finding> findings, Written written, String command) {
        told.println("Seed " + findings.get(0).seed() + ": " + shrunk.kind() + ". "
                + count(shrunk.operations(), "operation")
                + " became " + count(shrunk.scenario().steps().size(), "step") + " at "
                + count(shrunk.scenario().replicas().size(), "replica") + ", after " + shrunk.runs() + " runs:");
        told.println();
        written.text().lines().forEach(line -> told.println(line.isEmpty() ? "" : "    " + line));
        told.println();
        told.println(
                (out == null ? "Written to a file (--out DIR does that), it replays: " : "It replays: ") + command);
        if (out != null) {
            told.println("kept in " + out + "; to look at: " + ReportsCommand.of(out));
        }
        findings.stream()
                .skip(1)
                .forEach(other -> told.println(
                        "The same run also shows: " + other.kind() + ". To shrink that, let it alone be expected."));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String command(List<String> words, long seed) {
        List<String> all = new ArrayList<>(List.of("./run.sh"));
        all.addAll(words);
        if (seed != 1) {
            all.addAll(List.of("--seed", "" + seed));
        }
        return ShellQuoting.command(all);
    }

    /** The command that made the file. */
    private String again(Finding finding) {
        List<String> words = new ArrayList<>(List.of("./run.sh", "shrink", file.toString()));
        words.addAll(replay == null ? List.of("--seed", "" + finding.seed()) : List.of("--replay", replay));
        words.addAll(play.words());
        return ShellQuoting.command(words);
    }

    private ObjectNode nothing(long first) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", file.toString())
                .put("seed", first)
                .putNull("kind");
    }

    private ObjectNode json(Shrunk shrunk, Finding finding, Written written, String command) {
        ObjectNode result = nothing(finding.seed());
        result.putObject("kind")
                .put("sort", shrunk.kind().sort().toString())
                .put("name", shrunk.kind().name());
        long asked = shrunk.scenario().steps().stream()
                .filter(Step.Ask.class::isInstance)
                .count();
        result.put("sentence", shrunk.sentence())
                .put("operationsBefore", shrunk.operations())
                .put("operations", asked)
                .put("faults", shrunk.scenario().steps().size() - asked)
                .put("replicas", shrunk.scenario().replicas().size())
                .put("runs", shrunk.runs())
                .put("scenario", written.text())
                .put("replaySeed", shrunk.seed())
                .put("command", command);
        if (out != null) {
            result.put("written", out.resolve(written.name()).toString());
        }
        return result;
    }
}
