package io.orrery.report;

import io.orrery.check.Model;
import io.orrery.check.Staleness;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What is found of a recorded history, for people: line by line as it is found. */
public final class HistoryLines {
    private final int width;
    private final Map<Verdict, Model> told = new HashMap<>();

    /** @param models those that there will be verdicts by */
    public HistoryLines(Collection<Model> models) {
        width = models.stream().mapToInt(model -> model.id().length()).max().orElse(0);
    }

    /** What the history holds. */
    public String head(Path file, History history) {
        List<Op> ops = history.ops();
        long unknown = ops.stream().filter(Op::isUnknown).count();
        return file + ": " + counted(ops.size(), "operation") + " of "
                + counted(count(ops.stream().map(Op::process)), "process") + " on "
                + counted(count(ops.stream().map(Op::key)), "key")
                + (unknown == 0 ? "" : ", the outcome of " + unknown + " unknown");
    }

    /** A verdict with its reasons. */
    public List<String> verdict(Model model, Verdict verdict) {
        // Models that imply each other often fail by the same witness.
        Model first = told.putIfAbsent(verdict, model);
        boolean again = first != null && verdict instanceof Verdict.Violated;
        List<String> lines = new ArrayList<>();
        lines.add("  " + model + " ".repeat(width - model.id().length() + 2) + verdict.word()
                + (again ? ", as " + first + " is" : ""));
        if (!again) {
            VerdictText.reasons(verdict).forEach(line -> lines.add("    " + line));
        }
        return lines;
    }

    /** What keys seem to have started with. */
    public String initial(Value value) {
        return "  hint: " + HistoryReport.hint(value);
    }

    /** How stale reads were. */
    public String staleness(Staleness it) {
        if (it.reads() == 0) {
            return "  staleness: there is no read of which it can be told which write it saw";
        }
        Staleness.Figures behind = it.versions();
        Staleness.Figures nanos = it.nanos();
        return "  staleness of " + counted(it.reads(), "read") + ": behind by " + behind.median() + " / " + behind.p99()
                + " / " + behind.max() + " writes, " + time(nanos.median()) + " / " + time(nanos.p99()) + " / "
                + time(nanos.max()) + " (median / 99th percentile / maximum)"
                + (it.unmeasured() == 0 ? "" : "; of " + it.unmeasured() + " it cannot be told");
    }

    static long count(Stream<?> items) {
        return items.distinct().count();
    }

    private static String counted(long count, String what) {
        String many = what.endsWith("s") ? what + "es" : what + "s";
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? what : many);
    }

    private static String time(long nanos) {
        return Times.rounded(Duration.ofNanos(nanos));
    }
}
