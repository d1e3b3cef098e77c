package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.explore.matrix.ModelMatrix;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The smallest histories between models, for people and programs. */
public final class ModelMatrixReport {
    private static final int WIDTH = 76;

    private final ModelMatrix matrix;

    public ModelMatrixReport(ModelMatrix matrix) {
        this.matrix = matrix;
    }

    /** How many operations the smallest history has that satisfies the model of the line and violates that of the column. */
    public Table table() {
        Table table = new Table().column("satisfies");
        ModelMatrix.models().forEach(model -> table.mark(model.shortName()));
        for (Model satisfied : ModelMatrix.models()) {
            List<Object> cells = new ArrayList<>(List.of(satisfied.id()));
            for (Model violated : ModelMatrix.models()) {
                cells.add(
                        satisfied == violated
                                ? ""
                                : matrix.between(satisfied, violated)
                                        .map(history -> "" + history.ops().size())
                                        .orElse("·"));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    /** What the numbers mean. */
    public String legend() {
        return "A number is how many operations the smallest history has that satisfies the model of the\n"
                + "line and violates that of the column; · is implied: there is none up to " + matrix.most()
                + " operations.\nTried: all "
                + String.format(Locale.ROOT, "%,d", matrix.histories())
                + " histories that may be smallest ones, up to names.";
    }

    /**
     * A history that tells models apart.
     *
     * @param satisfied the first of the models that it satisfies
     * @param violated the first of those that it violates
     */
    public record Between(Model satisfied, Model violated, History history) {
        /** {@code cm-not-ccv}. */
        public String name() {
            return satisfied.shortName() + "-not-" + violated.shortName();
        }
    }

    /** Each history once, with the first pair that it tells apart. */
    public List<Between> between() {
        Map<String, Between> between = new LinkedHashMap<>();
        forEachPair((satisfied, violated) -> matrix.between(satisfied, violated)
                .ifPresent(history -> between.putIfAbsent(text(history), new Between(satisfied, violated, history))));
        return List.copyOf(between.values());
    }

    /** Each history once, with the models that it satisfies and the ones that it is a smallest to violate then. */
    public List<String> histories() {
        List<String> lines = new ArrayList<>();
        for (Between between : between()) {
            String text = text(between.history());
            lines.add(between.name() + "  " + text);
            Map<String, List<String>> satisfied = new LinkedHashMap<>();
            for (Model model : ModelMatrix.models()) {
                String violated = ModelMatrix.models().stream()
                        .filter(other -> matrix.between(model, other).stream().anyMatch(it -> text(it).equals(text)))
                        .map(Model::id)
                        .collect(Collectors.joining(", "));
                satisfied.computeIfAbsent(violated, it -> new ArrayList<>()).add(model.id());
            }
            satisfied.remove("");
            satisfied.forEach((violated, models) -> VerdictText.wrapped(
                            "satisfies " + String.join(", ", models) + "; violates " + violated, WIDTH)
                    .forEach(line -> lines.add("    " + line)));
        }
        return lines;
    }

    /** {@code A: w(x)=1 r(x)=2 | B: w(x)=2}: a line for each process. */
    public static String text(History history) {
        Map<String, List<Op>> processes = new LinkedHashMap<>();
        history.ops()
                .forEach(op -> processes
                        .computeIfAbsent(op.process(), it -> new ArrayList<>())
                        .add(op));
        return processes.entrySet().stream()
                .map(entry -> entry.getKey() + ": "
                        + entry.getValue().stream().map(ModelMatrixReport::text).collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | "));
    }

    private static String text(Op op) {
        Value value = op.completion().value();
        return (op.isRead() ? "r(" : "w(") + op.key() + ")=" + (value == null ? "nothing" : value.json())
                + (op.version() == null ? "" : "@" + op.version());
    }

    /** An object for each ordered pair; one that is implied has no history. */
    public ObjectNode json() {
        ObjectNode node = new ObjectMapper()
                .createObjectNode()
                .put("operations", matrix.most())
                .put("histories", matrix.histories());
        ArrayNode pairs = node.putArray("pairs");
        forEachPair((satisfied, violated) -> {
            ObjectNode pair = pairs.addObject().put("satisfies", satisfied.id()).put("violates", violated.id());
            matrix.between(satisfied, violated)
                    .ifPresentOrElse(
                            history ->
                                    pair.put("operations", history.ops().size()).put("history", text(history)),
                            () -> pair.putNull("operations").putNull("history"));
        });
        return node;
    }

    /** A line for each ordered pair. */
    public Csv csv() {
        Csv csv = new Csv(List.of("satisfies", "violates", "operations", "history"));
        forEachPair((satisfied, violated) -> {
            Optional<History> history = matrix.between(satisfied, violated);
            csv.row(
                    satisfied.id(),
                    violated.id(),
                    history.map(it -> it.ops().size()).orElse(null),
                    history.map(ModelMatrixReport::text).orElse(null));
        });
        return csv;
    }

    private static void forEachPair(BiConsumer<Model, Model> each) {
        for (Model satisfied : ModelMatrix.models()) {
            for (Model violated : ModelMatrix.models()) {
                if (satisfied != violated) {
                    each.accept(satisfied, violated);
                }
            }
        }
    }
}
