package io.orrery.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A table for programs, as CSV with a head: RFC 4180. Numbers have decimal points; a cell that is null is empty. */
public final class Csv {
    private final StringBuilder lines = new StringBuilder();

    public Csv(List<String> head) {
        row(head);
    }

    public Csv row(Object... cells) {
        return row(Arrays.asList(cells));
    }

    public Csv row(List<?> cells) {
        lines.append(cells.stream().map(Csv::quoted).collect(Collectors.joining(",")))
                .append("\r\n");
        return this;
    }

    private static String quoted(Object cell) {
        String text = cell == null ? "" : cell.toString();
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
