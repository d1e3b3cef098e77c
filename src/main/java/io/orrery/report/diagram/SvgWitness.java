package io.orrery.report.diagram;

import java.util.List;

/**
 * Draws a witness: its operations, numbered and linked in their order; and the final states of the replicas, with the
 * same letter for equal states.
 */
final class SvgWitness {
    private static final double DISC = 7;

    /** The distance of the numbered disc from the left end of its operation and from its lane. */
    private static final double ASIDE = 3;

    private static final double ABOVE = 10;

    private final Svg svg;
    private final PlotArea plotArea;
    private final OccupiedAreas occupiedAreas;
    private final List<Integer> witness;

    SvgWitness(Svg svg, PlotArea plotArea, OccupiedAreas occupiedAreas, List<Integer> witness) {
        this.svg = svg;
        this.plotArea = plotArea;
        this.occupiedAreas = occupiedAreas;
        this.witness = witness;
    }

    boolean names(Diagram.Operation operation) {
        return witness.contains(operation.number());
    }

    private Arc link(int i) {
        Diagram.Operation from = plotArea.diagram().operations().get(witness.get(i));
        Diagram.Operation to = plotArea.diagram().operations().get(witness.get(i + 1));
        return Arc.between(x(from), y(from), x(to), y(to), DISC + 2);
    }

    private double x(Diagram.Operation operation) {
        return plotArea.x(operation.invoked()) - ASIDE;
    }

    private double y(Diagram.Operation operation) {
        return plotArea.y(operation.lane()) - ABOVE;
    }

    /** Draws the links, behind all later elements. */
    void links() {
        for (int i = 0; i + 1 < witness.size(); i++) {
            svg.raw("<path class=\"link\" marker-end=\"url(#link-tip)\" d=\"" + link(i).path() + "\"/>");
        }
    }

    /** Keeps labels off the links. */
    void block() {
        for (int i = 0; i + 1 < witness.size(); i++) {
            link(i).points().forEach(it -> occupiedAreas.block(new OccupiedAreas.Box(it.x() - 2, it.y() - 2, 4, 4)));
        }
    }

    /** Marks an operation of the witness. */
    void number(Diagram.Operation operation, double length, double height) {
        double left = plotArea.x(operation.invoked());
        double top = plotArea.y(operation.lane()) - height / 2;
        svg.rect("witness", left - 3, top - 3, length + 6, height + 6, 5);
        disc(x(operation), y(operation), String.valueOf(witness.indexOf(operation.number()) + 1));
    }

    private void disc(double x, double y, String text) {
        svg.circle("number", x, y, DISC);
        svg.text("number-text", 10, x - TextWidth.of(text, 10) / 2, y + 3.5, text);
        occupiedAreas.block(new OccupiedAreas.Box(x - DISC, y - DISC, 2 * DISC, 2 * DISC));
    }

    /** Draws the final states of the replicas if they did not converge. */
    void endings() {
        for (Diagram.Ending it : plotArea.diagram().endings()) {
            double y = plotArea.y(it.lane());
            double left = plotArea.endX() + Layout.ENDING;
            String text = TextWidth.fitted(it.text(), Layout.LABEL, Layout.WIDEST_LABEL);
            svg.group("ending", plotArea.diagram().lanes().get(it.lane()).name() + " at the end: " + it.text());
            disc(plotArea.endX(), y, it.letter());
            svg.text("ending-label", Layout.LABEL, left, y - 6, text);
            svg.end();
            occupiedAreas.block(new OccupiedAreas.Box(left, y - 18, TextWidth.of(text, Layout.LABEL), 16));
        }
    }
}
