package io.orrery.report;

import io.orrery.check.Verdict;
import io.orrery.check.Witness;
import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Verdicts in words. */
public final class VerdictText {
    /** The number of operations shown of a longer order: the last ones, because the search got stuck there. */
    private static final int TOLD = 10;

    /** Fits into 120 columns with some space before it. */
    private static final int WIDTH = 112;

    /** Times below 1 us are printed as plain numbers. */
    private static final long NUMBERS = 1_000;

    private VerdictText() {}

    /** The reasons of a verdict: a sentence, then the operations. Empty if the model holds. */
    public static List<String> reasons(Verdict verdict) {
        return reasons(verdict, WIDTH);
    }

    /** @param width the maximum width of a line */
    public static List<String> reasons(Verdict verdict, int width) {
        int fitting = Math.min(width, WIDTH);
        if (verdict instanceof Verdict.Undecided undecided) {
            return wrapped(undecided.reason(), fitting);
        }
        return verdict instanceof Verdict.Violated violated ? witness(violated.witness(), fitting) : List.of();
    }

    private static List<String> witness(Witness witness, int width) {
        List<String> lines = new ArrayList<>();
        lines.addAll(wrapped(witness.pattern() + ": " + witness.explanation(), width));
        lines.addAll(operations(witness.operations()));
        if (witness.unplaced() != null) {
            int skipped = Math.max(0, witness.partial().size() - TOLD);
            lines.add(skipped == 0 ? "the longest order found:" : "the longest order found, its last " + TOLD + ":");
            lines.addAll(operations(
                    witness.partial().subList(skipped, witness.partial().size())));
            lines.add("and after these there is no place for:");
            lines.addAll(operations(List.of(witness.unplaced())));
        }
        return lines;
    }

    private static List<String> operations(List<Op> operations) {
        // Some histories number their events instead of recording times.
        boolean numbers = operations.stream().allMatch(op -> end(op) < NUMBERS);
        Table table = new Table().number("").column("").column("");
        for (Op op : operations) {
            table.row(when(op, numbers), op.words(), op.node() == null ? "" : "at " + op.node());
        }
        return table.lines().stream().map(line -> "  " + line).toList();
    }

    private static long end(Op op) {
        return (op.completion() == null ? op.invocation() : op.completion()).time();
    }

    private static String when(Op op, boolean numbers) {
        String from = time(op.invocation().time(), numbers);
        String unit = numbers ? "" : " s";
        return op.completion() == null
                ? "from " + from + unit
                : from + " to " + time(op.completion().time(), numbers) + unit;
    }

    private static String time(long nanos, boolean number) {
        return number ? Long.toString(nanos) : String.format(Locale.ROOT, "%.6f", nanos / 1e9);
    }

    /** Wraps a text into lines of this width; a longer word stands alone. */
    public static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
