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
import java.util.Map;
import java.util.stream.Collectors;

/** The smallest histories between models, for people and programs. */
public final class ModelMatrixReport {
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
        return "A number is how many operations the smallest history has that satisfies the model of the line and violates that\n"
                + "of the column; · there is none up to " + matrix.most() + " operations. Tried: all "
                + matrix.histories()
                + " histories, up to names.";
    }

    /** Each history once, with the pairs that it is the smallest for. */
    public List<String> histories() {
        Map<String, List<String>> pairs = new LinkedHashMap<>();
        for (Model satisfied : ModelMatrix.models()) {
            for (Model violated : ModelMatrix.models()) {
                matrix.between(satisfied, violated)
                        .ifPresent(history -> pairs.computeIfAbsent(text(history), it -> new ArrayList<>())
                                .add(satisfied.shortName() + ">" + violated.shortName()));
            }
        }
        List<String> lines = new ArrayList<>();
        pairs.forEach((history, of) -> {
            lines.add(history);
            lines.add("    " + String.join(" ", of));
        });
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
        return (op.isRead() ? "r(" : "w(") + op.key() + ")=" + (value == null ? "nothing" : value.json());
    }

    public ObjectNode json() {
        ObjectNode node = new ObjectMapper()
                .createObjectNode()
                .put("operations", matrix.most())
                .put("histories", matrix.histories());
        ArrayNode pairs = node.putArray("pairs");
        for (Model satisfied : ModelMatrix.models()) {
            for (Model violated : ModelMatrix.models()) {
                if (satisfied != violated) {
                    ObjectNode pair =
                            pairs.addObject().put("satisfies", satisfied.id()).put("violates", violated.id());
                    matrix.between(satisfied, violated)
                            .ifPresentOrElse(
                                    history -> pair.put(
                                                    "operations", history.ops().size())
                                            .put("history", text(history)),
                                    () -> pair.putNull("operations").putNull("history"));
                }
            }
        }
        return node;
    }
}
