package io.orrery.bench.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart with named rows from top to bottom, and points and ranges along the rows. */
final class DotPlot {
    private static final BasicStroke RANGE = new BasicStroke(2f);
    private static final int WIDTH = 900;

    private static final Font NOTE = new Font(Font.MONOSPACED, Font.PLAIN, 12);

    /** The approximate width of a letter of a note, relative to the axis. */
    private static final double LETTER = 0.0085;

    /** Room for notes at the end of the longest line, relative to its length. */
    private static final double ROOM = 0.2;

    private static final int ROW_HEIGHT = 60;
    private static final int FRAME_HEIGHT = 160;

    private final int rows;
    private final XYChart chart;
    private final List<Note> notes = new ArrayList<>();
    private double furthest;

    private record Note(double end, double height, String words) {}

    /**
     * @param xTitle with the unit
     * @param yTitle what the rows are
     * @param rows the name above each row
     */
    DotPlot(String title, String xTitle, String yTitle, List<String> rows) {
        this.rows = rows.size();
        chart = LineChart.empty(WIDTH, FRAME_HEIGHT + ROW_HEIGHT * rows.size(), title, xTitle, yTitle);
        // The names stand inside the plot, because XChart does not fit long labels to an axis.
        chart.getStyler()
                .setYAxisMin(0.4)
                .setYAxisMax(rows.size() + 0.6)
                .setYAxisTicksVisible(false)
                .setPlotGridHorizontalLinesVisible(false)
                .setAnnotationTextFont(NOTE);
        for (int row = 0; row < rows.size(); row++) {
            note(0, rows.size() - row + 0.4, rows.get(row));
        }
    }

    /** A series: its name, style, and vertical offset within each row, from -0.5 to 0.5 (upwards). */
    record Kind(String name, Color colour, Marker marker, double offset) {}

    /** Adds a point at the mean and a line from the median to the 99th percentile to each row that has data. */
    <F> DotPlot add(Kind kind, List<F> figures, Function<F, Latencies> which) {
        List<Latencies> latencies = figures.stream().map(which).toList();
        for (int row = 0; row < latencies.size(); row++) {
            Latencies inRow = latencies.get(row);
            if (inRow.count() == 0) {
                continue;
            }
            double[] ends = {inRow.percentile(50), inRow.percentile(99)};
            furthest = Math.max(furthest, ends[1]);
            double[] heights = {height(kind, row), height(kind, row)};
            LineChart.line(chart, kind.name() + " " + row, ends, heights, kind.colour(), SeriesMarkers.NONE, RANGE)
                    .setShowInLegend(false);
        }
        return add(
                kind,
                latencies.stream()
                        .mapToDouble(inRow -> inRow.count() == 0 ? Double.NaN : inRow.mean())
                        .toArray());
    }

    /** @param points the values, by row; NaN for none */
    DotPlot add(Kind kind, double[] points) {
        int[] there = IntStream.range(0, points.length)
                .filter(row -> !Double.isNaN(points[row]))
                .toArray();
        double[] x = Arrays.stream(there).mapToDouble(row -> points[row]).toArray();
        double[] y = Arrays.stream(there).mapToDouble(row -> height(kind, row)).toArray();
        LineChart.line(chart, kind.name(), x, y, kind.colour(), kind.marker(), SeriesLines.NONE);
        return this;
    }

    /** Adds a note to the right of a line's end. */
    DotPlot note(Kind kind, int row, double end, String words) {
        return note(end, height(kind, row), words);
    }

    private DotPlot note(double end, double height, String words) {
        notes.add(new Note(end, height, words));
        return this;
    }

    private double height(Kind kind, int row) {
        return rows - row + kind.offset();
    }

    XYChart chart() {
        double width = furthest * (1 + ROOM);
        for (Note note : notes) {
            // XChart centres a note on its position.
            double x = note.end() + width * LETTER * (note.words().length() / 2.0 + 1);
            chart.addAnnotation(new AnnotationText(note.words(), x, note.height(), false));
        }
        chart.getStyler().setXAxisMax(width);
        return chart;
    }
}
