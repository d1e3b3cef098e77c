package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Verdict;
import io.orrery.check.VerdictJson;
import io.orrery.scenario.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The results of scenarios: notes for people below the table, and JSON for programs. */
public final class RunReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What the marks and headings of the table mean; fits into 80 columns. */
    private static final List<String> LEGEND = List.of(
            "seen: how much of what was expected; ✓ holds, ✗ violated, ? undecided:",
            "linearizable, sequential, causal consistency, memory and convergence, PRAM, read",
            "your writes, monotonic reads and writes, writes follow reads, converged.");

    private RunReport() {}

    /** The notes below the {@linkplain RunTable table}: a legend, and the unmet expectations with reasons. */
    public static List<String> notes(List<Run> runs, RunTable table) {
        List<String> lines = new ArrayList<>();
        String seeds =
                runs.stream().map(run -> String.valueOf(run.seed())).distinct().collect(Collectors.joining(", "));
        lines.add("seed " + seeds + "; " + LEGEND.get(0));
        lines.addAll(LEGEND.subList(1, LEGEND.size()));
        if (table.isNarrow()) {
            lines.add("Protocols and times are left out to fit; --width 120 shows them.");
        }
        for (Run run : runs) {
            if (!run.faults().isEmpty()) {
                lines.add(faults(run));
            }
            run.unmet().forEach(check -> lines.addAll(problem(run, check)));
        }
        return lines;
    }

    /** {@code some.conf: random faults that fired: crashes 2 of 3; none planned: pauses}. */
    private static String faults(Run run) {
        String fired = run.faults().stream()
                .filter(count -> count.planned() > 0)
                .map(count -> count.kind() + " " + count.fired() + " of " + count.planned())
                .collect(Collectors.joining(", "));
        String others = run.faults().stream()
                .filter(count -> count.planned() == 0)
                .map(count -> count.kind().toString())
                .collect(Collectors.joining(", "));
        return run.scenario().file() + ": random faults that fired: " + fired
                + (others.isEmpty() ? "" : "; none planned: " + others);
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
            if (!run.faults().isEmpty()) {
                ArrayNode faults = node.putArray("faults");
                run.faults()
                        .forEach(count -> faults.addObject()
                                .put("kind", count.kind().toString())
                                .put("planned", count.planned())
                                .put("fired", count.fired()));
            }
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
