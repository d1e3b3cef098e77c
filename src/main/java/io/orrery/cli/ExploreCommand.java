package io.orrery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.exhaustive.Exploration;
import io.orrery.explore.exhaustive.Exploration.Count;
import io.orrery.explore.exhaustive.Exploration.Judged;
import io.orrery.explore.exhaustive.Exploration.Report;
import io.orrery.explore.exhaustive.Exploration.Violation;
import io.orrery.explore.exhaustive.Explorer;
import io.orrery.loop.Schedule;
import io.orrery.model.Durations;
import io.orrery.report.Table;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a small scenario in every order of its events. */
@Command(
        name = "explore",
        description = {
            "Runs a small scenario in every order in which messages arrive, timers fire, and crashes come.",
            "Orders that no replica can tell apart are run once. The times of the scenario mean nothing here."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all executions were seen, and what is expected holds in each",
            "1:an expectation was not met",
            "2:wrong usage, or a file that is bad or cannot be explored",
            "3:the time was over before all was seen, or a signal came, or a verdict is undecided"
        })
final class ExploreCommand implements Callable<Integer> {
    /** So often what is left is estimated. */
    private static final long ESTIMATE_AFTER = Duration.ofMillis(250).toNanos();

    /** After a signal: the time for the event under way, and for what is kept. */
    private static final Duration LAST_WORDS = Duration.ofMinutes(1);

    /** Timers set timers, so with no end to their number the first execution would have none. */
    private static final int MOST_DEPTH = 100;
    /** So many final states are shown to people. */
    private static final int MOST_ROWS = 20;

    @Parameters(paramLabel = "FILE", description = "A scenario file.")
    private Path file;

    @Option(names = "--depth", paramLabel = "N", description = "How many timers may fire at each replica (default: 0).")
    private int depth;

    @Option(names = "--time", paramLabel = "T", description = "How long to explore, such as 60s or 10m (default: 60s).")
    private String time = "60s";

    @Option(
            names = "--protocol",
            paramLabel = "P",
            description =
                    "Play the file under this protocol. If that is not the file's, what it promises is expected of models.")
    private String protocol;

    @Mixin
    private PlayOptions play;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write what is wrong to this folder, made small: a scenario file for each, and its run.")
    private Path out;

    @Spec
    private CommandSpec spec;

    private final EarlyEnd earlyEnd = new EarlyEnd(LAST_WORDS);
    private volatile boolean isEnding;

    @Override
    public Integer call() throws IOException {
        if (depth < 0 || depth > MOST_DEPTH) {
            throw new ParameterException(spec.commandLine(), "--depth is from 0 to " + MOST_DEPTH + ", not " + depth);
        }
        Duration budget = TimeLimit.parse(time);
        PrintWriter err = spec.commandLine().getErr();
        Scenario scenario = play.load(file, Optional.ofNullable(protocol).map(ScenarioLoader::protocol), err);
        Exploration exploration;
        try {
            exploration = new Exploration(scenario, depth);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, file + ": " + e.getMessage());
        }
        if (out != null) {
            OutFolder.create(out);
        }
        earlyEnd.watch("end-explore", () -> isEnding = true);
        try {
            Report report = explore(exploration, budget);
            PrintWriter told = spec.commandLine().getOut();
            if (json) {
                told.println(json(report).toPrettyString());
            } else {
                print(report, told);
            }
            told.flush();
            if (!report.result().isComplete()) {
                err.println(tooLarge(report.result(), scenario, budget));
                err.flush();
            }
            if (out != null) {
                keep(report, scenario);
            }
            boolean isSure = report.result().isComplete() && report.isDecided();
            return earlyEnd.answer(report.isViolated() ? ExitCode.NO : isSure ? ExitCode.OK : ExitCode.UNKNOWN);
        } finally {
            earlyEnd.isOver();
            earlyEnd.forget();
        }
    }

    private Report explore(Exploration exploration, Duration budget) {
        Budget spent = new Budget(budget, exploration);
        try (ActivityLine activity = new ActivityLine(spec.commandLine().getErr())) {
            activity.begin(() -> spent.progress);
            return exploration.explore(spent);
        }
    }

    /** Is spent after a time, or when a signal comes; and says how far it is. */
    private final class Budget implements BooleanSupplier {
        private final long began = System.nanoTime();
        private final long nanos;
        private final Exploration exploration;
        private long estimated = began;
        private volatile String progress = "the first execution";

        Budget(Duration time, Exploration exploration) {
            this.nanos = time.toNanos();
            this.exploration = exploration;
        }

        @Override
        public boolean getAsBoolean() {
            long now = System.nanoTime();
            long executions = exploration.executions();
            if (now - estimated >= ESTIMATE_AFTER && executions > 0) {
                estimated = now;
                double estimate = exploration.estimate();
                long left = (long) ((now - began) * (estimate / executions - 1) / 1e9);
                progress = executions + " executions of about " + Math.round(estimate) + ", about " + left + " s left";
            }
            return isEnding || now - began >= nanos;
        }
    }

    private String tooLarge(Explorer.Result result, Scenario scenario, Duration budget) {
        String when = isEnding ? "before a signal came" : "within " + Durations.format(budget);
        String size = result.executions() == 0
                ? "the first execution did not come to its end"
                : "there are about " + Math.round(result.estimate()) + " executions, more if the estimate is too low";
        return file + ": not all was seen " + when + ": " + size + ". To see all, leave out operations"
                + (scenario.replicas().size() > 2 ? " or replicas" : "")
                + (depth > 0 ? ", lower --depth" : "") + ", or raise --time";
    }

    /** Only what a scenario can tell becomes a file: timers fire when they want, and some messages cannot be told apart. */
    private void keep(Report report, Scenario scenario) throws IOException {
        PrintWriter told =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        boolean isAny = false;
        for (Violation violation : report.violations()) {
            Optional<Finding> finding = violation.retold().flatMap(it -> shown(violation.kind(), it));
            try {
                SmallScenario small = SmallScenario.of(
                        finding.orElseThrow(() -> new IllegalArgumentException("its order cannot be told by times")),
                        Runtime.getRuntime().availableProcessors(),
                        again(),
                        scenario.name());
                small.keep(out);
                told.println(small.size() + ": " + small.command(out));
                isAny = true;
            } catch (IllegalArgumentException e) {
                told.println("no file shows " + violation.what() + ": " + e.getMessage());
            }
        }
        if (isAny) {
            told.println("kept in " + out + "; to look at: " + ReportsCommand.of(out));
        }
        told.flush();
    }

    /** The finding that the played scenario shows, if it is of this kind. */
    private static Optional<Finding> shown(Kind kind, Scenario scenario) {
        return ShrinkCommand.findings(scenario, 1, Schedule.USUAL).stream()
                .filter(it -> it.kind().sort() == kind.sort()
                        && (kind.sort() == Kind.Sort.FAILURE || it.kind().equals(kind)))
                .findFirst();
    }

    /** The command that explores it again. */
    private String again() {
        List<String> words = new ArrayList<>(List.of("./run.sh", "explore", file.toString()));
        if (depth > 0) {
            words.addAll(List.of("--depth", "" + depth));
        }
        if (protocol != null) {
            words.addAll(List.of("--protocol", protocol));
        }
        words.addAll(play.words());
        return ShellQuoting.command(words);
    }

    private static void print(Report report, PrintWriter out) {
        long executions = report.result().executions();
        String all = report.result().isComplete()
                ? "all " + executions + " executions"
                : executions + " executions of about "
                        + Math.round(report.result().estimate());
        out.println(all + ", of " + report.result().longest() + " events at the most");
        out.println();
        Table states = new Table().number("EXECUTIONS").text("THE END");
        report.states().stream().limit(MOST_ROWS).forEach(it -> states.row(it.executions(), it.what()));
        Terminal.lines(states).forEach(out::println);
        long others = report.otherStates()
                + report.states().stream()
                        .skip(MOST_ROWS)
                        .mapToLong(Count::executions)
                        .sum();
        if (others > 0) {
            out.println("and " + others + " executions with other ends");
        }
        if (!report.expectations().isEmpty()) {
            out.println();
            Table table =
                    new Table().text("EXPECTED").column("").number("EXECUTIONS").text("SEEN");
            for (Judged judged : report.expectations()) {
                judged.seen().forEach(it -> table.row(judged.expected(), judged.result(), it.executions(), it.what()));
            }
            Terminal.lines(table).forEach(out::println);
        }
        report.violations().forEach(violation -> {
            out.println();
            out.println("the least that shows " + violation.what() + ":");
            for (int i = 0; i < violation.example().size(); i++) {
                out.println("  " + (i + 1) + ". " + violation.example().get(i));
            }
        });
    }

    private static ObjectNode json(Report report) {
        ObjectNode all = new ObjectMapper().createObjectNode();
        all.put("executions", report.result().executions());
        all.put("complete", report.result().isComplete());
        all.put("estimate", Math.round(report.result().estimate()));
        all.put("longest", report.result().longest());
        counts(report.states(), all.putArray("ends"));
        all.put("otherEnds", report.otherStates());
        ArrayNode expectations = all.putArray("expectations");
        for (Judged judged : report.expectations()) {
            ObjectNode one = expectations.addObject();
            one.put("expected", judged.expected());
            one.put("result", judged.result());
            counts(judged.seen(), one.putArray("seen"));
        }
        counts(report.failures(), all.putArray("failures"));
        return all;
    }

    private static void counts(List<Count> counts, ArrayNode into) {
        for (Count count : counts) {
            ObjectNode one = into.addObject();
            one.put("what", count.what());
            one.put("executions", count.executions());
            ArrayNode example = one.putArray("example");
            count.example().forEach(example::add);
        }
    }
}
