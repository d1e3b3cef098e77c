package io.orrery.report;

import io.orrery.check.Model;
import io.orrery.check.Staleness;
import io.orrery.check.Verdict;
import io.orrery.check.Witness;
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
    private static final int INDENT = 4;

    /** Of the names of models. */
    private final int names;

    private final int width;
    private final Map<Witness, Model> told = new HashMap<>();

    /**
     * @param models those that there will be verdicts by
     * @param width what reasons should fit into
     */
    public HistoryLines(Collection<Model> models, int width) {
        this.width = width;
        names = models.stream().mapToInt(model -> model.id().length()).max().orElse(0);
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
        // Models often fail by the same witness.
        Model first = verdict instanceof Verdict.Violated violated ? told.putIfAbsent(violated.witness(), model) : null;
        List<String> lines = new ArrayList<>();
        lines.add("  " + model + " ".repeat(names - model.id().length() + 2) + verdict.word() + why(verdict, first));
        if (first == null) {
            VerdictText.reasons(verdict, width - INDENT).forEach(line -> lines.add(" ".repeat(INDENT) + line));
        }
        return lines;
    }

    /** @param first the model under which the same witness was told, or null */
    private static String why(Verdict verdict, Model first) {
        if (verdict instanceof Verdict.Violated violated && violated.since() != null) {
            return ", since it implies " + violated.since() + ", which is violated";
        }
        return first == null ? "" : ", by the same witness as " + first;
    }

    /** What keys seem to have started with. */
    public List<String> initial(Value value) {
        return fitting("hint: " + HistoryReport.hint(value));
    }

    /** How stale reads were. */
    public List<String> staleness(Staleness it) {
        if (it.reads() == 0) {
            return fitting("staleness: there is no read of which it can be told which write it saw");
        }
        Staleness.Figures behind = it.versions();
        Staleness.Figures nanos = it.nanos();
        return fitting(
                "staleness of " + counted(it.reads(), "read") + ": behind by " + behind.median() + " / " + behind.p99()
                        + " / " + behind.max() + " writes, " + time(nanos.median()) + " / " + time(nanos.p99()) + " / "
                        + time(nanos.max()) + " (median / 99th percentile / maximum)"
                        + (it.unmeasured() == 0 ? "" : "; of " + it.unmeasured() + " it cannot be told"));
    }

    private List<String> fitting(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : VerdictText.wrapped(text, width - INDENT)) {
            lines.add(" ".repeat(lines.isEmpty() ? INDENT / 2 : INDENT) + line);
        }
        return lines;
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
