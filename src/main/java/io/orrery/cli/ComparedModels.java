package io.orrery.cli;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.explore.matrix.ModelMatrix;
import io.orrery.history.HistoryWriter;
import io.orrery.report.ModelMatrixReport;
import io.orrery.report.diagram.HistoryDiagram;
import io.orrery.report.diagram.SvgDiagram;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What {@code matrix --models} prints and keeps. */
record ComparedModels(ModelMatrix matrix, ModelMatrixReport report) {
    /** @param most how many operations the histories have that are tried */
    static ComparedModels upTo(int most, PrintWriter err) {
        AtomicLong judged = new AtomicLong();
        try (ActivityLine activity = new ActivityLine(err)) {
            activity.begin(() -> judged + " histories");
            ModelMatrix matrix = ModelMatrix.upTo(most, judged::set);
            return new ComparedModels(matrix, new ModelMatrixReport(matrix));
        }
    }

    void print(PrintWriter stdout, boolean json) {
        if (json) {
            stdout.println(report.json().toPrettyString());
        } else {
            Terminal.lines(report.table()).forEach(stdout::println);
            stdout.println();
            report.legend().lines().forEach(stdout::println);
            stdout.println();
            report.histories().forEach(stdout::println);
        }
        stdout.flush();
    }

    /** Writes each history, named after the first pair that it tells apart, and its picture. */
    void keep(Path folder) throws IOException {
        for (ModelMatrixReport.Between between : report.between()) {
            try (HistoryWriter writer = HistoryWriter.jsonLines(folder.resolve(between.name() + ".jsonl"))) {
                writer.append(between.history());
            }
            Files.writeString(folder.resolve(between.name() + ".svg"), picture(between));
        }
    }

    private static String picture(ModelMatrixReport.Between between) {
        return SvgDiagram.of(HistoryDiagram.of(
                between.satisfied() + ", not " + between.violated(),
                ModelMatrixReport.text(between.history()),
                between.history(),
                Checker.check(between.history(), ModelMatrix.models(), CheckOptions.DEFAULT),
                Map.of(between.satisfied(), true, between.violated(), false)));
    }
}
