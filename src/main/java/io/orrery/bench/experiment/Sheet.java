package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.Spread;
import io.orrery.report.Csv;
import io.orrery.report.DurationText;
import io.orrery.report.Table;
import io.orrery.report.VerdictText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Results in rows and columns: a table for people, CSV and JSON for programs. */
public final class Sheet {
    /** How a value is shown to people. */
    private enum Form {
        TEXT,
        /** Shortened where the table does not fit. */
        WORDS,
        /** With two decimals. */
        NUMBER,
        /** A fraction of a whole, from 0 to 1. */
        SHARE,
        /** A fraction of a whole, as a whole number of percent that is never more than it is. */
        PERCENT,
        /** In a suitable unit. */
        SECONDS,
        COUNT,
        FLAG;

        String show(Object cell) {
            if (cell == null) {
                return "";
            }
            return switch (this) {
                case TEXT, WORDS -> cell.toString();
                case NUMBER -> String.format(Locale.ROOT, "%,.2f", cell);
                case SHARE -> String.format(Locale.ROOT, "%.1f %%", (Double) cell * 100);
                case PERCENT -> String.valueOf((int) Math.floor((Double) cell * 100));
                case SECONDS -> DurationText.rounded(Duration.ofNanos(Math.round((Double) cell * 1e9)));
                case COUNT -> String.format(Locale.ROOT, "%,.0f", ((Number) cell).doubleValue());
                case FLAG -> (Boolean) cell ? "yes" : "no";
            };
        }
    }

    private record Column(String id, String title, Form form) {}

    private final String name;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private boolean isProse;
    /** So many columns people see. */
    private int seen = Integer.MAX_VALUE;

    /** A measurement's only sheet. */
    public Sheet() {
        this("figures");
    }

    /** @param name of its file, without extension, and of its JSON member */
    public Sheet(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /**
     * @param id its name for programs
     * @param title its name for people
     */
    public Sheet text(String id, String title) {
        return column(id, title, Form.TEXT);
    }

    /** A column of texts of any length, which people see shortened where the table does not fit. */
    Sheet words(String id, String title) {
        return column(id, title, Form.WORDS);
    }

    /** The columns that follow are in CSV and JSON alone. */
    Sheet forPrograms() {
        seen = columns.size();
        return this;
    }

    /** A sheet whose rows people read as sentences: its texts one after the other. */
    Sheet prose() {
        isProse = true;
        return this;
    }

    /** A column of times, in milliseconds. */
    public Sheet millis(String id, String title) {
        return column(id, title, Form.NUMBER);
    }

    /** A column of times, in microseconds. */
    public Sheet micros(String id, String title) {
        return column(id, title, Form.NUMBER);
    }

    /** A column of times, in seconds; people see each in a suitable unit. */
    public Sheet seconds(String id, String title) {
        return column(id, title, Form.SECONDS);
    }

    /** A column of averages. */
    public Sheet mean(String id, String title) {
        return column(id, title, Form.NUMBER);
    }

    /** A column of fractions of a whole, from 0 to 1; people see percentages. */
    public Sheet share(String id, String title) {
        return column(id, title, Form.SHARE);
    }

    /** The same where there is little room: people see a whole number, of percent. */
    Sheet percent(String id, String title) {
        return column(id, title, Form.PERCENT);
    }

    /** A column of truth values. */
    public Sheet flag(String id, String title) {
        return column(id, title, Form.FLAG);
    }

    /** A column of numbers; people see them rounded to integers. */
    public Sheet count(String id, String title) {
        return column(id, title, Form.COUNT);
    }

    /** Five columns: mean, median, 95th and 99th percentile, and maximum, in milliseconds. */
    Sheet latencies(String id, String title) {
        return millis(id + "MeanMillis", title + " mean")
                .millis(id + "P50Millis", "p50")
                .millis(id + "P95Millis", "p95")
                .millis(id + "P99Millis", "p99")
                .millis(id + "MaxMillis", "max");
    }

    private Sheet column(String id, String title, Form form) {
        columns.add(new Column(id, title, form));
        return this;
    }

    /** Begins a row, to be filled from left to right. */
    public Row row() {
        List<Object> cells = new ArrayList<>();
        rows.add(cells);
        return new Row(cells);
    }

    /** A row under construction. */
    public static final class Row {
        private final List<Object> cells;

        private Row(List<Object> cells) {
            this.cells = cells;
        }

        /** @param cell null for an empty cell */
        public Row add(Object cell) {
            cells.add(cell);
            return this;
        }

        /** Fills three columns: the median, the lowest and the highest value. */
        public Row spread(Spread rounds) {
            return add(rounds.median()).add(rounds.lowest()).add(rounds.highest());
        }

        /** Fills the five columns of latencies; leaves them empty if nothing was measured. */
        Row latencies(Latencies latencies) {
            if (latencies.count() == 0) {
                return add(null).add(null).add(null).add(null).add(null);
            }
            return add(latencies.mean())
                    .add(latencies.percentile(50))
                    .add(latencies.percentile(95))
                    .add(latencies.percentile(99))
                    .add(latencies.max());
        }
    }

    /** For people, within a width. */
    List<String> lines(int width) {
        if (!isProse) {
            return table().lines(width);
        }
        List<String> lines = new ArrayList<>();
        shown().forEach(row -> lines.addAll(VerdictText.wrapped(String.join(" ", row), width)));
        return lines;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    boolean isProse() {
        return isProse;
    }

    /** The titles of the columns that people see. */
    List<String> titles() {
        return seen().stream().map(Column::title).toList();
    }

    /** The cells that people see, row by row. */
    List<List<String>> shown() {
        List<Column> seen = seen();
        return rows.stream()
                .map(row -> IntStream.range(0, seen.size())
                        .mapToObj(i -> seen.get(i).form().show(row.get(i)))
                        .toList())
                .toList();
    }

    private List<Column> seen() {
        return columns.subList(0, Math.min(seen, columns.size()));
    }

    public Table table() {
        Table table = new Table();
        for (Column column : seen()) {
            switch (column.form()) {
                case WORDS -> table.text(column.title());
                case TEXT, FLAG -> table.column(column.title());
                default -> table.number(column.title());
            }
        }
        shown().forEach(row -> table.row(row.toArray()));
        return table;
    }

    public String csv() {
        Csv csv = new Csv(columns.stream().map(Column::id).toList());
        rows.forEach(row -> csv.row(row));
        return csv.toString();
    }

    /** An object for each row; empty cells are left out. */
    public ArrayNode json() {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (List<Object> row : rows) {
            ObjectNode object = array.addObject();
            for (int i = 0; i < columns.size(); i++) {
                if (row.get(i) != null) {
                    object.putPOJO(columns.get(i).id(), row.get(i));
                }
            }
        }
        return array;
    }
}
