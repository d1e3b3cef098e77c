package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an experiment gave.
 *
 * @param title a line for people
 * @param notes what one must know to read the figures
 * @param plots the figures as pictures
 */
public record Findings(String title, List<String> notes, Sheet figures, List<Plot> plots, Provenance provenance) {
    public Findings {
        notes = List.copyOf(notes);
        plots = List.copyOf(plots);
    }

    /** For people. */
    public String text() {
        String line = System.lineSeparator();
        return title
                + line
                + line
                + figures.table()
                + line
                + line
                + String.join(line, notes)
                + line
                + line
                + provenance;
    }

    /** For programs. */
    public ObjectNode json() {
        ObjectNode json = provenance.json();
        json.put("title", title);
        notes.forEach(json.putArray("notes")::add);
        json.set("figures", figures.json());
        return json;
    }

    /**
     * Writes {@code table.txt}, {@code figures.csv}, {@code figures.json} and each plot as SVG and PNG, over older files of
     * these names.
     *
     * @param directory is made, where it is not there
     * @throws Plot.NoFonts when there are no fonts to make plots with; all else is written then
     */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("table.txt"), text() + System.lineSeparator());
        Files.writeString(directory.resolve("figures.csv"), figures.csv());
        Files.writeString(directory.resolve("figures.json"), json().toPrettyString() + System.lineSeparator());
        for (Plot plot : plots) {
            plot.write(directory);
        }
    }
}
