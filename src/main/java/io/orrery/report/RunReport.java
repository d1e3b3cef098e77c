package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.scenario.Run;
import java.util.ArrayList;
import java.util.List;

/** What came of scenarios: as a table for people and as JSON for programs. */
public final class RunReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RunReport() {}

    /** A line for each run, and below the table a line for each expectation that was not met. */
    public static List<String> lines(List<Run> runs) {
        Table table = new Table()
                .column("scenario")
                .column("protocol")
                .column("expected")
                .column("seen")
                .number("virtual time")
                .number("wall time")
                .number("seed");
        for (Run run : runs) {
            table.row(
                    run.scenario().name(),
                    run.scenario().protocol(),
                    expected(run),
                    seen(run),
                    Times.rounded(run.virtualTime()),
                    Times.rounded(run.wallTime()),
                    run.seed());
        }
        List<String> lines = new ArrayList<>(table.lines());
        for (Run run : runs) {
            run.unmet().forEach(check -> lines.add(problem(run, check)));
        }
        return lines;
    }

    private static String expected(Run run) {
        long steps = run.checks().stream().filter(RunReport::isStep).count();
        List<String> parts = new ArrayList<>();
        if (steps > 0) {
            parts.add(steps + (steps == 1 ? " step" : " steps"));
        }
        run.checks().stream()
                .filter(check -> !isStep(check))
                .map(Run.Check::expected)
                .forEach(parts::add);
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private static String seen(Run run) {
        int unmet = run.unmet().size();
        return unmet == 0 ? "as expected" : unmet + " of " + run.checks().size() + " not as expected";
    }

    private static boolean isStep(Run.Check check) {
        return check.line().isPresent();
    }

    private static String problem(Run run, Run.Check check) {
        String where = run.scenario().file()
                + (check.line().isPresent() ? ":" + check.line().getAsInt() : "");
        return where + ": " + (isStep(check) ? check.expected() + ": " : "")
                + check.problem().orElse("");
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
                    .put("virtualSeconds", run.virtualTime().toNanos() / 1e9)
                    .put("wallSeconds", run.wallTime().toNanos() / 1e9)
                    .put("operations", run.counts().operations())
                    .put("deliveredMessages", run.counts().deliveries())
                    .put("lostMessages", run.counts().losses());
            ArrayNode checks = node.putArray("checks");
            for (Run.Check check : run.checks()) {
                ObjectNode it =
                        checks.addObject().put("expected", check.expected()).put("met", check.isMet());
                check.line().ifPresent(line -> it.put("line", line));
                check.problem().ifPresent(problem -> it.put("problem", problem));
            }
        }
        return array;
    }
}
