package io.orrery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.explore.exhaustive.Exploration;
import io.orrery.explore.exhaustive.Exploration.Count;
import io.orrery.explore.exhaustive.Exploration.Judged;
import io.orrery.explore.exhaustive.Exploration.Report;
import io.orrery.model.Durations;
import io.orrery.report.Table;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
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
            "3:the time was over before all was seen, or a verdict is undecided"
        })
final class ExploreCommand implements Callable<Integer> {
    private static final long TELL_AFTER = Duration.ofSeconds(5).toNanos();
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

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
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
        Report report = exploration.explore(new Budget(budget, exploration, err));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(report).toPrettyString());
        } else {
            print(report, out);
        }
        if (!report.result().isComplete()) {
            err.println(file + ": not all was seen within " + Durations.format(budget) + ": about "
                    + Math.round(report.result().estimate())
                    + " executions. Leave out operations or replicas, lower --depth, or raise --time");
        }
        err.flush();
        out.flush();
        if (report.isViolated()) {
            return ExitCode.NO;
        }
        return report.result().isComplete() && report.isDecided() ? ExitCode.OK : ExitCode.UNKNOWN;
    }

    /** Is spent after a time, and tells how far it is. */
    private static final class Budget implements BooleanSupplier {
        private final long began = System.nanoTime();
        private final long nanos;
        private final Exploration exploration;
        private final PrintWriter err;
        private long executions;
        private long told = began;

        Budget(Duration time, Exploration exploration, PrintWriter err) {
            this.nanos = time.toNanos();
            this.exploration = exploration;
            this.err = err;
        }

        @Override
        public boolean getAsBoolean() {
            executions++;
            long now = System.nanoTime();
            if (now - told >= TELL_AFTER) {
                told = now;
                double estimate = exploration.estimate();
                long left = (long) ((now - began) * (estimate / executions - 1) / 1e9);
                err.println(
                        executions + " executions of about " + Math.round(estimate) + ", about " + left + " s left");
                err.flush();
            }
            return now - began >= nanos;
        }
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
        for (Judged judged : report.expectations()) {
            judged.seen().stream()
                    .filter(it -> it.what().startsWith("violated"))
                    .findFirst()
                    .ifPresent(it -> example(judged.expected() + ", " + it.what(), it.example(), out));
        }
        report.failures().forEach(it -> example(it.what(), it.example(), out));
    }

    private static void example(String of, List<String> events, PrintWriter out) {
        out.println();
        out.println("the first execution with " + of + ":");
        for (int i = 0; i < events.size(); i++) {
            out.println("  " + (i + 1) + ". " + events.get(i));
        }
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
