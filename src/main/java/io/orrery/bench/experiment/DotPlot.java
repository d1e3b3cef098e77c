package io.orrery.bench.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart with a row for each of some names, from top to bottom, and points and ranges along the rows. */
final class DotPlot {
    private static final BasicStroke RANGE = new BasicStroke(2f);
    private static final int WIDTH = 900;
    private static final int ROW_HEIGHT = 58;
    private static final int FRAME_HEIGHT = 160;

    private final List<String> rows;
    private final XYChart chart;

    DotPlot(String title, String xTitle, List<String> rows) {
        this.rows = List.copyOf(rows);
        chart = Plot.empty(WIDTH, FRAME_HEIGHT + ROW_HEIGHT * rows.size(), title, xTitle, "");
        XYStyler style = chart.getStyler();
        style.setYAxisMin(0.5)
                .setYAxisMax(rows.size() + 0.5)
                .setYAxisTickMarkSpacingHint(ROW_HEIGHT / 2)
                .setYAxisTickLabelsFormattingFunction(this::label)
                .setYAxisLabelAlignment(TextAlignment.Right)
                .setYAxisTitleVisible(false);
    }

    private String label(double y) {
        int row = rows.size() - (int) Math.round(y);
        return Math.abs(y - Math.round(y)) < 1e-6 && row >= 0 && row < rows.size() ? rows.get(row) : "";
    }

    /** One kind of figure: what it is called, how it looks, and where in each row it lies, from -0.5 to 0.5 (upwards). */
    record Kind(String name, Color colour, Marker marker, double offset) {}

    /** Adds the mean to each row as a point, and from the median to the 99th percentile a line. */
    DotPlot add(Kind kind, List<Latencies> latencies) {
        for (int row = 0; row < latencies.size(); row++) {
            Latencies inRow = latencies.get(row);
            double[] ends = {inRow.percentile(50), inRow.percentile(99)};
            double[] heights = {height(kind, row), height(kind, row)};
            Plot.line(chart, kind.name() + " " + row, ends, heights, kind.colour(), SeriesMarkers.NONE, RANGE)
                    .setShowInLegend(false);
        }
        return add(kind, latencies.stream().mapToDouble(Latencies::mean).toArray());
    }

    /** @param points the values, by row; NaN where there is none */
    DotPlot add(Kind kind, double[] points) {
        int[] there = IntStream.range(0, points.length)
                .filter(row -> !Double.isNaN(points[row]))
                .toArray();
        double[] x = Arrays.stream(there).mapToDouble(row -> points[row]).toArray();
        double[] y = Arrays.stream(there).mapToDouble(row -> height(kind, row)).toArray();
        Plot.line(chart, kind.name(), x, y, kind.colour(), kind.marker(), SeriesLines.NONE);
        return this;
    }

    private double height(Kind kind, int row) {
        return rows.size() - row + kind.offset();
    }

    XYChart chart() {
        return chart;
    }
}
