package io.orrery.report;

import io.orrery.model.Printable;
import java.util.ArrayList;
import java.util.List;

/** A table for people: columns aligned, two spaces between them, numbers to the right. */
public final class Table {
    /** On which side the cells of a column line up. */
    public enum Side {
        LEFT,
        RIGHT
    }

    /** The minimum width of a shortened text. */
    private static final int SHORTEST = 16;

    private static final String LEFT_OUT = "…";

    /**
     * @param least the minimum width
     * @param isText whether its cells may be shortened
     */
    private record Column(String title, Side side, boolean marks, int least, boolean isText) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** A table of this many columns without titles. */
    public static Table withoutHead(int columns) {
        Table table = new Table();
        for (int i = 0; i < columns; i++) {
            table.column("");
        }
        return table;
    }

    public Table column(String title) {
        columns.add(new Column(title, Side.LEFT, false, 0, false));
        return this;
    }

    /** A column of texts of any length, shortened if the table does not fit otherwise. */
    public Table text(String title) {
        columns.add(new Column(title, Side.LEFT, false, 0, true));
        return this;
    }

    /** A column of numbers. */
    public Table number(String title) {
        columns.add(new Column(title, Side.RIGHT, false, 0, false));
        return this;
    }

    /** A column of marks; adjacent columns of marks stand closer together. */
    public Table mark(String title) {
        columns.add(new Column(title, Side.LEFT, true, 0, false));
        return this;
    }

    /** Sets the minimum width of the last column, for a table that is printed line by line. */
    public Table atLeast(int width) {
        Column last = columns.remove(columns.size() - 1);
        columns.add(new Column(last.title(), last.side(), last.marks(), width, last.isText()));
        return this;
    }

    /** @throws IllegalArgumentException if the number of cells is not that of columns */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(Printable.of(String.valueOf(cell)));
        }
        rows.add(row);
        return this;
    }

    /**
     * A table that fits a width.
     *
     * @param isShortened whether a text has lost its end
     */
    public record Fitted(List<String> lines, boolean isShortened) {}

    /** The lines: the head first, where columns have titles, then a line for each row. */
    public List<String> lines() {
        return lines(Integer.MAX_VALUE);
    }

    /** The lines, {@linkplain #fitted fitted} into a width. */
    public List<String> lines(int width) {
        return fitted(width).lines();
    }

    /**
     * Shortens texts; columns that do not fit even so are put into further tables below, separated by an empty line, each with the
     * first column repeated.
     */
    public Fitted fitted(int width) {
        int[] widths = widths();
        boolean isShortened = shorten(widths, width);
        List<String> lines = new ArrayList<>();
        int from = 1;
        do {
            int to = from;
            int wide = widths[0];
            // At least one column per table.
            while (to < widths.length && (to == from || wide + gapBefore(to) + widths[to] <= width)) {
                wide += gapBefore(to) + widths[to];
                to++;
            }
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(lines(widths, from, to));
            from = to;
        } while (from < widths.length);
        return new Fitted(lines, isShortened);
    }

    /** Shortens the widest text column by one. Returns false if none can be shortened. */
    private boolean shorten(int[] widths, int width) {
        int whole = 0;
        for (int i = 0; i < widths.length; i++) {
            whole += gapBefore(i) + widths[i];
        }
        boolean isShortened = false;
        for (int widest = widest(widths); whole > width && widest >= 0; widest = widest(widths)) {
            widths[widest]--;
            whole--;
            isShortened = true;
        }
        return isShortened;
    }

    /** The widest text column that can be shortened; below 0 if there is none. */
    private int widest(int[] widths) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (columns.get(i).isText() && widths[i] > SHORTEST && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(columns.get(i).least(), width(columns.get(i).title()));
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    /** The first column and those in a range. */
    private List<String> lines(int[] widths, int from, int to) {
        List<String> lines = new ArrayList<>();
        if (columns.stream().anyMatch(column -> !column.title().isEmpty())) {
            lines.add(line(columns.stream().map(Column::title).toList(), widths, from, to));
        }
        rows.forEach(row -> lines.add(line(row, widths, from, to)));
        return lines;
    }

    private String line(List<String> cells, int[] widths, int from, int to) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < to; i = i == 0 ? from : i + 1) {
            String cell = shortened(cells.get(i), widths[i]);
            String gap = " ".repeat(widths[i] - width(cell));
            boolean right = columns.get(i).side() == Side.RIGHT;
            line.append(" ".repeat(gapBefore(i))).append(right ? gap + cell : cell + gap);
        }
        return line.toString().stripTrailing();
    }

    private static String shortened(String cell, int width) {
        return width(cell) <= width
                ? cell
                : cell.substring(0, cell.offsetByCodePoints(0, width - width(LEFT_OUT))) + LEFT_OUT;
    }

    private int gapBefore(int column) {
        if (column == 0) {
            return 0;
        }
        return columns.get(column).marks() && columns.get(column - 1).marks() ? 1 : 2;
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
