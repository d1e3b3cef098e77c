package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.check.VerdictJson;
import io.orrery.scenario.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What came of scenarios: as a table for people and as JSON for programs. */
public final class RunReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What the marks and headings of the table mean. */
    private static final List<String> LEGEND = List.of(
            "seen: how much of what was expected; ✓ holds, ✗ violated, ? undecided: linearizable, sequential,",
            "causal consistency, causal memory, causal convergence, PRAM, read your writes, monotonic reads and writes,",
            "writes follow reads, converged.");

    private RunReport() {}

    /**
     * A line for each run: how much of what was expected was seen, and the verdicts. Below the table is what was not as
     * expected, and why.
     */
    public static List<String> lines(List<Run> runs) {
        Table table = new Table().column("scenario").column("protocol").number("seen");
        List.of(Model.values()).forEach(model -> table.mark(heading(model)));
        // Runs in real time have no other time than that of the wall.
        boolean anySimulated = runs.stream().anyMatch(run -> run.simulated().isPresent());
        if (anySimulated) {
            table.number("virtual");
        }
        table.number("wall");
        for (Run run : runs) {
            List<Object> row = new ArrayList<>();
            row.add(run.scenario().name());
            row.add(run.scenario().protocol());
            int expected = run.checks().size();
            row.add(expected - run.unmet().size() + "/" + expected);
            for (Model model : Model.values()) {
                row.add(mark(run.verdicts().get(model)));
            }
            if (anySimulated) {
                row.add(run.simulated()
                        .map(it -> Times.rounded(it.virtualTime()))
                        .orElse(""));
            }
            row.add(Times.rounded(run.wallTime()));
            table.row(row.toArray());
        }
        List<String> lines = new ArrayList<>(table.lines());
        String seeds =
                runs.stream().map(run -> String.valueOf(run.seed())).distinct().collect(Collectors.joining(", "));
        lines.add("seed " + seeds + "; " + LEGEND.get(0));
        lines.addAll(LEGEND.subList(1, LEGEND.size()));
        for (Run run : runs) {
            run.unmet().forEach(check -> lines.addAll(problem(run, check)));
        }
        return lines;
    }

    /** A few letters for a column. */
    static String heading(Model model) {
        return switch (model) {
            case LINEARIZABLE -> "lin";
            case SEQUENTIAL -> "seq";
            case CAUSAL_CC -> "cc";
            case CAUSAL_CM -> "cm";
            case CAUSAL_CCV -> "ccv";
            case PRAM -> "pram";
            case READ_YOUR_WRITES -> "ryw";
            case MONOTONIC_READS -> "mr";
            case MONOTONIC_WRITES -> "mw";
            case WRITES_FOLLOW_READS -> "wfr";
            case CONVERGED -> "con";
        };
    }

    private static String mark(Verdict verdict) {
        if (verdict == null) {
            return "";
        }
        return verdict instanceof Verdict.Holds ? "✓" : verdict instanceof Verdict.Violated ? "✗" : "?";
    }

    private static List<String> problem(Run run, Run.Check check) {
        String where = run.scenario().file()
                + (check.line().isPresent() ? ":" + check.line().getAsInt() : "");
        if (check.model().isEmpty()) {
            return List.of(where + ": " + check.expected() + ": " + check.problem());
        }
        Verdict verdict = run.verdicts().get(check.model().get());
        List<String> lines = new ArrayList<>();
        String seen = verdict instanceof Verdict.Holds ? "it holds" : "it is " + verdict.word();
        lines.add(where + ": expected " + check.expected() + ", and " + seen);
        VerdictText.reasons(verdict).forEach(line -> lines.add("  " + line));
        return lines;
    }

    /** All runs as a JSON array. */
    public static ArrayNode json(List<Run> runs) {
        ArrayNode array = MAPPER.createArrayNode();
        for (Run run : runs) {
            ObjectNode node = array.addObject()
                    .put("scenario", run.scenario().name())
                    .put("title", run.scenario().title())
                    .put("file", run.scenario().file())
                    .put("protocol", run.scenario().protocol().name())
                    .put("seed", run.seed())
                    .put("holds", run.holds())
                    .put("wallSeconds", run.wallTime().toNanos() / 1e9)
                    .put("operations", run.history().ops().size());
            run.simulated()
                    .ifPresent(it -> node.put("virtualSeconds", it.virtualTime().toNanos() / 1e9)
                            .put("deliveredMessages", it.deliveries())
                            .put("lostMessages", it.losses()));
            ArrayNode checks = node.putArray("checks");
            for (Run.Check check : run.checks()) {
                ObjectNode it = checks.addObject()
                        .put("expected", check.expected())
                        .put("met", check.result() == Run.Result.MET)
                        .put("result", check.result().toString());
                check.line().ifPresent(line -> it.put("line", line));
                if (!check.problem().isEmpty()) {
                    it.put("problem", check.problem());
                }
            }
            ArrayNode verdicts = node.putArray("verdicts");
            run.verdicts().forEach((model, verdict) -> verdicts.add(VerdictJson.of(model, verdict)));
        }
        return array;
    }
}
