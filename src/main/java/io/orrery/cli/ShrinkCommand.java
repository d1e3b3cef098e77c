package io.orrery.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.explore.Finding;
import io.orrery.explore.Replay;
import io.orrery.explore.shrink.Shrunk;
import io.orrery.loop.Schedule;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.Step;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    @Option(
            names = "--protocol",
            paramLabel = "P",
            description = "Play the file under another protocol, as sim and sweep do.")
    private String protocol;

    @Option(
            names = "--what",
            paramLabel = "NAME",
            description = "Of several things that are wrong with the run: the model, invariant or expectation of this "
                    + "name (default: the first).")
    private String what;

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

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--threads", threads);
        if (seed != null && replay != null) {
            throw new ParameterException(
                    spec.commandLine(), "--replay has its seed in its text: leave out --seed or --replay");
        }
        Scenario scenario = play.load(
                file,
                Optional.ofNullable(protocol).map(ScenarioLoader::protocol),
                spec.commandLine().getErr());
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
        Finding finding = chosen(findings);
        if (out != null) {
            OutFolder.create(out);
        }
        SmallScenario small;
        try {
            small = SmallScenario.of(finding, threads, again(finding), scenario.name());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot be shrunk: " + e.getMessage());
        }
        if (out != null) {
            small.keep(out);
        }
        if (json) {
            told.println(json(small, finding).toPrettyString());
        } else {
            print(told, small, findings);
        }
        told.flush();
        return ExitCode.NO;
    }

    private Finding chosen(List<Finding> findings) {
        return findings.stream()
                .filter(it -> what == null || it.kind().name().equals(what))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "nothing that is wrong with this run is called \"" + what + "\"; there is: "
                                + findings.stream().map(it -> it.kind().name()).collect(Collectors.joining(", "))));
    }

    private void requireExpectations(Scenario scenario) {
        if (!scenario.expectsAnything()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    scenario.file()
                            + ": nothing is expected, so nothing can be wrong: add expect { … } or invariants = all"
                            + " to the file, or name what must hold, such as --model linearizable");
        }
    }

    /** What is wrong with a run. */
    static List<Finding> findings(Scenario scenario, long seed, Schedule schedule) {
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(
                    simulation, scenario, seed, schedule.chooser(seed), WorldObserver.NONE, List.of());
            return Finding.of(scenario, seed, schedule, run);
        } catch (IllegalStateException e) {
            return List.of(Finding.of(scenario, seed, schedule, e));
        }
    }

    private void print(PrintWriter told, SmallScenario small, List<Finding> findings) {
        told.println("Seed " + findings.get(0).seed() + ": " + small.shrunk().kind() + ". " + small.size() + ", after "
                + small.shrunk().runs() + " runs:");
        told.println();
        small.text().lines().forEach(line -> told.println(line.isEmpty() ? "" : "    " + line));
        told.println();
        told.println((out == null ? "Written to a file (--out DIR does that), it replays: " : "It replays: ")
                + small.command(out));
        if (out != null) {
            told.println("kept in " + out + "; to look at: " + ReportsCommand.of(out));
        }
        findings.stream()
                .filter(other -> !other.kind().equals(small.shrunk().kind()))
                .forEach(other -> told.println("The same run also shows: " + other.kind() + " (--what "
                        + ShellQuoting.command(List.of(other.kind().name())) + ")."));
    }

    /** The command that made the file. */
    private String again(Finding finding) {
        List<String> words = new ArrayList<>(List.of("./run.sh", "shrink", file.toString()));
        words.addAll(replay == null ? List.of("--seed", "" + finding.seed()) : List.of("--replay", replay));
        if (protocol != null) {
            words.addAll(List.of("--protocol", protocol));
        }
        if (what != null) {
            words.addAll(List.of("--what", what));
        }
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

    private ObjectNode json(SmallScenario small, Finding finding) {
        Shrunk shrunk = small.shrunk();
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
                .put("scenario", small.text())
                .put("replaySeed", shrunk.seed())
                .put("command", small.command(out));
        if (out != null) {
            result.put("written", small.path(out));
        }
        return result;
    }
}
