package io.orrery.bench.experiment;

import io.orrery.report.Markup;
import java.util.List;

/** Measurements as a page for a browser, beside the files of its plots. */
final class MeasurementsPage {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; }
            table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }
            th, td { padding: 0.2em 0.7em; border: 1px solid #8884; text-align: right; }
            th, td:first-child { text-align: left; }
            img { max-width: 100%; }
            """;

    private final StringBuilder html = new StringBuilder();

    private MeasurementsPage() {}

    static String of(Measurements measurements) {
        return new MeasurementsPage().page(measurements);
    }

    private String page(Measurements measurements) {
        String title = Markup.escaped(measurements.title());
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(title)
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head>\n<body>\n<h1>")
                .append(title)
                .append("</h1>\n");
        measurements.sheets().stream().filter(Sheet::isProse).forEach(this::sentences);
        for (LineChart plot : measurements.plots()) {
            html.append("<p><img src=\"" + plot.name() + ".svg\" alt=\"The plot of the figures below\"></p>\n");
        }
        measurements.sheets().stream()
                .filter(sheet -> !sheet.isProse() && !sheet.isEmpty())
                .forEach(this::table);
        measurements.notes().forEach(this::paragraph);
        html.append("<pre>")
                .append(Markup.escaped(measurements.provenance().toString()))
                .append("</pre>\n");
        return html.append("</body>\n</html>\n").toString();
    }

    private void paragraph(String text) {
        html.append("<p>").append(Markup.escaped(text)).append("</p>\n");
    }

    private void sentences(Sheet sheet) {
        html.append("<ul>\n");
        sheet.shown()
                .forEach(row -> html.append("<li>")
                        .append(Markup.escaped(String.join(" ", row)))
                        .append("</li>\n"));
        html.append("</ul>\n");
    }

    private void table(Sheet sheet) {
        html.append("<table>\n");
        row("th", sheet.titles());
        sheet.shown().forEach(row -> row("td", row));
        html.append("</table>\n");
    }

    private void row(String element, List<String> cells) {
        html.append("<tr>");
        cells.forEach(cell -> html.append('<')
                .append(element)
                .append('>')
                .append(Markup.escaped(cell))
                .append("</")
                .append(element)
                .append('>'));
        html.append("</tr>\n");
    }
}
