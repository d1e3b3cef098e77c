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
import java.util.Optional;
import java.util.function.Function;

/** Matrices of protocols and models, for people, programs, and browsers. */
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

    private final List<ProtocolMatrix> matrices;
    private final Function<Finding, String> replay;
    private final Map<Finding, Small> small;

    /**
     * What a violation has become.
     *
     * @param steps how many it takes
     * @param size how small it is, in words
     * @param scenario the text of its file
     * @param command plays that file
     */
    public record Small(int steps, String size, String scenario, String command) {}

    /**
     * @param replay the command that shows a finding again
     * @param small the violations that were made small
     */
    public MatrixReport(List<ProtocolMatrix> matrices, Function<Finding, String> replay, Map<Finding, Small> small) {
        this.matrices = List.copyOf(matrices);
        this.replay = replay;
        this.small = Map.copyOf(small);
    }

    /** Models by their short names. */
    public Table table(ProtocolMatrix matrix) {
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

    private String mark(Cell cell) {
        return cell == null
                ? ""
                : switch (cell.answer()) {
                    case HOLDS -> "✓";
                    case VIOLATED ->
                        "✗" + small(cell).map(Small::steps).map(String::valueOf).orElse("");
                    case UNDECIDED -> "?";
                };
    }

    private Optional<Small> small(Cell cell) {
        return cell.finding().map(small::get);
    }

    /** What is said below the tables: replicas that failed, what the marks mean, and what the short names mean. */
    public List<String> notes() {
        List<String> lines = new ArrayList<>();
        for (ProtocolMatrix matrix : matrices) {
            for (ProtocolMatrix.Row row : matrix.rows()) {
                for (Finding failure : row.failures()) {
                    lines.add(row.protocol() + ", " + failure.kind() + ": " + failure.sentence());
                    lines.add("  " + replay.apply(failure));
                }
            }
        }
        matrices.stream().map(this::legend).distinct().forEach(lines::add);
        lines.addAll(names());
        return lines;
    }

    private String legend(ProtocolMatrix matrix) {
        boolean isAnySmall = matrix.findings().stream().anyMatch(small::containsKey);
        return "✓ held in all " + matrix.worlds() + " worlds, ✗ was violated in one or more"
                + (isAnySmall ? " (made small: in how many steps)" : "") + ", ? was undecided in some.";
    }

    /** What the short names mean, in lines. */
    private static List<String> names() {
        List<String> lines = new ArrayList<>();
        List<String> words = Arrays.stream(Model.values())
                .map(model -> model.shortName() + " " + model.id())
                .toList();
        for (int i = 0; i < words.size(); i += NAMES_IN_A_LINE) {
            lines.add(String.join(", ", words.subList(i, Math.min(words.size(), i + NAMES_IN_A_LINE))));
        }
        return lines;
    }

    /** An object for each matrix. */
    public ArrayNode json() {
        ArrayNode all = MAPPER.createArrayNode();
        matrices.forEach(matrix -> all.add(json(matrix)));
        return all;
    }

    private ObjectNode json(ProtocolMatrix matrix) {
        ObjectNode node = MAPPER.createObjectNode().put("title", matrix.title()).put("worlds", matrix.worlds());
        ArrayNode rows = node.putArray("protocols");
        for (ProtocolMatrix.Row row : matrix.rows()) {
            ObjectNode it = rows.addObject().put("protocol", row.protocol().name());
            ObjectNode models = it.putObject("models");
            row.cells().forEach((model, cell) -> models.set(model.id(), json(cell)));
            ArrayNode failures = it.putArray("failures");
            row.failures().forEach(finding -> failures.add(finding.kind() + ": " + finding.sentence()));
        }
        return node;
    }

    private ObjectNode json(Cell cell) {
        ObjectNode node = MAPPER.createObjectNode().put("answer", word(cell)).put("violated", cell.violated());
        cell.finding()
                .ifPresent(finding -> node.put("seed", finding.seed())
                        .put("sentence", finding.sentence())
                        .put("command", replay.apply(finding)));
        small(cell)
                .ifPresent(it -> node.putObject("small")
                        .put("steps", it.steps())
                        .put("size", it.size())
                        .put("scenario", it.scenario())
                        .put("command", it.command()));
        return node;
    }

    private static String word(Cell cell) {
        return cell.answer().name().toLowerCase(Locale.ROOT);
    }

    /** A line for each cell. */
    public Csv csv() {
        Csv csv = new Csv(List.of("title", "protocol", "model", "answer", "worlds", "violated", "seed", "steps"));
        for (ProtocolMatrix matrix : matrices) {
            for (ProtocolMatrix.Row row : matrix.rows()) {
                row.cells()
                        .forEach((model, cell) -> csv.row(
                                matrix.title(),
                                row.protocol(),
                                model.id(),
                                word(cell),
                                matrix.worlds(),
                                cell.violated(),
                                cell.finding().map(Finding::seed).orElse(null),
                                small(cell).map(Small::steps).orElse(null)));
            }
        }
        return csv;
    }

    /**
     * A page with the matrices, in which a violated cell leads to its run.
     *
     * @param pages where the page of a violation lies, seen from this page; those without are not linked
     */
    public String page(Map<Finding, String> pages) {
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

    private String cell(Cell cell, Map<Finding, String> pages) {
        if (cell == null) {
            return "<td></td>";
        }
        String link = cell.finding().map(pages::get).orElse(null);
        String mark = mark(cell);
        return "<td class=\"" + word(cell) + "\">"
                + (cell.answer() != Answer.VIOLATED || link == null
                        ? mark
                        : "<a href=\"" + Markup.escaped(link) + "\" title=\""
                                + Markup.escaped(cell.finding().orElseThrow().sentence()) + "\">" + mark + "</a>")
                + "</td>";
    }
}
