package io.orrery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.report.HistoryLines;
import io.orrery.report.HistoryReport;
import io.orrery.report.VerdictText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The output of a check, history by history. */
interface CheckOutput {
    /** A history has been read and is about to be judged. */
    default void begin(Path file, History history) {}

    /** A verdict is final. */
    default void verdict(Model model, Verdict verdict) {}

    void judged(HistoryReport report);

    /** A history cannot be read; the check goes on with the next. */
    void refused(Path file, String problem);

    /** All histories have been judged. */
    default void end() {}

    /** For people, one history: each verdict with its reasons as soon as it is final. */
    final class Details implements CheckOutput {
        private final PrintWriter out;
        private final HistoryLines lines;

        Details(PrintWriter out, Collection<Model> models) {
            this.out = out;
            this.lines = new HistoryLines(models, Terminal.columns());
        }

        @Override
        public void begin(Path file, History history) {
            tell(List.of(lines.head(file, history)));
        }

        @Override
        public void verdict(Model model, Verdict verdict) {
            tell(lines.verdict(model, verdict));
        }

        @Override
        public void judged(HistoryReport report) {
            report.initial().map(lines::initial).ifPresent(this::tell);
            report.staleness().map(lines::staleness).ifPresent(this::tell);
        }

        @Override
        public void refused(Path file, String problem) {
            tell(List.of(problem));
        }

        private void tell(List<String> text) {
            text.forEach(out::println);
            out.flush();
        }
    }

    /** For people, several histories: a line for each, and a summary at the end. */
    final class Lines implements CheckOutput {
        private static final String INDENT = "    ";

        private final PrintWriter out;
        private final int columns = Terminal.columns();
        /** The width of the column of file names. */
        private final int width;

        private int histories;
        private int holding;
        private int violated;
        private int undecided;
        private int refused;

        Lines(PrintWriter out, Collection<Path> files) {
            this.out = out;
            this.width = files.stream()
                    .mapToInt(file -> file.toString().length())
                    .max()
                    .orElse(0);
        }

        @Override
        public void judged(HistoryReport report) {
            Map<String, List<Model>> byWord = report.verdicts().entrySet().stream()
                    .collect(Collectors.groupingBy(
                            it -> it.getValue().word(), Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
            boolean isViolated = byWord.containsKey("violated");
            boolean isUndecided = byWord.containsKey("undecided");
            holding += isViolated || isUndecided ? 0 : 1;
            violated += isViolated ? 1 : 0;
            undecided += !isViolated && isUndecided ? 1 : 0;
            if (!isViolated && !isUndecided) {
                line(report.file(), "holds");
            } else if (report.verdicts().size() == 1) {
                line(report.file(), byWord.keySet().iterator().next());
            } else {
                byWord.remove("holds");
                // Violated comes before undecided.
                line(
                        report.file(),
                        byWord.entrySet().stream()
                                .sorted(Map.Entry.<String, List<Model>>comparingByKey()
                                        .reversed())
                                .map(it -> it.getKey() + ": "
                                        + it.getValue().stream().map(Model::id).collect(Collectors.joining(", ")))
                                .collect(Collectors.joining("; ")));
            }
        }

        @Override
        public void refused(Path file, String problem) {
            refused++;
            line(
                    file,
                    "refused: "
                            + (problem.startsWith(file + ": ") ? problem.substring((file + ": ").length()) : problem));
        }

        private void line(Path file, String what) {
            histories++;
            String line = file + " ".repeat(Math.max(0, width - file.toString().length()) + 2) + what;
            if (line.length() <= columns) {
                out.println(line);
            } else {
                out.println(file);
                VerdictText.wrapped(what, columns - INDENT.length()).forEach(part -> out.println(INDENT + part));
            }
            out.flush();
        }

        @Override
        public void end() {
            out.println(histories + " histories: " + holding + (holding == 1 ? " holds, " : " hold, ") + violated
                    + " violated, " + undecided
                    + " undecided" + (refused == 0 ? "" : ", " + refused + " refused")
                    + (violated + undecided == 0 ? "" : "; check one alone to see why"));
            out.flush();
        }
    }

    /** For programs: an array with an object for each history, printed as it becomes available. */
    final class Json implements CheckOutput {
        private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

        private final PrintWriter out;
        private boolean begun;

        Json(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void judged(HistoryReport report) {
            print(report.json());
        }

        @Override
        public void refused(Path file, String problem) {
            print(NODES.objectNode().put("file", file.toString()).put("refused", problem));
        }

        private void print(JsonNode element) {
            String array = NODES.arrayNode().add(element).toPrettyString();
            out.print((begun ? ", " : "[ ") + array.substring("[ ".length(), array.length() - " ]".length()));
            out.flush();
            begun = true;
        }

        @Override
        public void end() {
            out.println(begun ? " ]" : "[ ]");
            out.flush();
        }
    }
}
