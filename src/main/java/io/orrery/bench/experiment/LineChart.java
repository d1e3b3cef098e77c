package io.orrery.bench.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;

/**
 * A chart. Series differ in markers and dashes as well as in colour, so that it is readable in grey.
 *
 * @param name of its files, without extension
 * @param chart makes the chart; called only to draw it, since making it requires fonts
 */
public record LineChart(String name, Supplier<XYChart> chart) {
    /** Blue, vermilion, green, purple: distinguishable by colour-blind readers (Okabe and Ito 2008). */
    static final Color[] COLOURS = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0x6A3D9A)};

    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Color GRID = new Color(0xDDDDDD);

    static {
        // A server has no screen.
        System.setProperty("java.awt.headless", "true");
    }

    /** The system has no fonts. */
    public static final class NoFonts extends RuntimeException {
        private NoFonts(Throwable cause) {
            super(
                    "plots need a font, and Java finds none on this system; on Debian, apt-get install fontconfig"
                            + " fonts-dejavu-core helps; everything but the plots is written",
                    cause);
        }
    }

    /** An empty chart in the common style. */
    static XYChart empty(int width, int height, String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        XYStyler style = chart.getStyler();
        style.setBaseFont(FONT)
                .setChartTitleFont(FONT.deriveFont(Font.BOLD, 15f))
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleBoxVisible(false)
                .setPlotBorderVisible(false)
                .setLegendFont(FONT)
                .setLegendBorderColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setChartPadding(12)
                .setMarkerSize(9)
                .setAntiAlias(true);
        style.setAxisTitleFont(FONT)
                .setAxisTickLabelsFont(FONT)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1f))
                .setXAxisMin(0.0);
        return chart;
    }

    static XYSeries line(
            XYChart chart, String name, double[] x, double[] y, Color colour, Marker marker, BasicStroke stroke) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineStyle(stroke).setLineColor(colour);
        series.setMarker(marker).setMarkerColor(colour);
        return series;
    }

    void write(Path directory) throws IOException {
        requireFonts();
        XYChart drawn = chart.get();
        for (String format : new String[] {"svg", "png"}) {
            Files.write(directory.resolve(name + "." + format), ChartEncoder.getBytes(drawn, format));
        }
    }

    /** Java looks for fonts on first use, and reports their absence in several ways. */
    private static void requireFonts() {
        try {
            new TextLayout("ms", FONT, new FontRenderContext(null, true, true));
        } catch (RuntimeException | Error e) {
            throw new NoFonts(e);
        }
    }
}
