package io.orrery.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.EdnForm;
import io.orrery.history.HistoryWriter;
import io.orrery.report.VerdictText;
import io.orrery.report.export.DatedFolder;
import io.orrery.report.export.ResultFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The report of a soak: lines for people, and files in a folder. */
public final class SoakReport {
    private static final int SHOWN = 5;

    private SoakReport() {}

    /**
     * The figures, followed by the reasons of any violation or problem.
     *
     * @param width the width to which lines are fitted
     */
    public static List<String> lines(SoakResult result, int width) {
        List<String> lines = new ArrayList<>(SoakSum.of(List.of(result.json())).lines(width));
        lines.add("");
        for (Map.Entry<Model, Verdict> verdict : result.verdicts().entrySet()) {
            lines.add(verdict.getKey() + ": " + verdict.getValue().word());
            VerdictText.reasons(verdict.getValue(), width - 2).forEach(line -> lines.add("  " + line));
        }
        result.alive().forEach((id, alive) -> {
            if (!alive) {
                lines.add("replica " + id + " does not run");
            }
        });
        list(lines, "acknowledged, but neither present nor superseded", result.lost());
        list(lines, "present, but written by nobody", result.invented());
        list(lines, "problems", result.problems());
        if (result.isInterrupted()) {
            lines.add("It was ended early.");
        }
        return lines;
    }

    private static void list(List<String> lines, String title, List<String> items) {
        if (items.isEmpty()) {
            return;
        }
        lines.add(title + ": " + items.size());
        items.stream().limit(SHOWN).forEach(item -> lines.add("  " + item));
        if (items.size() > SHOWN) {
            lines.add("  and " + (items.size() - SHOWN) + " more");
        }
    }

    /**
     * Writes what {@code reports} shows (the result, the page, and the history in both forms) and the logs of the
     * nodes.
     *
     * @param all the folder of all runs
     * @param directory the directory of the soak's files
     * @param command repeats the soak
     * @return the new folder
     */
    public static Path write(Path all, SoakResult result, Path directory, Instant at, String command)
            throws IOException {
        Path folder =
                DatedFolder.create(all.resolve("soak-" + result.deployment().protocol()), at, "-seed" + result.seed());
        ObjectNode json = result.json().put("at", at.toString()).put("command", command);
        Files.writeString(folder.resolve(ResultFolder.RESULT), json.toPrettyString() + "\n");
        Files.writeString(folder.resolve("report.html"), SoakPage.of(result, lines(result, Integer.MAX_VALUE)));
        Files.copy(directory.resolve("history.jsonl"), folder.resolve("history.jsonl"));
        Files.copy(directory.resolve("nodes.log"), folder.resolve("nodes.log"));
        try (HistoryWriter edn = HistoryWriter.edn(folder.resolve("history.edn"), EdnForm.TUPLE)) {
            edn.append(result.history());
        }
        DatedFolder.makeLatest(folder);
        return folder;
    }

    /** Whether a JSON document is the result of a soak. */
    static boolean isResult(JsonNode json) {
        return json.path("scenario").asText().equals("soak") && json.has("rounds") && json.has("acknowledgedWrites");
    }
}
