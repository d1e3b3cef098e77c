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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The files of a run, in its own folder {@code SCENARIO/TIME-seedN} below the folder of all runs. {@code latest} beside
 * it points to the scenario's newest run.
 */
public final class ResultFolder {
    public static final String RESULT = "result.json";

    private ResultFolder() {}

    /**
     * Writes all files of a simulated run to a new folder, and returns it.
     *
     * @param all the folder of all runs; created if missing
     * @param at the wall-clock time of the run
     * @param command the command that repeats it
     * @throws IOException if a file cannot be written; {@code latest} then still points to the run before
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
        DatedFolder.makeLatest(folder);
        return folder;
    }

    /** The same for a run without a trace. */
    public static Path write(Path all, Run run, Instant at, String command) throws IOException {
        Path folder = create(all, run, at);
        writeResult(folder, run, at, command);
        DatedFolder.makeLatest(folder);
        return folder;
    }

    private static Path create(Path all, Run run, Instant at) throws IOException {
        return DatedFolder.create(all.resolve(run.scenario().name()), at, "-seed" + run.seed());
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
}
