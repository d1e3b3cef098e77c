package io.orrery.report.diagram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.report.diagram.Diagram.Kind;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/**
 * A diagram as JSON, for the page that shows it. Lists are tables: {@code fields} names the columns of all {@code
 * rows}. -1 stands for no moment.
 */
final class DiagramJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DiagramJson() {}

    static ObjectNode of(Diagram diagram) {
        Layout layout = new Layout(diagram);
        ObjectNode json = JSON.objectNode();
        json.putObject("head")
                .put("title", diagram.head().title())
                .put("name", diagram.head().name())
                .put("file", diagram.head().file())
                .put("protocol", diagram.head().protocol())
                .put("seed", diagram.head().seed());
        json.putObject("size")
                .put("width", rounded(layout.width()))
                .put("height", layout.height())
                .put("end", rounded(layout.endX()));
        json.set("columns", columns(layout));
        json.set(
                "shortened",
                table(
                        List.of("before", "after", "nanos"),
                        layout.shortened(),
                        (row, it) -> row.add(it.before()).add(it.after()).add(it.nanos())));
        json.set("lanes", lanes(diagram, layout));
        json.set("moments", moments(diagram, layout));
        json.set("messages", messages(diagram));
        json.set("operations", operations(diagram));
        json.set(
                "waits",
                table(
                        List.of("lane", "from", "ended", "update", "waitsFor"),
                        diagram.waits(),
                        (row, it) -> row.add(it.lane())
                                .add(it.from())
                                .add(number(it.ended()))
                                .add(it.update())
                                .add(it.waitsFor())));
        json.set(
                "outages",
                table(
                        List.of("lane", "from", "ended", "isPause"),
                        diagram.outages(),
                        (row, it) -> row.add(it.lane())
                                .add(it.from())
                                .add(number(it.ended()))
                                .add(it.isPause())));
        json.set(
                "reigns",
                table(
                        List.of("lane", "from", "ended", "leads", "term", "text"),
                        diagram.reigns(),
                        (row, it) -> row.add(it.lane())
                                .add(it.from())
                                .add(number(it.ended()))
                                .add(it.leads())
                                .add(it.term())
                                .add(it.text())));
        json.set(
                "disturbances",
                table(
                        List.of("from", "ended", "isPartition", "text"),
                        diagram.disturbances(),
                        (row, it) -> row.add(it.from())
                                .add(number(it.ended()))
                                .add(it.isPartition())
                                .add(it.text())));
        json.set("findings", findings(diagram));
        return json;
    }

    private static <T> ObjectNode table(List<String> fields, Collection<T> all, BiConsumer<ArrayNode, T> fill) {
        ObjectNode table = JSON.objectNode();
        fields.forEach(table.putArray("fields")::add);
        ArrayNode rows = table.putArray("rows");
        all.forEach(it -> fill.accept(rows.addArray(), it));
        return table;
    }

    private static int number(OptionalInt moment) {
        return moment.orElse(-1);
    }

    private static double rounded(double pixels) {
        return Math.round(pixels * 10) / 10.0;
    }

    private static ObjectNode columns(Layout layout) {
        ObjectNode columns = JSON.objectNode();
        columns.putArray("fields").add("x").add("nanos");
        ArrayNode rows = columns.putArray("rows");
        for (int i = 0; i < layout.columnCount(); i++) {
            rows.addArray().add(rounded(layout.columnX(i))).add(layout.columnNanos(i));
        }
        return columns;
    }

    private static ObjectNode lanes(Diagram diagram, Layout layout) {
        ObjectNode lanes = JSON.objectNode();
        lanes.putArray("fields").add("name").add("isReplica").add("y");
        ArrayNode rows = lanes.putArray("rows");
        for (int i = 0; i < diagram.lanes().size(); i++) {
            Diagram.Lane lane = diagram.lanes().get(i);
            rows.addArray().add(lane.name()).add(lane.isReplica()).add(layout.y(i));
        }
        return lanes;
    }

    private static ObjectNode moments(Diagram diagram, Layout layout) {
        List<String> fields = List.of("column", "lane", "kind", "text", "clock", "cause", "holds");
        return table(fields, diagram.moments(), (row, it) -> {
            // The message has the text already; its moments need not repeat it.
            boolean ofMessage = it.kind() == Kind.SENT || it.kind() == Kind.DELIVERED || it.kind() == Kind.LOST;
            row.add(layout.column(it.number()))
                    .add(it.lane())
                    .add(word(it.kind()))
                    .add(ofMessage ? "" : it.text())
                    .add(it.clock())
                    .add(number(it.cause()));
            ArrayNode holds = row.addArray();
            it.holds()
                    .forEach(held -> holds.addArray()
                            .add(held.key())
                            .add(held.value().orElse(null))
                            .add(held.version()));
        });
    }

    private static ObjectNode messages(Diagram diagram) {
        List<String> fields =
                List.of("from", "to", "sent", "ended", "delay", "label", "text", "carriesData", "fate", "loss");
        return table(
                fields,
                diagram.messages(),
                (row, it) -> row.add(it.from())
                        .add(it.to())
                        .add(it.sent())
                        .add(number(it.ended()))
                        .add(it.delayNanos())
                        .add(it.label())
                        .add(it.text())
                        .add(it.carriesData())
                        .add(word(it.fate()))
                        .add(it.loss().orElse("")));
    }

    private static ObjectNode operations(Diagram diagram) {
        List<String> fields =
                List.of("number", "lane", "via", "invoked", "returned", "label", "text", "isRead", "answer");
        return table(
                fields,
                diagram.operations(),
                (row, it) -> row.add(it.number())
                        .add(it.lane())
                        .add(it.via())
                        .add(it.invoked())
                        .add(number(it.returned()))
                        .add(it.label())
                        .add(it.text())
                        .add(it.isRead())
                        .add(word(it.answer())));
    }

    private static ArrayNode findings(Diagram diagram) {
        ArrayNode findings = JSON.arrayNode();
        for (Diagram.Finding it : diagram.findings()) {
            ObjectNode finding = findings.addObject()
                    .put("model", it.model())
                    .put("description", it.description())
                    .put("verdict", it.verdict())
                    .put("why", it.why());
            it.expected().ifPresent(holds -> finding.put("expected", holds));
            it.operations().forEach(finding.putArray("operations")::add);
            ArrayNode endings = finding.putArray("endings");
            it.endings()
                    .forEach(ending -> endings.addObject()
                            .put("lane", ending.lane())
                            .put("letter", ending.letter())
                            .put("text", ending.text()));
        }
        return findings;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
