package io.orrery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.check.Staleness;
import io.orrery.check.Verdict;
import io.orrery.check.VerdictJson;
import io.orrery.history.History;
import io.orrery.history.Op;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What was found of a recorded history. */
public record HistoryReport(Path file, History history, Map<Model, Verdict> verdicts, Staleness staleness) {
    /** For people: what the history holds, then each verdict with its reasons, then how stale reads were. */
    public List<String> lines() {
        List<Op> ops = history.ops();
        long unknown = ops.stream().filter(Op::isUnknown).count();
        List<String> lines = new ArrayList<>();
        lines.add(file + ": " + counted(ops.size(), "operation") + " of "
                + counted(count(ops.stream().map(Op::process)), "process") + " on "
                + counted(count(ops.stream().map(Op::key)), "key")
                + (unknown == 0 ? "" : ", the outcome of " + unknown + " unknown"));
        Table table = new Table().column("").column("");
        verdicts.forEach((model, verdict) -> table.row(model, verdict.word()));
        List<String> rows = table.lines();
        Map<Verdict, Model> told = new HashMap<>();
        int row = 1;
        for (Map.Entry<Model, Verdict> entry : verdicts.entrySet()) {
            // Models that imply each other often fail by the same witness.
            Model first = told.putIfAbsent(entry.getValue(), entry.getKey());
            boolean again = first != null && entry.getValue() instanceof Verdict.Violated;
            lines.add("  " + rows.get(row++) + (again ? ", as " + first + " is" : ""));
            if (!again) {
                VerdictText.reasons(entry.getValue()).forEach(line -> lines.add("    " + line));
            }
        }
        lines.add("  " + words(staleness));
        return lines;
    }

    private static long count(Stream<?> items) {
        return items.distinct().count();
    }

    private static String counted(long count, String what) {
        String many = what.endsWith("s") ? what + "es" : what + "s";
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? what : many);
    }

    private static String words(Staleness it) {
        if (it.reads() == 0) {
            return "staleness: there is no read of which it can be told which write it saw";
        }
        Staleness.Figures behind = it.versions();
        Staleness.Figures nanos = it.nanos();
        return "staleness of " + counted(it.reads(), "read") + ": behind by " + behind.median() + " / " + behind.p99()
                + " / " + behind.max() + " writes, " + time(nanos.median()) + " / " + time(nanos.p99()) + " / "
                + time(nanos.max()) + " (median / 99th percentile / maximum)"
                + (it.unmeasured() == 0 ? "" : "; of " + it.unmeasured() + " it cannot be told");
    }

    private static String time(long nanos) {
        return Times.rounded(Duration.ofNanos(nanos));
    }

    /** For programs. */
    public ObjectNode json() {
        List<Op> ops = history.ops();
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("file", file.toString())
                .put("operations", ops.size())
                .put("unknown", ops.stream().filter(Op::isUnknown).count())
                .put("processes", count(ops.stream().map(Op::process)))
                .put("keys", count(ops.stream().map(Op::key)));
        ArrayNode judged = node.putArray("verdicts");
        verdicts.forEach((model, verdict) -> judged.add(VerdictJson.of(model, verdict)));
        ObjectNode behind =
                node.putObject("staleness").put("reads", staleness.reads()).put("unmeasured", staleness.unmeasured());
        Map<String, Staleness.Figures> figures =
                new TreeMap<>(Map.of("versions", staleness.versions(), "nanoseconds", staleness.nanos()));
        figures.forEach((name, it) -> behind.putObject(name)
                .put("median", it.median())
                .put("p99", it.p99())
                .put("max", it.max()));
        return node;
    }
}
