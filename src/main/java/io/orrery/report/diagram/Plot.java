package io.orrery.report.diagram;

/** The part of a picture where lanes and messages are: a layout at a place on the page, cut off at the right. */
final class Plot {
    private final Diagram diagram;
    private final Layout layout;
    private final double left;
    private final double top;
    private final double width;

    Plot(Diagram diagram, Layout layout, double left, double top, double width) {
        this.diagram = diagram;
        this.layout = layout;
        this.left = left;
        this.top = top;
        this.width = width;
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
        return left + layout.x(moment);
    }

    double columnX(int column) {
        return left + layout.columnX(column);
    }

    double y(int lane) {
        return top + layout.y(lane);
    }

    boolean shows(int moment) {
        return layout.x(moment) <= width;
    }

    /** When the last column is that is shown, in nanoseconds. */
    long lastNanos() {
        long nanos = 0;
        for (int i = 0; i < layout.columnCount() && layout.columnX(i) <= width; i++) {
            nanos = layout.columnNanos(i);
        }
        return nanos;
    }
}
