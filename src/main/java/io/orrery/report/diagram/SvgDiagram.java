package io.orrery.report.diagram;

import io.orrery.report.DurationText;
import io.orrery.report.Markup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A diagram as one self-contained SVG for slides: shapes and dashes repeat the meaning of colours, and tooltips show
 * each part in full. Labels without room are left out, and a note below the picture says how many.
 */
public final class SvgDiagram {
    /** A wider diagram is cut off at the right, because no slide shows more. */
    private static final double WIDEST = 1800;

    private static final double NARROWEST = 640;
    private static final double MARGIN = 16;
    private static final double LINE = 18;

    private final Svg svg = new Svg();
    private final Diagram diagram;
    private final double names;
    private final double top;
    private final double width;
    private final double bottom;
    private final PlotArea plotArea;
    private final SvgParts parts;

    private SvgDiagram(Diagram diagram) {
        this.diagram = diagram;

        names = 2 * MARGIN
                + diagram.lanes().stream()
                        .mapToDouble(lane -> TextWidth.of(lane.name(), SvgParts.NAME))
                        .max()
                        .orElse(0);
        Layout layout = Layout.within(diagram, WIDEST - names);
        double plotWidth = Math.min(WIDEST - names, layout.width());

        width = Math.max(NARROWEST, names + plotWidth + MARGIN);
        // The rows of fault labels decide where the lanes begin.
        FaultLabels faultLabels = new FaultLabels(new PlotArea(diagram, layout, names, 0, plotWidth, witness()));
        top = 62 + faultLabels.height();
        bottom = top + layout.height();
        plotArea = new PlotArea(diagram, layout, names, top, plotWidth, witness());

        parts = new SvgParts(svg, plotArea, faultLabels, witness());
    }

    /** The picture of a run. The same diagram gives the same picture to the byte. */
    public static String of(Diagram diagram) {
        return new SvgDiagram(diagram).draw();
    }

    private List<Integer> witness() {
        return violated().map(Diagram.Finding::operations).orElse(List.of());
    }

    /**
     * The verdict whose witness is drawn: of a model that the scenario expects, otherwise of the strongest violated
     * model.
     */
    private Optional<Diagram.Finding> violated() {
        return Stream.<Predicate<Diagram.Finding>>of(it -> it.expected().equals(Optional.of(false)), it -> true)
                .flatMap(meant -> diagram.findings().stream()
                        .filter(it -> !it.operations().isEmpty())
                        .filter(meant))
                .findFirst();
    }

    private String draw() {
        parts.draw();
        axis();
        double end = below(bottom + 44);
        Svg page = new Svg();
        String size = Svg.number(width) + " " + Svg.number(end);
        page.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" width=\"" + Svg.number(width)
                + "\" height=\"" + Svg.number(end) + "\" role=\"img\" font-family=\"sans-serif\">");
        page.raw("<title>"
                + Markup.escaped("Space-time diagram: " + diagram.head().title()) + "</title>");
        page.raw(SvgStyle.DEFINITIONS);
        if (!diagram.reigns().isEmpty()) {
            page.raw(SvgReigns.STYLE);
        }
        page.rect("page", 0.5, 0.5, width - 1, end - 1, 8);
        head(page);
        return page + svg.toString() + "</svg>\n";
    }

    /** Of a history alone no protocol is known. */
    private boolean isOfRun() {
        return !diagram.head().protocol().isEmpty();
    }

    private void head(Svg page) {
        Diagram.Head head = diagram.head();
        double room = width - 2 * MARGIN;
        page.text("title", 18, MARGIN, 30, TextWidth.fitted(head.title(), 18, room));
        long replicas = diagram.lanes().stream().filter(Diagram.Lane::isReplica).count();
        String words = isOfRun()
                ? head.protocol() + ", " + replicas + " replicas, seed " + head.seed() + " (" + head.file() + ")"
                : head.file();
        page.text("quiet", 12, MARGIN, 49, TextWidth.fitted(words, 12, room));
    }

    private void axis() {
        Layout layout = plotArea.layout();
        svg.line("axis", names, bottom + 4, names + plotArea.width(), bottom + 4);
        double free = 0;
        for (AxisLabel label : AxisLabel.of(layout)) {
            double x = plotArea.columnX(label.column());
            if (!plotArea.showsColumn(label.column())) {
                continue;
            }
            svg.line("axis", x, bottom + 1, x, bottom + 7);
            double room = TextWidth.of(label.text(), 10);
            double left = x - room / 2;
            if (left >= free && left + room < width) {
                svg.text("quiet", 10, left, bottom + 20, label.text());
                free = left + room + 8;
            }
        }
        for (Layout.Shortened it : layout.shortened()) {
            double x = (plotArea.columnX(it.before()) + plotArea.columnX(it.after())) / 2;
            if (x > names && x < names + plotArea.width()) {
                svg.group(
                        "break", DurationText.rounded(Duration.ofNanos(it.nanos())) + " without events, drawn shorter");
                svg.rect("page-gap", x - 2, bottom + 1, 6, 6, 0);
                String d = "M%s %sl-3 8M%s %sl-3 8";
                String y = Svg.number(bottom);
                svg.path("axis", d.formatted(Svg.number(x), y, Svg.number(x + 5), y));
                svg.end();
            }
        }
    }

    /** Draws the notes below the picture. Returns the y position of their end. */
    private double below(double from) {
        double begin = diagram.reigns().isEmpty()
                ? from
                : SvgReigns.overview(svg, diagram, MARGIN, from, names, width - names - MARGIN);
        double y = new SvgLegend(svg, diagram, width - 2 * MARGIN).draw(MARGIN, begin) + 6;
        List<String> verdicts = new ArrayList<>();
        for (Diagram.Finding it : diagram.findings()) {
            String mark = it.verdict().equals("holds") ? "✓ " : it.verdict().equals("violated") ? "✗ " : "? ";
            verdicts.add(mark + it.model());
        }
        for (String line : lines(verdicts, " · ")) {
            svg.text("words", 12, MARGIN, y, line);
            y += LINE;
        }
        for (String why : reasons()) {
            for (String line : lines(List.of(why.split(" ")), " ")) {
                svg.text("words", 12, MARGIN, y, line);
                y += LINE;
            }
        }
        for (String line : lines(List.of(notes().split(" ")), " ")) {
            svg.text("quiet", 11, MARGIN, y, line);
            y += LINE;
        }
        return y;
    }

    /** The legend of the marks, and the other violated models. */
    private List<String> reasons() {
        List<Diagram.Finding> violated = diagram.findings().stream()
                .filter(it -> it.verdict().equals("violated"))
                .toList();
        List<String> reasons = new ArrayList<>();
        StringJoiner others = new StringJoiner(", ", "Violated too: ", ".").setEmptyValue("");
        for (Diagram.Finding it : violated) {
            boolean numbered = violated().equals(Optional.of(it));
            if (numbered || it.operations().isEmpty()) {
                String marks = numbered
                        ? " (the numbered operations)"
                        : it.endings().isEmpty() ? "" : " (the lettered replicas, at the end)";
                reasons.add("Why not " + it.model() + marks + ": " + it.why());
            } else {
                others.add(it.model());
            }
        }
        if (others.length() > 0) {
            reasons.add(others.toString());
        }
        return reasons;
    }

    private List<String> lines(List<String> words, String between) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (!line.isEmpty() && TextWidth.of(line + between + word, 12) > width - 2 * MARGIN) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : between).append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private String notes() {
        StringJoiner notes = new StringJoiner("; ", "", ".");
        notes.add("Time " + (isOfRun() ? "is virtual and " : "")
                + "runs to the right, not to scale: \"//\" marks times that are drawn shorter");
        if (!plotArea.showsAll()) {
            long messages = diagram.messages().stream()
                    .filter(it -> !plotArea.shows(it.sent(), it.ended()))
                    .count();
            long operations = diagram.operations().stream()
                    .filter(it -> !plotArea.shows(it.invoked(), it.returned()))
                    .count();
            notes.add("this is a part of the run: not shown are " + messages + " more messages and " + operations
                    + " more operations");
        }
        if (parts.unlabelled() > 0) {
            notes.add("labels that found no room, and are tooltips only: " + parts.unlabelled());
        }
        Set<Integer> hidden = new HashSet<>(witness());
        hidden.removeIf(
                number -> plotArea.shows(diagram.operations().get(number).invoked()));
        if (!hidden.isEmpty()) {
            notes.add("of the numbered operations not shown: " + hidden.size());
        }
        if (!diagram.endings().isEmpty() && plotArea.endX() > plotArea.right()) {
            notes.add("the end is not shown");
        }
        return notes.toString();
    }
}
