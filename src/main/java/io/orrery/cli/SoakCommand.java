package io.orrery.cli;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.Directories;
import io.orrery.soak.FaultKind;
import io.orrery.soak.Interruption;
import io.orrery.soak.Soak;
import io.orrery.soak.SoakReport;
import io.orrery.soak.SoakRequirements;
import io.orrery.soak.SoakResult;
import io.orrery.soak.SoakSettings;
import io.orrery.soak.SoakSum;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs random faults against the nodes of a deployment and judges what the clients saw. */
@Command(
        name = "soak",
        description = {
            "Runs nodes on this machine under random faults and load, and judges what clients saw.",
            "It starts the nodes of a deployment with new data, and kills, stops, wipes and cuts them off by a plan,",
            "while clients write and read. At the end nothing acknowledged may be lost and nothing invented, all replicas must",
            "be equal, and what the protocol promises must hold. With --sum it adds up the results of several runs."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all promises held",
            "1:a promise was violated, or there was another problem: a loss, a recovery that took too long",
            "2:wrong usage, a bad file, or a deployment of another machine",
            "3:no violation was found, but a verdict is undecided"
        })
final class SoakCommand implements Callable<Integer> {
    /** After a signal: the time for nodes to become ready, replicas to converge and the history to be judged. */
    private static final Duration LAST_WORDS = Duration.ofMinutes(6);

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "CONF",
            arity = "0..*",
            description = "A deployment file (conf/lamport-lww.conf); with --sum, results of --json or --out.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "10",
            description = "How long faults are injected (${DEFAULT-VALUE}); each kind at least once.")
    private double minutes;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            split = ",",
            description = "The kinds of faults, separated by commas (default: all that are possible here).")
    private List<String> faults;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of the plan and of the clients (default: 1).")
    private long seed = 1;

    @Option(
            names = "--disk",
            paramLabel = "DIR",
            description =
                    "For disk-full: a directory on a small file system, which is filled. One replica has its data there.")
    private Path disk;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Writes the result, the history, the logs of the nodes, and a page to a new folder in it.")
    private Path out;

    @Option(names = "--sum", description = "Adds up the results of several runs.")
    private boolean sum;

    private final EarlyEnd earlyEnd = new EarlyEnd(LAST_WORDS);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (sum) {
            return addUp();
        }
        if (files.size() > 1) {
            throw new ParameterException(spec.commandLine(), "a soak needs one deployment, not " + files.size());
        }
        if (!(minutes >= 0 && minutes <= TimeUnit.DAYS.toMinutes(30))) {
            throw new ParameterException(spec.commandLine(), "--minutes is from 0 to 43200, which is a month");
        }
        Path conf = files.isEmpty() ? SimCommand.scenarios().resolveSibling("conf/lamport-lww.conf") : files.get(0);
        Deployment deployment = DeploymentLoader.load(conf, spec.commandLine().getErr()::println);
        Optional<Path> small = Optional.ofNullable(disk);
        List<FaultKind> kinds = faults == null
                ? SoakRequirements.possible(deployment, small)
                : faults.stream()
                        .map(String::strip)
                        .map(FaultKind::parse)
                        .distinct()
                        .toList();
        Path directory = Files.createTempDirectory("orrery-soak-");
        SoakSettings setting = new SoakSettings(
                conf,
                deployment,
                Duration.ofMillis(Math.round(minutes * 60_000)),
                kinds,
                seed,
                directory,
                small,
                List.of());
        boolean isNeeded = true;
        try {
            SoakResult result = run(setting);
            isNeeded = !result.holds();
            return earlyEnd.answer(exitCode(result.holds(), result.isViolated()));
        } finally {
            if (isNeeded && Files.exists(directory.resolve("history.jsonl"))) {
                spec.commandLine().getErr().println("data and logs of the nodes are kept in " + directory);
            } else {
                Directories.delete(directory);
            }
            earlyEnd.isOver();
        }
    }

    private SoakResult run(SoakSettings setting) throws IOException, InterruptedException {
        PrintWriter stdout = spec.commandLine().getOut();
        PrintWriter told = json ? spec.commandLine().getErr() : stdout;
        Consumer<String> progress = line -> {
            told.println(line);
            told.flush();
        };
        Interruption interruption = new Interruption();
        try (Soak soak = new Soak(setting, interruption, progress)) {
            // A signal ends the plan; what was recorded is judged.
            earlyEnd.watch("end-soak", interruption::interrupt);
            if (out != null) {
                // Made at the start, so that a failure does not cost the whole run.
                Files.createDirectories(out);
            }
            SoakResult result = soak.run();
            print(result, stdout);
            if (out != null) {
                Path folder =
                        SoakReport.write(out, result, setting.directory(), Instant.now(), ShellQuoting.command(spec));
                told.println("kept in " + folder + "; to look at: " + ReportsCommand.of(out));
                told.flush();
            }
            return result;
        } finally {
            earlyEnd.forget();
        }
    }

    private void print(SoakResult result, PrintWriter stdout) {
        if (json) {
            stdout.println(result.json().toPrettyString());
        } else {
            stdout.println();
            SoakReport.lines(result, Terminal.columns()).forEach(stdout::println);
        }
        stdout.flush();
    }

    private int addUp() throws IOException {
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--sum needs the files that it adds up");
        }
        SoakSum all = SoakSum.ofFiles(files);
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(all.json().toPrettyString());
        } else {
            all.lines(Terminal.columns()).forEach(stdout::println);
        }
        stdout.flush();
        return exitCode(all.holds(), all.isViolated());
    }

    private static int exitCode(boolean holds, boolean isViolated) {
        return isViolated ? ExitCode.NO : holds ? ExitCode.OK : ExitCode.UNKNOWN;
    }
}
