package io.orrery.report.diagram;

import java.util.List;
import java.util.OptionalInt;

/** The visible part of the lanes and messages: a layout, or a part of it, at a position on the page. */
final class PlotArea {
    /** The margin before the first operation of interest. */
    private static final double BEFORE = 80;

    /** The margin for the label of the last operation of interest. */
    private static final double AFTER = Layout.WIDEST_LABEL + 20;

    private final Diagram diagram;
    private final Layout layout;
    private final double left;
    private final double top;
    private final double width;
    private final double from;

    /** @param about the operations that should be visible if not all fit */
    PlotArea(Diagram diagram, Layout layout, double left, double top, double width, List<Integer> about) {
        this.diagram = diagram;
        this.layout = layout;
        this.left = left;
        this.top = top;
        this.width = width;
        from = from(about);
    }

    private double from(List<Integer> about) {
        if (about.isEmpty()) {
            return diagram.endings().isEmpty() ? 0 : Math.max(0, layout.width() - width);
        }
        double[] begun = about.stream()
                .mapToDouble(it -> layout.x(diagram.operations().get(it).invoked()))
                .sorted()
                .toArray();
        // If they are too far apart, show the last ones, where the violation shows.
        double wanted = Math.max(begun[0] - BEFORE, begun[begun.length - 1] + AFTER - width);
        return Math.max(0, Math.min(wanted, layout.width() - width));
    }

    Diagram diagram() {
        return diagram;
    }

    Layout layout() {
        return layout;
    }

    double left() {
        return left;
    }

    double right() {
        return left + width;
    }

    double top() {
        return top;
    }

    double bottom() {
        return top + layout.height();
    }

    double width() {
        return width;
    }

    double x(int moment) {
        return left + layout.x(moment) - from;
    }

    double columnX(int column) {
        return left + layout.columnX(column) - from;
    }

    /** The x position of the end. */
    double endX() {
        return left + layout.endX() - from;
    }

    double y(int lane) {
        return top + layout.y(lane);
    }

    /** The x position of an end; beyond the right edge if there is none. */
    double end(OptionalInt moment) {
        return moment.isPresent() ? x(moment.getAsInt()) : left + layout.width() - from;
    }

    boolean shows(int moment) {
        return shows(moment, OptionalInt.of(moment));
    }

    /** Whether the interval between two moments is partly visible. */
    boolean shows(int moment, OptionalInt ended) {
        return x(moment) <= right() && end(ended) >= left;
    }

    boolean showsColumn(int column) {
        return columnX(column) >= left && columnX(column) <= right();
    }

    boolean showsAll() {
        return layout.width() <= width;
    }
}
