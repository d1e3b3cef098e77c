package io.orrery.report.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.history.EdnForm;
import io.orrery.history.HistoryWriter;
import io.orrery.report.RunReport;
import io.orrery.report.TraceText;
import io.orrery.report.diagram.Diagram;
import io.orrery.report.diagram.DiagramBuilder;
import io.orrery.report.diagram.ReportPage;
import io.orrery.report.diagram.SvgDiagram;
import io.orrery.scenario.Run;
import io.orrery.simulation.TraceEvent;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * What is kept of a run: files in a folder of its own, {@code SCENARIO/TIME-seedN} below the folder of all runs. Beside
 * it, {@code latest} leads to the scenario's last one.
 */
public final class ResultFolder {
    public static final String RESULT = "result.json";
    private static final String LATEST = "latest";

    /** Without the colons, which some systems have no place for in a name; in the order of time. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    private ResultFolder() {}

    /**
     * Writes all files of a simulated run to a new folder, and returns it.
     *
     * @param all the folder of all runs, which is made where it is missing
     * @param at when the run was, by the clock on the wall
     * @param command what repeats it
     * @throws IOException when a file cannot be written; {@code latest} still leads to the run before then
     */
    public static Path write(Path all, Run run, List<TraceEvent> events, Instant at, String command)
            throws IOException {
        Path folder = create(all, run, at);
        writeResult(folder, run, at, command);
        Diagram diagram = DiagramBuilder.of(run, events);
        Files.writeString(folder.resolve("report.html"), ReportPage.of(diagram));
        Files.writeString(folder.resolve("diagram.svg"), SvgDiagram.of(diagram));
        Files.write(folder.resolve("trace.txt"), TraceText.lines(events));
        Files.write(folder.resolve("trace.jsonl"), TraceJson.lines(events));
        Files.write(folder.resolve("shiviz.log"), ShiVizLog.lines(run.scenario().replicas(), events));
        makeLatest(folder);
        return folder;
    }

    /** The same for a run of which there is no trace. */
    public static Path write(Path all, Run run, Instant at, String command) throws IOException {
        Path folder = create(all, run, at);
        writeResult(folder, run, at, command);
        makeLatest(folder);
        return folder;
    }

    /** A folder that was not there before. */
    private static Path create(Path all, Run run, Instant at) throws IOException {
        Path runs = Files.createDirectories(all.resolve(run.scenario().name()));
        String name = TIME.format(at) + "-seed" + run.seed();
        for (int number = 1; ; number++) {
            try {
                return Files.createDirectory(runs.resolve(number == 1 ? name : name + "-" + number));
            } catch (FileAlreadyExistsException e) {
                // Another run of the same second.
            }
        }
    }

    private static void writeResult(Path folder, Run run, Instant at, String command) throws IOException {
        try (HistoryWriter history = HistoryWriter.jsonLines(folder.resolve("history.jsonl"));
                HistoryWriter edn = HistoryWriter.edn(folder.resolve("history.edn"), EdnForm.TUPLE)) {
            history.append(run.history());
            edn.append(run.history());
        }
        ObjectNode result = (ObjectNode) RunReport.json(List.of(run)).get(0);
        result.put("at", at.toString()).put("command", command);
        Files.writeString(folder.resolve(RESULT), result.toPrettyString() + "\n");
    }

    private static void makeLatest(Path folder) throws IOException {
        Path name = folder.getFileName();
        Path fresh = folder.resolveSibling(LATEST + "-" + name);
        try {
            Files.createSymbolicLink(fresh, name);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Not every system has links, or lets everybody make them.
            Files.writeString(fresh, name + "\n");
        }
        // At no time there is none, even when others run the same.
        Files.move(fresh, folder.resolveSibling(LATEST), StandardCopyOption.ATOMIC_MOVE);
    }
}
