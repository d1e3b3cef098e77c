package io.orrery.soak;

import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.report.Markup;
import io.orrery.soak.SoakResult.Round;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The page of a soak: faults over time, acknowledged writes, and the verdicts. */
final class SoakPage {
    private static final int WIDTH = 1_200;
    private static final int HEIGHT = 160;
    private static final int BASE = HEIGHT - 20;
    /** The maximum number of columns; more would be too narrow to see. */
    private static final int COLUMNS = 400;

    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1200px; padding: 0 1em; }
            pre { font-size: 13px; overflow-x: auto; } table { border-collapse: collapse; }
            td, th { padding: 2px 12px 2px 0; text-align: left; } td.n { text-align: right; }
            svg { width: 100%; height: auto; } .fault { fill: #d9480f; opacity: .28; } .heal { fill: #f2b705; opacity: .28; }
            .writes { fill: #2f6f9f; } text { font: 11px system-ui, sans-serif; fill: currentColor; }
            @media (prefers-color-scheme: dark) { body { background: #16181c; color: #dde; } }
            """;

    private SoakPage() {}

    /** @param lines the report as printed on the terminal */
    static String of(SoakResult result, List<String> lines) {
        StringBuilder page = new StringBuilder(
                        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(title(result))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(title(result))
                .append("</h1>\n<pre>")
                .append(Markup.escaped(String.join("\n", lines)))
                .append("</pre>\n<h2>Acknowledged writes</h2>\n");
        chart(page, result);
        page.append(
                        "<p>Red: a fault. Yellow: until writes were acknowledged through each replica, and shown by all.</p>\n")
                .append("<h2>Rounds</h2>\n<table><tr><th>from</th><th>to</th><th>what</th><th>writes after</th>")
                .append("<th>everywhere after</th></tr>\n");
        for (Round round : result.rounds()) {
            page.append("<tr><td class=\"n\">")
                    .append(seconds(round.began()))
                    .append("</td><td class=\"n\">")
                    .append(seconds(round.ended()))
                    .append("</td><td>")
                    .append(Markup.escaped(round.fault().toString()))
                    .append("</td><td class=\"n\">")
                    .append(seconds(round.writes()))
                    .append("</td><td class=\"n\">")
                    .append(seconds(round.everywhere()))
                    .append("</td></tr>\n");
        }
        return page.append("</table>\n</body></html>\n").toString();
    }

    private static String title(SoakResult result) {
        return Markup.escaped("Soak of " + result.deployment().protocol() + ", seed " + result.seed() + ": "
                + (result.holds() ? "all promises hold" : result.isViolated() ? "violated" : "undecided"));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f s", time.toNanos() / 1e9);
    }

    private static void chart(StringBuilder page, SoakResult result) {
        double nanos = Math.max(1, result.took().toNanos());
        page.append("<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" role=\"img\">\n");
        for (Round round : result.rounds()) {
            Duration healed = round.ended().plus(round.everywhere());
            band(
                    page,
                    "fault",
                    round.began(),
                    round.ended(),
                    nanos,
                    round.fault().toString());
            band(page, "heal", round.ended(), healed, nanos, "healing");
        }
        int[] columns = writes(result.history(), nanos);
        int most = 1;
        for (int count : columns) {
            most = Math.max(most, count);
        }
        double width = (double) WIDTH / COLUMNS;
        for (int i = 0; i < columns.length; i++) {
            double height = (BASE - 4.0) * columns[i] / most;
            rectangle(page, "writes", i * width, BASE - height, width, height, columns[i] + " writes");
        }
        page.append(text(0, "0"))
                .append(text(WIDTH - 50, seconds(result.took())))
                .append("</svg>\n");
    }

    private static String text(int x, String words) {
        return "<text x=\"" + x + "\" y=\"" + (HEIGHT - 6) + "\">" + words + "</text>\n";
    }

    private static int[] writes(History history, double nanos) {
        int[] columns = new int[COLUMNS];
        if (history.events().isEmpty()) {
            return columns;
        }
        long began = history.events().get(0).time();
        for (Op op : history.ops()) {
            if (op.isWrite() && op.isOk()) {
                int column = (int) ((op.completion().time() - began) / nanos * COLUMNS);
                columns[Math.min(COLUMNS - 1, Math.max(0, column))]++;
            }
        }
        return columns;
    }

    private static void band(StringBuilder page, String kind, Duration from, Duration to, double nanos, String words) {
        double x = from.toNanos() / nanos * WIDTH;
        rectangle(page, kind, x, 0, Math.max(1, to.toNanos() / nanos * WIDTH - x), BASE, words);
    }

    private static void rectangle(
            StringBuilder page, String kind, double x, double y, double width, double height, String words) {
        page.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s</title></rect>\n",
                kind,
                x,
                y,
                width,
                height,
                Markup.escaped(words)));
    }
}
