package io.orrery.report.diagram;

import java.util.List;

/**
 * Draws a witness: its operations, numbered and linked in their order; and the final states of the replicas, with the
 * same letter for equal states.
 */
final class SvgWitness {
    private static final double DISC = 7;

    /** How far the disc with the number is from the left end of its operation, and from its lane. */
    private static final double ASIDE = 3;

    private static final double ABOVE = 10;

    private final Svg svg;
    private final Plot plot;
    private final Boxes boxes;
    private final List<Integer> witness;

    SvgWitness(Svg svg, Plot plot, Boxes boxes, List<Integer> witness) {
        this.svg = svg;
        this.plot = plot;
        this.boxes = boxes;
        this.witness = witness;
    }

    boolean names(Diagram.Operation operation) {
        return witness.contains(operation.number());
    }

    private Link link(int i) {
        Diagram.Operation from = plot.diagram().operations().get(witness.get(i));
        Diagram.Operation to = plot.diagram().operations().get(witness.get(i + 1));
        return Link.between(x(from), y(from), x(to), y(to), DISC + 2);
    }

    private double x(Diagram.Operation operation) {
        return plot.x(operation.invoked()) - ASIDE;
    }

    private double y(Diagram.Operation operation) {
        return plot.y(operation.lane()) - ABOVE;
    }

    /** Draws the links, behind all that comes later. */
    void links() {
        for (int i = 0; i + 1 < witness.size(); i++) {
            svg.raw("<path class=\"link\" marker-end=\"url(#link-tip)\" d=\"" + link(i).path() + "\"/>");
        }
    }

    /** Keeps labels off the links. */
    void block() {
        for (int i = 0; i + 1 < witness.size(); i++) {
            link(i).points().forEach(it -> boxes.block(new Boxes.Box(it.x() - 2, it.y() - 2, 4, 4)));
        }
    }

    /** Marks an operation that the witness names. */
    void number(Diagram.Operation operation, double length, double height) {
        double left = plot.x(operation.invoked());
        double top = plot.y(operation.lane()) - height / 2;
        svg.rect("witness", left - 3, top - 3, length + 6, height + 6, 5);
        disc(x(operation), y(operation), String.valueOf(witness.indexOf(operation.number()) + 1));
    }

    private void disc(double x, double y, String text) {
        svg.circle("number", x, y, DISC);
        svg.text("number-text", 10, x - TextWidth.of(text, 10) / 2, y + 3.5, text);
        boxes.block(new Boxes.Box(x - DISC, y - DISC, 2 * DISC, 2 * DISC));
    }

    /** What the replicas hold at the end, if they did not converge. */
    void endings() {
        for (Diagram.Ending it : plot.diagram().endings()) {
            double y = plot.y(it.lane());
            double left = plot.endX() + Layout.ENDING;
            String text = TextWidth.fitted(it.text(), Layout.LABEL, Layout.WIDEST_LABEL);
            svg.group("ending", plot.diagram().lanes().get(it.lane()).name() + " at the end: " + it.text());
            disc(plot.endX(), y, it.letter());
            svg.text("ending-label", Layout.LABEL, left, y - 6, text);
            svg.end();
            boxes.block(new Boxes.Box(left, y - 18, TextWidth.of(text, Layout.LABEL), 16));
        }
    }
}
