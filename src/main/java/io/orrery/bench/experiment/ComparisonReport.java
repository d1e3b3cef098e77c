package io.orrery.bench.experiment;

import io.orrery.bench.experiment.Comparison.AroundFault;
import io.orrery.bench.experiment.Comparison.Figure;
import io.orrery.bench.experiment.Comparison.Place;
import io.orrery.bench.experiment.DotPlot.Kind;
import io.orrery.check.Model;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A comparison as tables and as a plot. */
public final class ComparisonReport {
    private ComparisonReport() {}

    /** Each protocol as a whole; then by region, around each fault, and whom it suits. */
    public static List<Sheet> sheets(List<Figure> figures) {
        return List.of(whole(figures), places(figures), faults(figures), advice(figures));
    }

    static Sheet whole(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .words("held", "held in every world")
                .share("done", "answered")
                .share("stale", "stale reads")
                .millis("behindP99Millis", "behind p99")
                .mean("messages", "messages")
                .count("bytes", "bytes")
                .forPrograms()
                .text("promised", "promised")
                .text("converged", "converged")
                .text("lost", "did not hold")
                .latencies("write", "write")
                .latencies("read", "read")
                .millis("behindMeanMillis", "behind by mean");
        for (Figure figure : figures) {
            boolean isStale = figure.behind().count() > 0;
            sheet.row()
                    .add(figure.protocol().name())
                    .add(figure.standing().toString())
                    .add(figure.answered())
                    .add(figure.stale())
                    .add(isStale ? figure.behind().percentile(99) : null)
                    .add(figure.messages())
                    .add(figure.bytes())
                    .add(figure.promised().stream().map(Model::id).collect(Collectors.joining(", ")))
                    .add(figure.standing().hasConverged() ? "yes" : "no")
                    .add(figure.standing().firstLost())
                    .latencies(figure.writes())
                    .latencies(figure.reads())
                    .add(isStale ? figure.behind().mean() : null);
        }
        return sheet;
    }

    private static Sheet places(List<Figure> figures) {
        boolean isOne = figures.stream().allMatch(figure -> figure.places().size() == 1);
        Sheet sheet = new Sheet("regions").text("protocol", "protocol");
        sheet.words("region", isOne ? "clients" : "clients in")
                .millis("writeP50Millis", "write p50")
                .millis("writeP99Millis", "p99")
                .millis("readP50Millis", "read p50")
                .millis("readP99Millis", "p99")
                .share("done", "answered");
        for (Figure figure : figures) {
            for (Place place : figure.places()) {
                sheet.row()
                        .add(figure.protocol().name())
                        .add(place.name().isEmpty() ? "all" : place.name())
                        .add(percentile(place.writes(), 50))
                        .add(percentile(place.writes(), 99))
                        .add(percentile(place.reads(), 50))
                        .add(percentile(place.reads(), 99))
                        .add(place.answered().cell());
            }
        }
        return sheet;
    }

    private static Double percentile(Latencies latencies, double percent) {
        return latencies.count() == 0 ? null : latencies.percentile(percent);
    }

    /** By fault, so that the protocols stand below each other. */
    private static Sheet faults(List<Figure> figures) {
        Sheet sheet = new Sheet("faults")
                .words("fault", "answered around")
                .text("protocol", "protocol")
                .share("before", "before")
                .share("during", "during")
                .share("after", "after");
        int faults = figures.isEmpty() ? 0 : figures.get(0).faults().size();
        for (int i = 0; i < faults; i++) {
            for (Figure figure : figures) {
                AroundFault around = figure.faults().get(i);
                sheet.row()
                        .add(around.fault())
                        .add(figure.protocol().name())
                        .add(around.before().cell())
                        .add(around.during().cell())
                        .add(around.after().cell());
            }
        }
        return sheet;
    }

    private static Sheet advice(List<Figure> figures) {
        Sheet sheet = new Sheet("advice").prose().text("protocol", "protocol").text("sentence", "sentence");
        figures.forEach(figure -> sheet.row().add(figure.protocol().name()).add(Advice.on(figure, figures)));
        return sheet;
    }

    /**
     * A plot from the strongest protocol at the top to the weakest.
     *
     * @param name of its files
     */
    public static LineChart plot(String name, List<Figure> figures) {
        return new LineChart(name, () -> {
            Kind stale = new Kind("a stale read is behind by", LineChart.COLOURS[2], SeriesMarkers.TRIANGLE_UP, -0.24);
            DotPlot plot = new DotPlot(
                            "A strong level costs waiting, a weak one costs staleness",
                            "milliseconds (point: mean; line: median to 99th percentile)",
                            "protocol: the strongest models that held",
                            figures.stream()
                                    .map(figure -> figure.protocol() + ": " + figure.standing())
                                    .toList())
                    .add(
                            new Kind("a write takes", LineChart.COLOURS[0], SeriesMarkers.SQUARE, 0.18),
                            figures,
                            Figure::writes)
                    .add(
                            new Kind("a read takes", LineChart.COLOURS[1], SeriesMarkers.CIRCLE, -0.03),
                            figures,
                            Figure::reads)
                    .add(stale, figures, Figure::behind);
            for (int row = 0; row < figures.size(); row++) {
                Figure figure = figures.get(row);
                if (figure.stale() > 0) {
                    String share = String.format(Locale.ROOT, "%.1f %% of reads", figure.stale() * 100);
                    plot.note(stale, row, figure.behind().percentile(99), share);
                }
            }
            return plot.chart();
        });
    }
}
