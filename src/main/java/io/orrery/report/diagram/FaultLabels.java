package io.orrery.report.diagram;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The labels of faults above the lanes, in as many rows as they need. */
final class FaultLabels {
    private static final double ROW = 16;
    private static final double GAP = 12;
    private static final double WIDEST = 260;

    private final List<Label> labels = new ArrayList<>();
    private final int rows;

    /** @param row from 0, the highest */
    record Label(Diagram.Disturbance of, String text, double left, int row) {}

    FaultLabels(PlotArea plotArea) {
        List<Double> free = new ArrayList<>();
        for (Diagram.Disturbance it : plotArea.diagram().disturbances()) {
            if (!plotArea.shows(it.from(), it.isPartition() ? it.ended() : OptionalInt.of(it.from()))) {
                continue;
            }
            String text = TextWidth.fitted(it.text(), Layout.LABEL, WIDEST);
            double room = TextWidth.of(text, Layout.LABEL) + GAP;
            // At the right edge the label stands before its line.
            double left = Math.max(plotArea.left(), Math.min(plotArea.x(it.from()) + 4, plotArea.right() - room));
            int row = 0;
            while (row < free.size() && free.get(row) > left) {
                row++;
            }
            if (row == free.size()) {
                free.add(0.0);
            }
            free.set(row, left + room);
            labels.add(new Label(it, text, left, row));
        }
        rows = free.size();
    }

    List<Label> labels() {
        return labels;
    }

    double height() {
        return rows * ROW + (rows == 0 ? 0 : 8);
    }

    /** The baseline of a row, relative to the top of the lanes. */
    double baseline(int row) {
        return -(rows - row) * ROW + ROW / 2;
    }
}
