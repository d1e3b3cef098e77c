package io.orrery.cli;

import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.shrink.Shrinker;
import io.orrery.explore.shrink.Shrunk;
import io.orrery.model.FileProblem;
import io.orrery.report.export.ResultFolder;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.ScenarioWriter;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What is wrong with a run, made small: as the text of a file, and as a run of what was read back from that text.
 *
 * @param name of the file
 * @param run null where a replica failed in it
 */
record SmallScenario(Shrunk shrunk, String name, String text, Run run, Trace trace) {
    private static final int WIDTH = 110;

    /**
     * Shrinks.
     *
     * @param again the command that makes it again
     * @param story how the name of the file begins
     * @param isToEnd whether to be content with what is smallest so far
     * @throws IllegalArgumentException when it does not show in a scenario of steps
     */
    static SmallScenario of(Finding finding, int threads, String again, String story, BooleanSupplier isToEnd) {
        Shrunk shrunk = Shrinker.shrink(finding, threads, isToEnd);
        String name = story + "-" + shrunk.kind().name().replaceAll("[^A-Za-z0-9.]+", "-") + ".conf";
        String text = ScenarioWriter.write(shrunk.scenario(), comment(shrunk, again));
        Scenario read = ScenarioLoader.parse(name, text);
        Trace trace = new Trace();
        try (Simulation simulation = Simulation.startSilently()) {
            Run run = ScenarioRunner.run(simulation, read, shrunk.seed(), trace, List.of(Model.values()));
            return new SmallScenario(shrunk, name, text, run, trace);
        } catch (IllegalStateException e) {
            return new SmallScenario(shrunk, name, text, null, trace);
        }
    }

    private static List<String> comment(Shrunk shrunk, String again) {
        List<String> comment = new ArrayList<>();
        comment.add("Made by " + new VersionCommand().getVersion()[0] + ", from a run of " + shrunk.operations()
                + " operations:");
        comment.add("    " + again);
        if (shrunk.kind().sort() != Kind.Sort.MODEL) {
            comment.add("While it shows what is wrong, ./run.sh sim says so and exits with 1.");
        }
        if (shrunk.seed() != 1) {
            comment.add("It shows with --seed " + shrunk.seed() + ".");
        }
        comment.add("");
        comment.addAll(wrapped(shrunk.sentence()));
        return comment;
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

    /** Where the file is, or would be without a folder. */
    String path(Path folder) {
        return folder == null ? name : folder.resolve(name).toString();
    }

    /** The command that plays the file. */
    String command(Path folder) {
        List<String> words = new ArrayList<>(List.of("./run.sh", "sim", path(folder)));
        if (shrunk.seed() != 1) {
            words.addAll(List.of("--seed", "" + shrunk.seed()));
        }
        return ShellQuoting.command(words);
    }

    /**
     * Writes the file, and its run beside it as {@code sim --out} does.
     *
     * @return the folder of the run; empty where a replica failed in it
     */
    Optional<Path> keep(Path folder) throws IOException {
        try {
            Files.writeString(folder.resolve(name), text);
            return run == null
                    ? Optional.empty()
                    : Optional.of(ResultFolder.write(
                            folder,
                            run,
                            trace.events(),
                            Instant.now(),
                            command(folder) + " " + ShellQuoting.command(List.of("--out", folder.toString()))));
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }

    /** How small it has become, in words. */
    String size() {
        return count(shrunk.operations(), "operation") + " became "
                + count(shrunk.scenario().steps().size(), "step") + " at "
                + count(shrunk.scenario().replicas().size(), "replica")
                + (shrunk.isComplete() ? "" : " (ended early: there may be something smaller)");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
