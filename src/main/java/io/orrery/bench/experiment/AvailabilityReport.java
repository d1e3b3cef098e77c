package io.orrery.bench.experiment;

import io.orrery.bench.experiment.Availability.Cell;
import io.orrery.bench.experiment.Availability.Row;
import io.orrery.report.Markup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which share each protocol answered in each standard fault, as tables and as a picture. */
public final class AvailabilityReport {
    private static final int NAME_WIDTH = 170;
    private static final int CELL_WIDTH = 62;
    private static final int CELL_HEIGHT = 24;
    private static final int HEAD = 44;
    private static final int LEGEND_LINE = 18;
    private static final int FAULTS_IN_A_LINE = 2;
    private static final int LEGEND_COLUMN = 400;

    /** Below this a cell is light, and its text dark. */
    private static final double DARK = 0.55;

    private AvailabilityReport() {}

    /** Writes, reads, and both after the fault. */
    public static List<Sheet> sheets(List<Row> rows) {
        return List.of(
                sheet("writes", "writes answered", rows, Cell::writes),
                sheet("reads", "reads answered", rows, Cell::reads),
                sheet("after", "both, after it", rows, Cell::after));
    }

    private static Sheet sheet(String name, String title, List<Row> rows, Function<Cell, Share> which) {
        Sheet sheet = new Sheet(name).text("protocol", title);
        for (StandardFault fault : StandardFault.values()) {
            sheet.percent(fault.id(), String.valueOf(fault.number()));
        }
        for (Row row : rows) {
            Sheet.Row cells = sheet.row().add(row.protocol().name());
            for (StandardFault fault : StandardFault.values()) {
                cells.add(which.apply(row.cells().get(fault)).cell());
            }
        }
        return sheet;
    }

    /** What the numbers stand for. */
    public static String legend() {
        return Arrays.stream(StandardFault.values())
                .map(fault -> fault.number() + " " + fault)
                .collect(Collectors.joining(", "));
    }

    /** The writes and reads as an SVG picture: the darker the more was answered. */
    public static String svg(List<Row> rows) {
        int columns = StandardFault.values().length;
        int width = NAME_WIDTH + columns * CELL_WIDTH + 10;
        int legendTop = HEAD + rows.size() * CELL_HEIGHT + 24;
        int lines = 1 + (columns + FAULTS_IN_A_LINE - 1) / FAULTS_IN_A_LINE;
        List<String> svg = new ArrayList<>();
        svg.add(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
                        + "font-size=\"12\">",
                width,
                legendTop + lines * LEGEND_LINE));
        svg.add("<title>Which share of writes and reads each protocol answers in each fault, in percent</title>");
        svg.add("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        svg.add(text(10, 18, "start", "#000", "percent answered: writes, reads"));
        for (StandardFault fault : StandardFault.values()) {
            double middle = NAME_WIDTH + (fault.ordinal() + 0.5) * CELL_WIDTH;
            svg.add(text(middle, HEAD - 8, "middle", "#000", String.valueOf(fault.number())));
        }
        for (int i = 0; i < rows.size(); i++) {
            int top = HEAD + i * CELL_HEIGHT;
            svg.add(text(
                    NAME_WIDTH - 8,
                    top + 16,
                    "end",
                    "#000",
                    rows.get(i).protocol().name()));
            for (StandardFault fault : StandardFault.values()) {
                Cell cell = rows.get(i).cells().get(fault);
                int left = NAME_WIDTH + fault.ordinal() * CELL_WIDTH;
                svg.add(half(left, top, cell.writes()));
                svg.add(half(left + CELL_WIDTH / 2, top, cell.reads()));
            }
        }
        for (StandardFault fault : StandardFault.values()) {
            double x = 10 + fault.ordinal() % FAULTS_IN_A_LINE * LEGEND_COLUMN;
            double y = legendTop + fault.ordinal() / FAULTS_IN_A_LINE * LEGEND_LINE;
            svg.add(text(x, y, "start", "#000", fault.number() + " " + fault));
        }
        svg.add("</svg>");
        return String.join("\n", svg) + "\n";
    }

    private static String half(int x, int y, Share share) {
        double value = share.value();
        // From white to the blue of the plots.
        String fill = share.isEmpty() ? "#eee" : shade(value);
        String words = share.isEmpty() ? "" : percent(value);
        return String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#fff\"/>",
                        x,
                        y,
                        CELL_WIDTH / 2,
                        CELL_HEIGHT,
                        fill)
                + text(x + CELL_WIDTH / 4.0, y + 16, "middle", value > DARK ? "#fff" : "#000", words);
    }

    /** As the table shows it: never more than it is. */
    private static String percent(double value) {
        return String.valueOf((int) Math.floor(value * 100));
    }

    private static String shade(double value) {
        int red = (int) Math.round(0xF2 + (0x00 - 0xF2) * value);
        int green = (int) Math.round(0xF2 + (0x72 - 0xF2) * value);
        int blue = (int) Math.round(0xF2 + (0xB2 - 0xF2) * value);
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }

    private static String text(double x, double y, String anchor, String fill, String words) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
                x,
                y,
                anchor,
                fill,
                Markup.escaped(words));
    }
}
