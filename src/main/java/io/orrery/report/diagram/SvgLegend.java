package io.orrery.report.diagram;

import io.orrery.report.diagram.Diagram.Fate;
import io.orrery.report.diagram.Diagram.Kind;
import java.util.ArrayList;
import java.util.List;

/** The legend of the shapes that a picture uses. */
final class SvgLegend {
    private static final double SIZE = 11;
    private static final double ROW = 20;
    private static final double GLYPH = 26;

    private final Svg svg;
    private final double width;
    private final List<Entry> entries = new ArrayList<>();

    /** Draws a shape, given its left end. */
    private interface Glyph {
        void draw(double x, double y);
    }

    private record Entry(String text, Glyph glyph) {}

    SvgLegend(Svg svg, Diagram diagram, double width) {
        this.svg = svg;
        this.width = width;
        boolean data = diagram.messages().stream().anyMatch(Diagram.Message::carriesData);
        boolean talk = diagram.messages().stream().anyMatch(it -> !it.carriesData());
        add(data, "message with a write", (x, y) -> arrow("message", "tip", x, y));
        add(talk, "other message", (x, y) -> arrow("talk", "talk-tip", x, y));
        add(diagram.messages().stream().anyMatch(it -> it.fate() == Fate.LOST), "lost", this::lost);
        add(has(diagram, Kind.APPLIED), "applied, with the clock", (x, y) -> svg.circle("applied", x + 10, y, 4));
        add(has(diagram, Kind.HELD), "held back, and what for", (x, y) -> {
            svg.rect("wait", x, y - 4, 20, 8, 0);
            svg.rect("held", x, y - 4, 8, 8, 0);
        });
        add(
                has(diagram, Kind.SUPERSEDED),
                "superseded",
                (x, y) -> svg.path(
                        "superseded", "M" + Svg.number(x + 10) + " " + Svg.number(y - 5) + "l5 5l-5 5l-5 -5z"));
        add(!diagram.operations().isEmpty(), "write", (x, y) -> svg.rect("write", x, y - 5, 20, 10, 3));
        add(!diagram.operations().isEmpty(), "read", (x, y) -> svg.rect("read", x, y - 5, 20, 10, 3));
        boolean unknown = diagram.operations().stream().anyMatch(it -> it.answer() != Diagram.Answer.DONE);
        add(unknown, "refused ✗ or unknown ?", (x, y) -> svg.rect("unknown", x, y - 5, 20, 10, 3));
        boolean leads = diagram.reigns().stream().anyMatch(Diagram.Reign::leads);
        add(leads, "leader, a colour for each term", (x, y) -> SvgReigns.glyph(svg, true, x, y));
        boolean stands = diagram.reigns().stream().anyMatch(it -> !it.leads());
        add(stands, "stands for election", (x, y) -> SvgReigns.glyph(svg, false, x, y));
        boolean down = diagram.outages().stream().anyMatch(it -> !it.isPause());
        add(down, "down", (x, y) -> svg.rect("down", x, y - 6, 20, 12, 2));
        boolean paused = diagram.outages().stream().anyMatch(Diagram.Outage::isPause);
        add(paused, "paused", (x, y) -> svg.rect("paused", x, y - 6, 20, 12, 2));
    }

    private static boolean has(Diagram diagram, Kind kind) {
        return diagram.moments().stream().anyMatch(it -> it.kind() == kind);
    }

    private void add(boolean used, String text, Glyph glyph) {
        if (used) {
            entries.add(new Entry(text, glyph));
        }
    }

    private void arrow(String type, String tip, double x, double y) {
        svg.raw("<path class=\"" + type + "\" fill=\"none\" marker-end=\"url(#" + tip + ")\" d=\"M" + Svg.number(x)
                + " " + Svg.number(y) + "h20\"/>");
    }

    private void lost(double x, double y) {
        svg.line("lost", x, y, x + 14, y);
        svg.path("cross", "M" + Svg.number(x + 12) + " " + Svg.number(y - 4) + "l8 8m0 -8l-8 8");
    }

    /** Returns the y position of its end. */
    double draw(double left, double top) {
        double x = left;
        double y = top;
        for (Entry entry : entries) {
            double room = GLYPH + TextWidth.of(entry.text(), SIZE) + 16;
            if (x > left && x + room > left + width) {
                x = left;
                y += ROW;
            }
            entry.glyph().draw(x, y - 4);
            svg.text("words", SIZE, x + GLYPH, y, entry.text());
            x += room;
        }
        return y + ROW;
    }
}
