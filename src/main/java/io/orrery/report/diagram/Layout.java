package io.orrery.report.diagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The positions of a diagram's parts, in pixels: time runs to the right, lanes stand below each other. Time is not to
 * scale: short intervals are widened, and long ones without events are shortened.
 */
final class Layout {
    /** The size of the letters of labels. */
    static final double LABEL = 11;

    /** The maximum width of an operation's label. */
    static final double WIDEST_LABEL = 150;

    /** The space for the mark of a final state, before its label. */
    static final double ENDING = 12;

    private static final double LEFT = 16;
    private static final double SLOT = 18;
    private static final double SHORTEST = 20;
    private static final double USUAL = 34;
    private static final double LONGEST = 84;
    private static final double BETWEEN_LABELS = 10;
    private static final double REPLICA_HEIGHT = 56;
    private static final double CLIENT_HEIGHT = 40;

    /** The stretch factors to try if the usual layout is too wide. */
    private static final double[] STRETCHES = {0.85, 0.7, 0.55};

    private final Diagram diagram;
    private final double stretch;
    private final Columns columns;
    private final double[] x;
    private final double[] y;
    private final double height;
    private final List<Shortened> shortened = new ArrayList<>();

    /** A long time without events that is shortened, between two columns. */
    record Shortened(int before, int after, long nanos) {}

    Layout(Diagram diagram) {
        this(diagram, 1);
    }

    private Layout(Diagram diagram, double stretch) {
        this.diagram = diagram;
        this.stretch = stretch;
        columns = Columns.of(diagram);
        x = new double[columns.count()];
        y = new double[diagram.lanes().size()];
        height = placeLanes();
        placeColumns();
    }

    /** The widest layout within this width, without compressing times beyond recognition. */
    static Layout within(Diagram diagram, double width) {
        Layout usual = new Layout(diagram);
        if (usual.width() <= width) {
            return usual;
        }
        for (double stretch : STRETCHES) {
            Layout layout = new Layout(diagram, stretch);
            if (layout.width() <= width) {
                return layout;
            }
        }
        return usual;
    }

    private double placeLanes() {
        double below = 0;
        for (int i = 0; i < y.length; i++) {
            double own = diagram.lanes().get(i).isReplica() ? REPLICA_HEIGHT : CLIENT_HEIGHT;
            y[i] = below + own / 2;
            below += own;
        }
        return below;
    }

    private void placeColumns() {
        double scale = USUAL / medianGap();
        double[] least = new double[x.length];
        List<List<Reach>> begun = reaches();
        for (int i = 0; i < x.length; i++) {
            double before = i == 0 ? LEFT : x[i - 1] + gap(i, scale);
            x[i] = Math.max(before, least[i]);
            for (Reach reach : begun.get(i)) {
                least[reach.next()] = Math.max(least[reach.next()], x[i] + reach.width());
            }
        }
    }

    private double gap(int column, double scale) {
        long nanos = columns.nanos(column) - columns.nanos(column - 1);
        if (nanos == 0) {
            return SLOT;
        }
        double toScale = nanos * scale;
        if (toScale > LONGEST) {
            shortened.add(new Shortened(column - 1, column, nanos));
        }
        return stretch * Math.min(LONGEST, Math.max(SHORTEST, toScale));
    }

    /** In nanoseconds. */
    private double medianGap() {
        long[] gaps = new long[x.length];
        int count = 0;
        for (int i = 1; i < x.length; i++) {
            long nanos = columns.nanos(i) - columns.nanos(i - 1);
            if (nanos > 0) {
                gaps[count++] = nanos;
            }
        }
        Arrays.sort(gaps, 0, count);
        return count == 0 ? 1 : gaps[count / 2];
    }

    /** The minimum distance to the column where the client's next operation begins, because its label stands there. */
    private record Reach(int next, double width) {}

    private List<List<Reach>> reaches() {
        List<List<Reach>> begun = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            begun.add(new ArrayList<>());
        }
        Diagram.Operation[] before = new Diagram.Operation[y.length];
        for (Diagram.Operation operation : diagram.operations()) {
            Diagram.Operation previous = before[operation.lane()];
            if (previous != null) {
                int from = columns.of(previous.invoked());
                int next = columns.of(operation.invoked());
                begun.get(from).add(new Reach(next, labelWidth(previous) + BETWEEN_LABELS));
            }
            before[operation.lane()] = operation;
        }
        return begun;
    }

    private static double labelWidth(Diagram.Operation operation) {
        return Math.min(WIDEST_LABEL, TextWidth.of(operation.label(), LABEL));
    }

    int column(int moment) {
        return columns.of(moment);
    }

    /** The x position of a moment. */
    double x(int moment) {
        return x[columns.of(moment)];
    }

    double columnX(int column) {
        return x[column];
    }

    int columnCount() {
        return x.length;
    }

    long columnNanos(int column) {
        return columns.nanos(column);
    }

    double y(int lane) {
        return y[lane];
    }

    double height() {
        return height;
    }

    /** The total width, including the label of the last operation and the final states. */
    double width() {
        double ending = diagram.endings().stream()
                .mapToDouble(it -> ENDING + Math.min(WIDEST_LABEL, TextWidth.of(it.text(), LABEL)) + LEFT)
                .max()
                .orElse(0);
        return endX() + ending;
    }

    /** The x position of the end, where the final states are written. */
    double endX() {
        double end = x.length == 0 ? LEFT : x[x.length - 1];
        double right = diagram.operations().stream()
                .mapToDouble(it -> x(it.invoked()) + labelWidth(it))
                .max()
                .orElse(0);
        return Math.max(end + SHORTEST, right) + LEFT;
    }

    List<Shortened> shortened() {
        return shortened;
    }
}
