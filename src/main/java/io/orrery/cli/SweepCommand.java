package io.orrery.cli;

import io.orrery.check.Model;
import io.orrery.deployment.WorkersFile;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.Replay;
import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.explore.sweep.SweepRun;
import io.orrery.explore.sweep.Tally;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;
import io.orrery.model.FileProblem;
import io.orrery.report.CoverageReport;
import io.orrery.report.SweepReport;
import io.orrery.report.diagram.SvgCurve;
import io.orrery.report.export.ResultFolder;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.workers.ClusterSweep;
import io.orrery.workers.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays a scenario with many seeds, and says what held in how many of them. */
@Command(
        name = "sweep",
        description = {
            "Plays a scenario in many worlds, each with a seed of its own, and judges each.",
            "At the end a table says what held in how many of them, and with which command the first violation of each",
            "kind is seen again. What it says depends on the seeds, not on the number of threads."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all expectations were met in all worlds",
            "1:in some world an expectation was not met",
            "2:wrong usage or a bad file",
            "3:no expectation failed, but a verdict is undecided, or no world was played"
        })
final class SweepCommand implements Callable<Integer> {
    private static final SeedRange USUAL_SEEDS = new SeedRange(1, 1_000);
    private static final SeedRange ALL_SEEDS = new SeedRange(1, Long.MAX_VALUE);

    /** After a signal: the time for worlds under way, and for what is kept of findings. */
    private static final Duration LAST_WORDS = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A scenario file.")
    private Path file;

    @Option(
            names = "--seeds",
            paramLabel = "A..B",
            description =
                    "The seeds, or how many from 1 on (default: 1..1000; with --time or --until-violation all from 1 on).")
    private String seeds;

    @Option(names = "--time", paramLabel = "T", description = "Begin no world after this time, such as 60s.")
    private String time;

    @Option(names = "--until-violation", description = "End with the first world in which an expectation is not met.")
    private boolean untilViolation;

    @Option(
            names = "--protocol",
            paramLabel = "P",
            split = ",",
            description = "Play each seed under these protocols, separated by commas. Under another protocol than the "
                    + "file's, what that promises is expected of models.")
    private List<String> protocols = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many worlds are played at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--scheduler",
            paramLabel = "S",
            description =
                    "What chooses among steps that are ready, and delays within what links allow: random (the default), "
                            + "pos, pct, pct:DEPTH, or guided, which plays on from worlds that showed something new.")
    private String scheduler = "random";

    @Option(
            names = "--coverage",
            description = "Say also what the worlds covered, and whether further ones would show something new.")
    private boolean coverage;

    @Option(
            names = "--workers",
            paramLabel = "CONF",
            description = {
                "Have the worlds played by the processes that sweep-worker CONF starts, here or on other machines.",
                "--threads is then for making findings small."
            })
    private Path workers;

    @Mixin
    private PlayOptions play;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Also write the figures to this file, as CSV.")
    private Path csv;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Keep the first world with each kind of finding, as sim --out does.")
    private Path out;

    @Option(
            names = "--no-shrink",
            description = "Leave the findings as they are. Otherwise the first of each kind is made small.")
    private boolean isLeft;

    private final EarlyEnd earlyEnd = new EarlyEnd(LAST_WORDS);
    private SmallFindings smallFindings;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RoundsOption.atLeastOne("--threads", threads);
        SeedRange range =
                seeds != null ? SeedRange.parse(seeds) : time != null || untilViolation ? ALL_SEEDS : USUAL_SEEDS;
        Optional<Task> task = task();
        SweepPlan plan = new SweepPlan(
                task.isPresent() ? task.get().scenarios(spec.commandLine().getErr()::println) : scenarios(),
                range.first(),
                range.last(),
                Optional.ofNullable(time).map(TimeLimit::parse),
                untilViolation,
                threads,
                Strategy.parse(scheduler),
                coverage);
        plan.scenarios().forEach(this::requireExpectations);
        if (csv != null) {
            CsvFile.create(csv);
        }
        if (out != null) {
            OutFolder.create(out);
        }
        smallFindings = new SmallFindings(spec.commandLine().getErr());
        try {
            SweepResult result = run(plan, task);
            Map<Finding, SmallScenario> small =
                    isLeft || result.end() == SweepResult.End.INTERRUPTED ? Map.of() : shrink(result);
            print(result, small);
            if (out != null) {
                keep(result);
                keepCoverage(result);
                for (SmallScenario one : small.values()) {
                    one.keep(out);
                }
            }
            return earlyEnd.answer(result.isViolated() ? ExitCode.NO : result.holds() ? ExitCode.OK : ExitCode.UNKNOWN);
        } finally {
            earlyEnd.isOver();
            earlyEnd.forget();
        }
    }

    private List<Scenario> scenarios() {
        PrintWriter err = spec.commandLine().getErr();
        if (protocols.isEmpty()) {
            return List.of(play.load(file, Optional.empty(), err));
        }
        requireDifferentProtocols();
        return protocols.stream()
                .map(name -> play.load(file, Optional.of(ScenarioLoader.protocol(name.strip())), err))
                .toList();
    }

    /** What workers get; empty where there are none. */
    private Optional<Task> task() {
        if (workers == null) {
            return Optional.empty();
        }
        if (play.isTrusted()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--trusted does not go with --workers: they get the text of the file alone, without other files and"
                            + " without the environment");
        }
        if (isLeft) {
            IdleOptions.refuse(
                    spec,
                    "does not go with --workers and --no-shrink: workers have their own (sweep-worker --threads N), and"
                            + " nothing is made small here",
                    "--threads");
        }
        if (coverage || Strategy.parse(scheduler).equals(Strategy.GUIDED)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    (coverage ? "--coverage" : "--scheduler guided")
                            + " does not go with --workers: they tell what was as expected, and not what a world covered");
        }
        requireDifferentProtocols();
        return Optional.of(
                Task.ofFile(file, protocols.stream().map(String::strip).toList(), play.models(), scheduler));
    }

    private void requireDifferentProtocols() {
        Set<String> names = new HashSet<>();
        for (String name : protocols) {
            if (!names.add(name.strip())) {
                throw new ParameterException(spec.commandLine(), "--protocol names " + name.strip() + " twice");
            }
        }
    }

    /** Without any, worlds could only show that no replica fails. */
    private void requireExpectations(Scenario scenario) {
        if (!scenario.expectsAnything()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    scenario.file() + ": nothing is expected"
                            + (protocols.isEmpty() ? "" : " under " + scenario.protocol())
                            + ", so a sweep would find nothing: add expect { … } or invariants = all to the file, or name "
                            + "what must hold, such as --model causal-ccv");
        }
    }

    private SweepResult run(SweepPlan plan, Optional<Task> task) throws InterruptedException {
        long began = System.nanoTime();
        try (ActivityLine activity = new ActivityLine(spec.commandLine().getErr())) {
            SweepRun sweep;
            if (task.isEmpty()) {
                sweep = new Sweep(plan);
                activity.begin(() -> progress(sweep, plan, Duration.ofNanos(System.nanoTime() - began)));
            } else {
                WorkersFile file = WorkersFile.load(workers, activity::say);
                ClusterSweep it =
                        new ClusterSweep(file, new VersionCommand().getVersion()[0], task.get(), plan, activity::say);
                activity.say("waits for workers at " + file.sweep() + ": "
                        + ShellQuoting.command(List.of("./run.sh", "sweep-worker", workers.toString())));
                activity.begin(() -> progress(it, plan, it.playing())
                        + (it.workers() == 1 ? ", 1 worker" : ", " + it.workers() + " workers"));
                sweep = it;
            }
            earlyEnd.watch("end-sweep", () -> {
                sweep.interrupt();
                smallFindings.interrupt();
            });
            return sweep.run();
        }
    }

    private Map<Finding, SmallScenario> shrink(SweepResult result) {
        List<Finding> findings = result.tallies().stream()
                .flatMap(tally -> tally.findings().stream())
                .toList();
        return smallFindings.of(findings, threads, this::shrinking, this::story);
    }

    /** Several protocols may show the same, and each is a file of its own. */
    private String story(Finding finding) {
        String name = finding.scenario().name();
        return protocols.size() < 2 ? name : name + "-" + finding.scenario().protocol();
    }

    /** The command that makes a finding small. */
    private String shrinking(Finding finding) {
        List<String> words =
                new ArrayList<>(List.of("./run.sh", "shrink", finding.scenario().file()));
        addRun(words, finding);
        words.addAll(List.of("--what", finding.kind().name()));
        words.addAll(play.words());
        return ShellQuoting.command(words);
    }

    private static String progress(SweepRun sweep, SweepPlan plan, Duration since) {
        long worlds = sweep.worlds();
        long rate = Math.round(worlds / Math.max(since.toNanos() / 1e9, 1e-3));
        String all = plan.worlds() < Long.MAX_VALUE && plan.time().isEmpty() ? " of " + plan.worlds() : "";
        return worlds + all + " worlds, " + rate + " a second, " + sweep.findings() + " kinds of findings";
    }

    private void print(SweepResult result, Map<Finding, SmallScenario> made) throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        Map<Finding, SweepReport.Small> small = new HashMap<>();
        made.forEach((finding, one) -> small.put(
                finding,
                new SweepReport.Small(
                        one.size(), one.text(), out == null ? shrinking(finding) + " --out DIR" : one.command(out))));
        SweepReport report = new SweepReport(result, this::replay, small);
        if (json) {
            stdout.println(report.json().toPrettyString());
        } else {
            stdout.println(report.title());
            stdout.println();
            Terminal.lines(report.table()).forEach(stdout::println);
            stdout.println();
            report.notes().forEach(stdout::println);
            printCoverage(result, report);
            stdout.println(report.rate());
        }
        stdout.flush();
        if (csv != null) {
            CsvFile.write(csv, report.csv());
        }
    }

    private void printCoverage(SweepResult result, SweepReport report) {
        PrintWriter stdout = spec.commandLine().getOut();
        for (int i = 0; i < report.coverage().size(); i++) {
            CoverageReport one = report.coverage().get(i);
            stdout.println();
            stdout.println("in how many worlds what came to replicas found them so"
                    + (protocols.size() < 2
                            ? ""
                            : ", " + result.tallies().get(i).scenario().protocol()) + ":");
            Terminal.lines(one.table()).forEach(stdout::println);
            one.notes().forEach(stdout::println);
            stdout.println();
        }
    }

    private void keepCoverage(SweepResult result) throws IOException {
        for (Tally tally : result.tallies()) {
            if (tally.coverage().isPresent()) {
                Scenario scenario = tally.scenario();
                Path picture = out.resolve("coverage-" + scenario.name() + "-" + scenario.protocol() + ".svg");
                Files.writeString(
                        picture,
                        SvgCurve.of(
                                scenario.title(),
                                "worlds",
                                "orders of messages",
                                tally.coverage().get().curve().points().stream()
                                        .map(point -> new SvgCurve.Point(point.worlds(), point.seen()))
                                        .toList()));
                PrintWriter told =
                        json ? spec.commandLine().getErr() : spec.commandLine().getOut();
                told.println("coverage as a picture: " + picture);
                told.flush();
            }
        }
    }

    private void keep(SweepResult result) throws IOException {
        PrintWriter told =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        boolean isAny = false;
        try (Simulation simulation = Simulation.startSilently()) {
            for (Tally tally : result.tallies()) {
                for (long seed : seedsToKeep(tally)) {
                    Trace trace = new Trace();
                    Finding finding = tally.findings().stream()
                            .filter(it -> it.seed() == seed)
                            .findFirst()
                            .orElseThrow();
                    Run run = ScenarioRunner.run(
                            simulation,
                            finding.scenario(),
                            seed,
                            finding.schedule().chooser(seed),
                            trace,
                            List.of(Model.values()));
                    ResultFolder.write(
                            out,
                            run,
                            trace.events(),
                            Instant.now(),
                            replay(finding) + " " + ShellQuoting.command(List.of("--out", out.toString())));
                    isAny = true;
                }
            }
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
        if (isAny) {
            told.println("kept in " + out + "; to look at: " + ReportsCommand.of(out));
            told.flush();
        }
    }

    /** A world in which a replica failed has no end that could be drawn. */
    private static TreeSet<Long> seedsToKeep(Tally tally) {
        TreeSet<Long> seeds = new TreeSet<>();
        tally.findings().stream().map(Finding::seed).forEach(seeds::add);
        tally.findings().stream()
                .filter(it -> it.kind().sort() == Kind.Sort.FAILURE)
                .map(Finding::seed)
                .forEach(seeds::remove);
        return seeds;
    }

    /** The command that plays one world again. */
    private String replay(Finding finding) {
        List<String> words =
                new ArrayList<>(List.of("./run.sh", "sim", finding.scenario().file()));
        addRun(words, finding);
        words.addAll(play.words());
        return ShellQuoting.command(words);
    }

    private void addRun(List<String> words, Finding finding) {
        words.addAll(
                finding.schedule().equals(Schedule.USUAL)
                        ? List.of("--seed", "" + finding.seed())
                        : List.of("--replay", replayText(finding)));
        if (!protocols.isEmpty()) {
            words.addAll(List.of("--protocol", finding.scenario().protocol().name()));
        }
    }

    private static String replayText(Finding finding) {
        try {
            return Replay.of(finding).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
