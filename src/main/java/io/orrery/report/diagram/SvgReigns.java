package io.orrery.report.diagram;

import io.orrery.report.DurationText;

/**
 * Draws who led when as bands around the lines of replicas, and elections as dashed bands. The colour goes with the term; the
 * band has its term written on it too, and a leader's is twice as high as a candidate's.
 */
final class SvgReigns {
    /** Terms have so many colours in turn. */
    private static final int COLOURS = 4;

    private static final double LEADER = 11;
    private static final double CANDIDATE = 6;
    private static final double SHORTEST = 5;
    private static final double SMALL = 9.5;

    /**
     * The light tints have borders of Okabe and Ito's colours, "Color Universal Design" (2008), which people with any colour
     * vision tell apart.
     */
    static final String STYLE = """
            <style>
            .reign0 { fill: #dcecf8; stroke: #0072b2; }
            .reign1 { fill: #fbe6c6; stroke: #b36b00; }
            .reign2 { fill: #d3efe5; stroke: #007a5a; }
            .reign3 { fill: #f3dfeb; stroke: #a8577f; }
            .leads { stroke-width: 1.6; }
            .stands { stroke-width: 1.2; stroke-dasharray: 3 2; }
            .reign-label { fill: #1f2937; font-weight: bold; stroke: #fdfdfb; stroke-width: 4; paint-order: stroke; stroke-linejoin: round; }
            </style>""";

    /** How far apart the places for a label are. */
    private static final int STEP = 20;

    private static final double ROW = 14;
    private static final double BAR = 10;

    private SvgReigns() {}

    /** Draws the reigns of the whole run, to scale, also of what the picture cuts off. Returns the y position of its end. */
    static double overview(Svg svg, Diagram diagram, double names, double top, double left, double width) {
        svg.text("words", Layout.LABEL, names, top, "Who led when in the whole run, to scale:");
        double y = top + 6;
        for (int lane = 0; lane < diagram.lanes().size(); lane++) {
            Diagram.Lane of = diagram.lanes().get(lane);
            if (of.isReplica()) {
                svg.text("quiet", SMALL, names, y + BAR - 1, of.name());
                svg.line("axis", left, y + BAR / 2, left + width, y + BAR / 2);
                for (Diagram.Reign it : diagram.reigns()) {
                    if (it.lane() == lane) {
                        bar(svg, diagram, it, left, y, width);
                    }
                }
                y += ROW;
            }
        }
        return y + 16;
    }

    private static void bar(Svg svg, Diagram diagram, Diagram.Reign it, double left, double y, double width) {
        double scale = width / Math.max(1, diagram.end());
        long begun = diagram.moments().get(it.from()).nanos();
        long ended = it.ended().isPresent()
                ? diagram.moments().get(it.ended().getAsInt()).nanos()
                : diagram.end();
        double x = left + begun * scale;
        double length = Math.max(2, (ended - begun) * scale);
        svg.group(
                "reign",
                diagram.lanes().get(it.lane()).name() + " is " + it.text() + ", from " + DurationText.exact(begun)
                        + " s to " + DurationText.exact(ended) + " s");
        double half = it.leads() ? BAR / 2 : BAR / 4;
        rect(svg, it, x, y + BAR / 2, length, half);
        String text = "term " + it.term();
        if (it.leads() && TextWidth.of(text, SMALL) + 8 < length) {
            svg.text("words", SMALL, x + 4, y + BAR - 1.5, text);
        }
        svg.end();
    }

    static void draw(Svg svg, PlotArea plotArea, Diagram.Reign it) {
        double x = plotArea.x(it.from());
        String name = plotArea.diagram().lanes().get(it.lane()).name();
        svg.group("reign", name + " is " + it.text());
        double half = it.leads() ? LEADER : CANDIDATE;
        rect(svg, it, x, plotArea.y(it.lane()), Math.max(SHORTEST, plotArea.end(it.ended()) - x), half);
        svg.end();
    }

    /** The same for the legend. */
    static void glyph(Svg svg, boolean leads, double x, double y) {
        rect(svg, type(1, leads), x, y, 20, leads ? 7 : 4);
    }

    private static void rect(Svg svg, Diagram.Reign it, double x, double y, double width, double half) {
        rect(svg, type(it.term(), it.leads()), x, y, width, half);
    }

    private static void rect(Svg svg, String type, double x, double y, double width, double half) {
        svg.rect(type, x, y - half, width, 2 * half, 0);
    }

    private static String type(long term, boolean leads) {
        return "reign" + term % COLOURS + (leads ? " leads" : " stands");
    }

    static String label(Diagram.Reign it) {
        return "leads, term " + it.term();
    }

    /** Where the label of a band may stand, the best first. */
    static double[][] places(PlotArea plotArea, Diagram.Reign it) {
        double x = Math.max(plotArea.x(it.from()), plotArea.left()) + 3;
        double above = plotArea.y(it.lane()) - LEADER - 3;
        double below = plotArea.y(it.lane()) + LEADER + 11;
        double room = plotArea.end(it.ended()) - x;
        double[][] places = new double[2 * (1 + (int) Math.max(0, room / STEP))][];
        for (int i = 0; i < places.length; i++) {
            places[i] = new double[] {x + i / 2 * STEP, i % 2 == 0 ? above : below};
        }
        return places;
    }
}
