package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.explore.Finding;
import io.orrery.explore.matrix.ProtocolMatrix;
import io.orrery.explore.matrix.ProtocolMatrix.Answer;
import io.orrery.explore.matrix.ProtocolMatrix.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A matrix of protocols and models, for people, programs, and browsers. */
public final class MatrixReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color-scheme: light dark; }
            table { border-collapse: collapse; }
            th, td { padding: 0.25em 0.7em; border: 1px solid #8884; text-align: center; }
            th[scope=row] { text-align: left; font-family: monospace; }
            .violated a { color: #c22; font-weight: bold; text-decoration: none; }
            .holds { color: #282; }
            """;

    private static final int NAMES_IN_A_LINE = 4;

    private MatrixReport() {}

    /** Models by their short names. */
    public static Table table(ProtocolMatrix matrix) {
        Table table = new Table().column("protocol");
        for (Model model : Model.values()) {
            table.mark(model.shortName());
        }
        for (ProtocolMatrix.Row row : matrix.rows()) {
            List<Object> cells = new ArrayList<>(List.of(row.protocol()));
            for (Model model : Model.values()) {
                cells.add(mark(row.cells().get(model)));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private static String mark(Cell cell) {
        return cell == null
                ? ""
                : switch (cell.answer()) {
                    case HOLDS -> "✓";
                    case VIOLATED -> "✗";
                    case UNDECIDED -> "?";
                };
    }

    /** What the marks mean. */
    public static String legend(ProtocolMatrix matrix) {
        return "✓ held in all " + matrix.worlds() + " worlds, ✗ was violated in one or more, ? was undecided in some.";
    }

    /** What the short names mean, in lines. */
    public static List<String> names() {
        List<String> lines = new ArrayList<>();
        List<String> words = Arrays.stream(Model.values())
                .map(model -> model.shortName() + " " + model.id())
                .toList();
        for (int i = 0; i < words.size(); i += NAMES_IN_A_LINE) {
            lines.add(String.join(", ", words.subList(i, Math.min(words.size(), i + NAMES_IN_A_LINE))));
        }
        return lines;
    }

    /** @param replay the command that shows a violation again */
    public static ObjectNode json(ProtocolMatrix matrix, Function<Finding, String> replay) {
        ObjectNode node = MAPPER.createObjectNode().put("title", matrix.title()).put("worlds", matrix.worlds());
        ArrayNode rows = node.putArray("protocols");
        for (ProtocolMatrix.Row row : matrix.rows()) {
            ObjectNode it = rows.addObject().put("protocol", row.protocol().name());
            ObjectNode models = it.putObject("models");
            row.cells().forEach((model, cell) -> {
                ObjectNode of = models.putObject(model.id())
                        .put("answer", cell.answer().name().toLowerCase(Locale.ROOT))
                        .put("violated", cell.violated());
                cell.finding()
                        .ifPresent(finding -> of.put("seed", finding.seed())
                                .put("sentence", finding.sentence())
                                .put("command", replay.apply(finding)));
            });
            ArrayNode failures = it.putArray("failures");
            row.failures().forEach(finding -> failures.add(finding.kind() + ": " + finding.sentence()));
        }
        return node;
    }

    /**
     * A page with the matrices, in which a violated cell leads to its run.
     *
     * @param pages where the page of a violation lies, seen from this page; those without are not linked
     */
    public static String page(List<ProtocolMatrix> matrices, Map<Finding, String> pages) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>Protocols and consistency models</title>\n<style>\n"
                + STYLE + "</style></head>\n<body>\n<h1>Protocols and consistency models</h1>\n");
        for (ProtocolMatrix matrix : matrices) {
            html.append("<h2>")
                    .append(Markup.escaped(matrix.title()))
                    .append("</h2>\n<table>\n<tr><th scope=\"col\"></th>");
            for (Model model : Model.values()) {
                html.append("<th scope=\"col\"><abbr title=\"")
                        .append(Markup.escaped(model.description()))
                        .append("\">")
                        .append(model.shortName())
                        .append("</abbr></th>");
            }
            html.append("</tr>\n");
            for (ProtocolMatrix.Row row : matrix.rows()) {
                html.append("<tr><th scope=\"row\">")
                        .append(Markup.escaped(row.protocol().name()))
                        .append("</th>");
                for (Model model : Model.values()) {
                    html.append(cell(row.cells().get(model), pages));
                }
                html.append("</tr>\n");
            }
            html.append("</table>\n<p>").append(Markup.escaped(legend(matrix))).append("</p>\n");
        }
        return html.append("</body>\n</html>\n").toString();
    }

    private static String cell(Cell cell, Map<Finding, String> pages) {
        if (cell == null) {
            return "<td></td>";
        }
        String link = cell.finding().map(pages::get).orElse(null);
        String mark = mark(cell);
        return "<td class=\"" + cell.answer().name().toLowerCase(Locale.ROOT) + "\">"
                + (cell.answer() != Answer.VIOLATED || link == null
                        ? mark
                        : "<a href=\"" + Markup.escaped(link) + "\" title=\""
                                + Markup.escaped(cell.finding().orElseThrow().sentence()) + "\">" + mark + "</a>")
                + "</td>";
    }
}
