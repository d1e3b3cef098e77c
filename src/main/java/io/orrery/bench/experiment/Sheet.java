package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.bench.Spread;
import io.orrery.report.Csv;
import io.orrery.report.DurationText;
import io.orrery.report.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results in rows and columns: a table for people, CSV and JSON for programs. */
public final class Sheet {
    /** How a value is shown to people. */
    private enum Form {
        TEXT,
        /** With two decimals. */
        NUMBER,
        /** A fraction of a whole, from 0 to 1. */
        SHARE,
        /** In a suitable unit. */
        SECONDS,
        COUNT,
        FLAG;

        String show(Object cell) {
            if (cell == null) {
                return "";
            }
            return switch (this) {
                case TEXT -> cell.toString();
                case NUMBER -> String.format(Locale.ROOT, "%,.2f", cell);
                case SHARE -> String.format(Locale.ROOT, "%.1f %%", (Double) cell * 100);
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

    public Table table() {
        Table table = new Table();
        for (Column column : columns) {
            if (column.form() == Form.TEXT || column.form() == Form.FLAG) {
                table.column(column.title());
            } else {
                table.number(column.title());
            }
        }
        for (List<Object> row : rows) {
            Object[] cells = new Object[columns.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = columns.get(i).form().show(row.get(i));
            }
            table.row(cells);
        }
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
