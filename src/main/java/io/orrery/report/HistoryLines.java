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

/** The results of judging a history as lines for people, in the order in which they are found. */
public final class HistoryLines {
    private static final int INDENT = 4;

    /** The width of the column of model names. */
    private final int names;

    private final int width;
    private final Map<Witness, Model> told = new HashMap<>();

    /**
     * @param models the models that will be judged
     * @param width the maximum width of reasons, in columns
     */
    public HistoryLines(Collection<Model> models, int width) {
        this.width = width;
        names = models.stream().mapToInt(model -> model.id().length()).max().orElse(0);
    }

    /** The size of the history. */
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
        // Several models often have the same witness.
        Model first = verdict instanceof Verdict.Violated violated ? told.putIfAbsent(violated.witness(), model) : null;
        List<String> lines = new ArrayList<>();
        lines.add("  " + model + " ".repeat(names - model.id().length() + 2) + verdict.word() + why(verdict, first));
        if (first == null) {
            VerdictText.reasons(verdict, width - INDENT).forEach(line -> lines.add(" ".repeat(INDENT) + line));
        }
        return lines;
    }

    /** @param first the model that already showed this witness, or null */
    private static String why(Verdict verdict, Model first) {
        if (verdict instanceof Verdict.Violated violated && violated.since() != null) {
            return ", since it implies " + violated.since() + ", which is violated";
        }
        return first == null ? "" : ", by the same witness as " + first;
    }

    /** The hint on the initial value. */
    public List<String> initial(Value value) {
        return fitting("hint: " + HistoryReport.hint(value));
    }

    /** The staleness of reads. */
    public List<String> staleness(Staleness it) {
        if (it.reads() == 0) {
            return fitting("staleness: no read tells which write it saw");
        }
        Staleness.Figures behind = it.versions();
        Staleness.Figures nanos = it.nanos();
        return fitting(
                "staleness of " + counted(it.reads(), "read") + ": behind by " + behind.median() + " / " + behind.p99()
                        + " / " + behind.max() + " writes, " + time(nanos.median()) + " / " + time(nanos.p99()) + " / "
                        + time(nanos.max()) + " (median / 99th percentile / maximum)"
                        + (it.unmeasured() == 0 ? "" : "; of " + it.unmeasured() + " it is unknown"));
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
        return DurationText.rounded(Duration.ofNanos(nanos));
    }
}
