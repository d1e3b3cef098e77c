package io.orrery.report.diagram;

import io.orrery.report.DurationText;
import io.orrery.report.diagram.Diagram.Fate;
import io.orrery.report.diagram.Diagram.Kind;
import java.time.Duration;
import java.util.List;

/** Draws the contents of a plot, back to front, followed by the labels that fit. */
final class SvgParts {
    /** The size of the letters of a lane's name. */
    static final double NAME = 13;

    private static final double CLOCK = 9.5;
    private static final double BAR = 10;
    private static final double DOT = 4;
    private static final double LONGEST_CLOCK = 180;

    /** The width of the halo around a label. */
    private static final double HALO = 2;

    /** The positions of a message's label along its arrow, the best first. */
    private static final double[] PLACES = {
        0.5, 0.56, 0.44, 0.62, 0.38, 0.68, 0.32, 0.74, 0.26, 0.8, 0.2, 0.86, 0.14, 0.92, 0.08
    };

    /** The distance from the lane to the cross of a message that was lost on sending. */
    private static final double STUB = 20;

    private static final double BESIDE = 7;

    private final Svg svg;
    private final PlotArea plotArea;
    private final Diagram diagram;
    private final FaultLabels faultLabels;
    private final SvgWitness witness;
    private final OccupiedAreas occupiedAreas = new OccupiedAreas();
    private int unlabelled;

    SvgParts(Svg svg, PlotArea plotArea, FaultLabels faultLabels, List<Integer> witness) {
        this.svg = svg;
        this.plotArea = plotArea;
        this.diagram = plotArea.diagram();
        this.faultLabels = faultLabels;
        this.witness = new SvgWitness(svg, plotArea, occupiedAreas, witness);
    }

    /** The number of labels that did not fit. */
    int unlabelled() {
        return unlabelled;
    }

    void draw() {
        svg.raw("<clipPath id=\"plot\"><rect x=\"" + Svg.number(plotArea.left()) + "\" y=\"0\" width=\""
                + Svg.number(plotArea.width()) + "\" height=\"" + Svg.number(plotArea.bottom() + 8)
                + "\"/></clipPath>");
        names();
        svg.raw("<g clip-path=\"url(#plot)\">");
        background();
        diagram.reigns().stream()
                .filter(it -> plotArea.shows(it.from(), it.ended()))
                .forEach(it -> SvgReigns.draw(svg, plotArea, it));
        lines();
        diagram.outages().stream()
                .filter(it -> plotArea.shows(it.from(), it.ended()))
                .forEach(this::outage);
        diagram.waits().stream()
                .filter(it -> plotArea.shows(it.from(), it.ended()))
                .forEach(this::wait);
        diagram.operations().stream()
                .filter(it -> plotArea.shows(it.invoked(), it.returned()))
                .forEach(this::question);
        diagram.messages().stream()
                .filter(it -> plotArea.shows(it.sent(), it.ended()))
                .forEach(this::message);
        witness.links();
        witness.endings();
        diagram.moments().stream().filter(it -> plotArea.shows(it.number())).forEach(this::moment);
        diagram.operations().stream()
                .filter(it -> plotArea.shows(it.invoked(), it.returned()))
                .forEach(this::operation);
        labels();
        svg.end();
    }

    private void names() {
        for (int i = 0; i < diagram.lanes().size(); i++) {
            Diagram.Lane lane = diagram.lanes().get(i);
            String type = lane.isReplica() ? "name" : "client";
            svg.text(type, lane.isReplica() ? NAME : 12, 16, plotArea.y(i) + 4, lane.name());
        }
    }

    private void background() {
        for (FaultLabels.Label label : faultLabels.labels()) {
            Diagram.Disturbance it = label.of();
            double x = plotArea.x(it.from());
            svg.group("disturbance", it.text());
            if (it.isPartition()) {
                svg.rect(
                        "apart",
                        x,
                        plotArea.top(),
                        plotArea.end(it.ended()) - x,
                        plotArea.layout().height(),
                        0);
            }
            double baseline = plotArea.top() + faultLabels.baseline(label.row());
            svg.line("fault", x, baseline - 8, x, plotArea.bottom());
            svg.text("fault-label", Layout.LABEL, label.left(), baseline, label.text());
            svg.end();
        }
    }

    private void lines() {
        for (int i = 0; i < diagram.lanes().size(); i++) {
            String type = diagram.lanes().get(i).isReplica() ? "replica-line" : "client-line";
            svg.line(type, plotArea.left(), plotArea.y(i), plotArea.right(), plotArea.y(i));
            occupiedAreas.block(new OccupiedAreas.Box(plotArea.left(), plotArea.y(i) - 1, plotArea.width(), 2));
        }
    }

    private void outage(Diagram.Outage it) {
        double x = plotArea.x(it.from());
        double y = plotArea.y(it.lane());
        svg.group("outage", diagram.lanes().get(it.lane()).name() + (it.isPause() ? " is paused" : " is down"));
        svg.rect(it.isPause() ? "paused" : "down", x, y - 7, Math.max(6, plotArea.end(it.ended()) - x), 14, 2);
        if (it.isPause()) {
            svg.path("axis", "M" + Svg.number(x + 5) + " " + Svg.number(y - 4) + "v8m4 -8v8");
        } else {
            cross(x, y);
        }
        svg.end();
    }

    private void cross(double x, double y) {
        svg.path("cross", "M" + Svg.number(x - 4) + " " + Svg.number(y - 4) + "l8 8m0 -8l-8 8");
    }

    private void wait(Diagram.Wait it) {
        double x = plotArea.x(it.from());
        svg.group("held-back", it.update() + " is held back until it has " + it.waitsFor());
        svg.rect("wait", x, plotArea.y(it.lane()) - 4, Math.max(4, plotArea.end(it.ended()) - x), 8, 0);
        svg.end();
    }

    private void question(Diagram.Operation it) {
        svg.line(
                "ask", plotArea.x(it.invoked()), plotArea.y(it.lane()), plotArea.x(it.invoked()), plotArea.y(it.via()));
        if (it.returned().isPresent() && it.answer() == Diagram.Answer.DONE) {
            double x = plotArea.x(it.returned().getAsInt());
            svg.line("ask", x, plotArea.y(it.via()), x, plotArea.y(it.lane()));
        }
    }

    /** The arrow of a message on the page. */
    private record Arrow(double x1, double y1, double x2, double y2) {
        double x(double share) {
            return x1 + share * (x2 - x1);
        }

        double y(double share) {
            return y1 + share * (y2 - y1);
        }

        double share(double pixels) {
            return Math.min(0.5, pixels / Math.hypot(x2 - x1, y2 - y1));
        }
    }

    private Arrow arrow(Diagram.Message it) {
        double x = plotArea.x(it.sent());
        double y = plotArea.y(it.from());
        double target = plotArea.y(it.to());
        return switch (it.fate()) {
            case ARRIVED -> new Arrow(x, y, plotArea.x(it.ended().getAsInt()), target);
            case LOST -> {
                if (it.ended().getAsInt() == it.sent()) {
                    // Further right for a farther replica, so that the crosses of a broadcast do not overlap.
                    double aside = 4 + 5 * Math.abs(it.to() - it.from());
                    yield new Arrow(x, y, x + aside, y + Math.copySign(STUB, target - y));
                }
                yield new Arrow(x, y, plotArea.x(it.ended().getAsInt()), target - Math.copySign(6, target - y));
            }
            case UNDER_WAY -> new Arrow(x, y, plotArea.end(it.ended()), y + 0.8 * (target - y));
        };
    }

    private void message(Diagram.Message it) {
        Arrow arrow = arrow(it);
        boolean lost = it.fate() == Fate.LOST;
        String type = lost ? "lost" : it.carriesData() ? "message" : "talk";
        svg.group("transfer", tooltip(it));
        double to = 1 - (lost ? 0 : arrow.share(DOT));
        String line = "M" + Svg.number(arrow.x1()) + " " + Svg.number(arrow.y1()) + "L" + Svg.number(arrow.x(to)) + " "
                + Svg.number(arrow.y(to));
        String tip = it.fate() == Fate.ARRIVED
                ? " marker-end=\"url(#" + (it.carriesData() ? "tip" : "talk-tip") + ")\""
                : "";
        svg.raw("<path class=\"" + type + "\" fill=\"none\"" + tip + " d=\"" + line + "\"/>");
        if (lost) {
            cross(arrow.x2(), arrow.y2());
        }
        svg.end();
    }

    private String tooltip(Diagram.Message it) {
        String names = diagram.lanes().get(it.from()).name() + " → "
                + diagram.lanes().get(it.to()).name() + ": " + it.text();
        String end = switch (it.fate()) {
            case ARRIVED -> ", under way for " + DurationText.rounded(Duration.ofNanos(it.delayNanos()));
            case LOST -> ", lost: " + it.loss().orElseThrow();
            case UNDER_WAY -> ", still under way at the end";
        };
        return names + end;
    }

    private void moment(Diagram.Moment it) {
        boolean shown = it.kind() == Kind.APPLIED || it.kind() == Kind.HELD || it.kind() == Kind.SUPERSEDED;
        if (!shown) {
            return;
        }
        double x = plotArea.x(it.number());
        double y = plotArea.y(it.lane());
        svg.group("moment", DurationText.exact(it.nanos()) + " s  " + it.text() + ", clock " + it.clock());
        switch (it.kind()) {
            case APPLIED -> svg.circle("applied", x, y, DOT);
            case HELD -> svg.rect("held", x - DOT, y - DOT, 2 * DOT, 2 * DOT, 0);
            default -> svg.path("superseded", "M" + Svg.number(x) + " " + Svg.number(y - 5) + "l5 5l-5 5l-5 -5z");
        }
        svg.end();
        occupiedAreas.block(new OccupiedAreas.Box(x - DOT, y - DOT, 2 * DOT, 2 * DOT));
    }

    private void operation(Diagram.Operation it) {
        double x = plotArea.x(it.invoked());
        double y = plotArea.y(it.lane());
        double length = Math.max(BAR, plotArea.end(it.returned()) - x);

        String type = it.answer() != Diagram.Answer.DONE ? "unknown" : it.isRead() ? "read" : "write";
        svg.group("operation", it.text());
        svg.rect(type, x, y - BAR / 2, length, BAR, 3);
        occupiedAreas.block(new OccupiedAreas.Box(x, y - BAR / 2, length, BAR));
        String label = TextWidth.fitted(it.label(), Layout.LABEL, Layout.WIDEST_LABEL);
        double baseline = y + BAR / 2 + Layout.LABEL + HALO;
        place("operation-label", Layout.LABEL, label, new double[][] {{Math.max(x, plotArea.left()), baseline}});
        svg.end();
        if (witness.names(it)) {
            witness.number(it, length, BAR);
        }
    }

    private static OccupiedAreas.Box box(String text, double size, double left, double baseline) {
        return new OccupiedAreas.Box(
                left - HALO, baseline - 0.85 * size - HALO, TextWidth.of(text, size) + 2 * HALO, 1.1 * size + 2 * HALO);
    }

    private void labels() {
        diagram.messages().stream()
                .filter(it -> it.fate() == Fate.LOST && plotArea.shows(it.sent(), it.ended()))
                .map(this::arrow)
                .forEach(it ->
                        occupiedAreas.block(new OccupiedAreas.Box(it.x2() - DOT, it.y2() - DOT, 2 * DOT, 2 * DOT)));
        for (Diagram.Wait it : diagram.waits()) {
            if (plotArea.shows(it.from())) {
                String text = "waits for " + it.waitsFor();
                double x = plotArea.x(it.from()) + 2;
                double y = plotArea.y(it.lane());
                place("wait-label", Layout.LABEL, text, new double[][] {{x, y - 9}, {x, y + 18}});
            }
        }
        witness.block();
        // Who only stands for election does so for a moment: its band is too short for words, which the legend has.
        diagram.reigns().stream()
                .filter(it -> plotArea.shows(it.from(), it.ended()) && it.leads())
                .forEach(it -> place("reign-label", Layout.LABEL, SvgReigns.label(it), SvgReigns.places(plotArea, it)));
        for (boolean data : new boolean[] {true, false}) {
            diagram.messages().stream()
                    .filter(it -> plotArea.shows(it.sent(), it.ended()) && it.carriesData() == data)
                    .forEach(this::messageLabel);
        }
        for (Diagram.Moment it : diagram.moments()) {
            if (it.kind() == Kind.APPLIED
                    && plotArea.shows(it.number())
                    && !it.clock().isEmpty()) {
                clockLabel(it);
            }
        }
    }

    private void messageLabel(Diagram.Message it) {
        boolean lost = it.fate() == Fate.LOST;
        String text = it.label() + (lost ? "" : " · " + DurationText.rounded(Duration.ofNanos(it.delayNanos())));
        String type = "label" + (lost ? " lost-label" : it.carriesData() ? "" : " talk-label");
        Arrow arrow = arrow(it);
        double half = TextWidth.of(text, Layout.LABEL) / 2;
        if (lost) {
            double below = arrow.y2() + 4;
            place(type, Layout.LABEL, text, new double[][] {
                {arrow.x2() + 7, below}, {arrow.x2() + 7, below + 12}, {arrow.x2() - 7 - 2 * half, below}
            });
            return;
        }
        // On the arrow, otherwise beside it.
        double[] shifts = {-half, BESIDE, -2 * half - BESIDE};
        double[][] places = new double[shifts.length * PLACES.length][];
        for (int i = 0; i < places.length; i++) {
            double share = PLACES[i % PLACES.length];
            places[i] = new double[] {arrow.x(share) + shifts[i / PLACES.length], arrow.y(share) + 4};
        }
        place(type, Layout.LABEL, text, places);
    }

    private void clockLabel(Diagram.Moment it) {
        String text = TextWidth.fitted(it.clock(), CLOCK, LONGEST_CLOCK);
        double x = plotArea.x(it.number());
        double y = plotArea.y(it.lane());
        double width = TextWidth.of(text, CLOCK);
        place("clock", CLOCK, text, new double[][] {
            {x + 7, y - 7}, {x - width - 7, y - 7}, {x + 7, y + 14}, {x - width - 7, y + 14}
        });
    }

    /** Draws a label at the first of its places that is free. */
    private void place(String type, double size, String text, double[][] places) {
        for (double[] at : places) {
            OccupiedAreas.Box box = box(text, size, at[0], at[1]);
            boolean inside =
                    box.left() + HALO >= plotArea.left() && box.left() + box.width() - HALO <= plotArea.right();
            if (inside && occupiedAreas.take(box)) {
                svg.text(type, size, at[0], at[1], text);
                return;
            }
        }
        unlabelled++;
    }
}
