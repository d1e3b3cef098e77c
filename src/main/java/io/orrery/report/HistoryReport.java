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
import io.orrery.model.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The results of judging a history, for programs.
 *
 * @param staleness empty if it could not be measured
 * @param initial the value that keys seem to have started with, if a verdict may be due to it
 */
public record HistoryReport(
        Path file,
        History history,
        Map<Model, Verdict> verdicts,
        Optional<Staleness> staleness,
        Optional<Value> initial) {
    /** The warning about a history without operations: all models hold, but the recording may have failed. */
    public static final String EMPTY = "there is nothing to judge: the history has no operations";

    public ObjectNode json() {
        List<Op> ops = history.ops();
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("file", file.toString())
                .put("operations", ops.size())
                .put("unknown", ops.stream().filter(Op::isUnknown).count())
                .put("processes", HistoryLines.count(ops.stream().map(Op::process)))
                .put("keys", HistoryLines.count(ops.stream().map(Op::key)));
        ArrayNode warnings = node.putArray("warnings");
        history.warnings().forEach(warnings::add);
        if (ops.isEmpty()) {
            warnings.add(file + ": " + EMPTY);
        }
        ArrayNode judged = node.putArray("verdicts");
        verdicts.forEach((model, verdict) -> judged.add(VerdictJson.of(model, verdict)));
        staleness.ifPresentOrElse(it -> node.set("staleness", json(it)), () -> node.putNull("staleness"));
        initial.ifPresent(value -> node.put("hint", hint(value)));
        return node;
    }

    /** Why a verdict may be due to the initial value. */
    static String hint(Value initial) {
        String json = initial.json();
        boolean isPlain = json.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-.".indexOf(c) >= 0);
        return "reads saw " + json + " before anything wrote it; if that is what each key starts with, say --initial "
                + (isPlain ? json : "'" + json.replace("'", "'\\''") + "'");
    }

    private static ObjectNode json(Staleness staleness) {
        ObjectNode behind = JsonNodeFactory.instance
                .objectNode()
                .put("reads", staleness.reads())
                .put("unmeasured", staleness.unmeasured());
        Map<String, Staleness.Figures> figures =
                new TreeMap<>(Map.of("versions", staleness.versions(), "nanoseconds", staleness.nanos()));
        figures.forEach((name, it) -> behind.putObject(name)
                .put("median", it.median())
                .put("p99", it.p99())
                .put("max", it.max()));
        return behind;
    }
}
