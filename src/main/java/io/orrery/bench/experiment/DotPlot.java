package io.orrery.bench.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
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

    /** The width of a letter, as a part of the axis, about. */
    private static final double LETTER = 0.012;

    private static final int ROW_HEIGHT = 52;
    private static final int FRAME_HEIGHT = 160;

    private final List<String> rows;
    private final XYChart chart;
    private final List<Note> notes = new ArrayList<>();
    private double furthest;

    private record Note(double end, double height, String words) {}

    DotPlot(String title, String xTitle, List<String> rows) {
        this.rows = List.copyOf(rows);
        chart = Plot.empty(WIDTH, FRAME_HEIGHT + ROW_HEIGHT * (rows.size() + 1), title, xTitle, "");
        XYStyler style = chart.getStyler();
        style.setYAxisMin(0.0)
                .setYAxisMax(rows.size() + 1.0)
                .setYAxisTickMarkSpacingHint(ROW_HEIGHT - 10)
                .setYAxisTickLabelsFormattingFunction(this::label)
                .setYAxisLabelAlignment(TextAlignment.Right)
                .setYAxisTitleVisible(false);
    }

    /** The name of a row; blanks above and below the rows, of different lengths, as XChart drops labels that are alike. */
    private String label(double y) {
        int row = rows.size() - (int) Math.round(y);
        return row >= 0 && row < rows.size() ? rows.get(row) : " ".repeat(Math.max(0, row + 2));
    }

    /** One kind of figure: what it is called, how it looks, and where in each row it lies, from -0.5 to 0.5 (upwards). */
    record Kind(String name, Color colour, Marker marker, double offset) {}

    /** Adds the mean to each row as a point, and from the median to the 99th percentile a line; nothing where there is none. */
    DotPlot add(Kind kind, List<Latencies> latencies) {
        for (int row = 0; row < latencies.size(); row++) {
            Latencies inRow = latencies.get(row);
            if (inRow.count() == 0) {
                continue;
            }
            double[] ends = {inRow.percentile(50), inRow.percentile(99)};
            double[] heights = {height(kind, row), height(kind, row)};
            Plot.line(chart, kind.name() + " " + row, ends, heights, kind.colour(), SeriesMarkers.NONE, RANGE)
                    .setShowInLegend(false);
        }
        return add(
                kind,
                latencies.stream()
                        .mapToDouble(inRow -> inRow.count() == 0 ? Double.NaN : inRow.mean())
                        .toArray());
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

    /** Writes a few words into a row, to the right of where something ends. */
    DotPlot note(Kind kind, int row, double end, String words) {
        notes.add(new Note(end, height(kind, row), words));
        furthest = Math.max(furthest, end);
        return this;
    }

    private double height(Kind kind, int row) {
        return rows.size() - row + kind.offset();
    }

    XYChart chart() {
        // A note is centred on its place.
        double half = furthest * LETTER / 2;
        for (Note note : notes) {
            double x = note.end() + half * (note.words().length() + 2);
            chart.addAnnotation(new AnnotationText(note.words(), x, note.height(), false));
        }
        return chart;
    }
}
