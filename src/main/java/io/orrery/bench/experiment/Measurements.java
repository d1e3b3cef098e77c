package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.report.VerdictText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The results of a measurement.
 *
 * @param title a line for people
 * @param notes what a reader must know to interpret the results
 * @param sheets the results; their names are distinct
 * @param plots the results as charts
 */
public record Measurements(
        String title, List<String> notes, List<Sheet> sheets, List<LineChart> plots, Provenance provenance) {
    public Measurements {
        notes = List.copyOf(notes);
        sheets = List.copyOf(sheets);
        plots = List.copyOf(plots);
    }

    /** For people. */
    public String text() {
        return text(Integer.MAX_VALUE);
    }

    /** @param width the width to which tables and notes are fitted */
    public String text(int width) {
        String line = System.lineSeparator();
        List<String> parts = new ArrayList<>();
        parts.add(title);
        sheets.stream()
                .filter(sheet -> !sheet.isEmpty())
                .forEach(sheet -> parts.add(String.join(line, sheet.lines(width))));
        parts.add(notes.stream()
                .flatMap(note -> VerdictText.wrapped(note, width).stream())
                .collect(Collectors.joining(line)));
        parts.add(provenance.toString(width));
        return String.join(line + line, parts);
    }

    /** For programs: each sheet under its name. */
    public ObjectNode json() {
        ObjectNode json = provenance.json();
        json.put("title", title);
        notes.forEach(json.putArray("notes")::add);
        sheets.forEach(sheet -> json.set(sheet.name(), sheet.json()));
        return json;
    }

    /**
     * Writes {@code table.txt}, {@code figures.json}, a page, {@code figures.html}, each sheet as CSV under its name, and each plot as SVG and PNG.
     * Overwrites existing files.
     *
     * @param directory is created if it does not exist
     * @param width that of {@code table.txt}, in columns
     * @throws LineChart.NoFonts if there are no fonts for plots; everything else has then been written
     */
    public void write(Path directory, int width) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("table.txt"), text(width) + System.lineSeparator());
        Files.writeString(directory.resolve("figures.json"), json().toPrettyString() + System.lineSeparator());
        for (Sheet sheet : sheets) {
            Files.writeString(directory.resolve(sheet.name() + ".csv"), sheet.csv());
        }
        Files.writeString(directory.resolve("figures.html"), MeasurementsPage.of(this));
        for (LineChart lineChart : plots) {
            lineChart.write(directory);
        }
    }
}
