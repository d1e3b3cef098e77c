package io.orrery.report.diagram;

import java.util.List;
import java.util.stream.IntStream;

/** An arc from one point to another, as a quadratic curve, which passes above what is between them. */
record Arc(Place from, Place control, Place to) {
    private static final double MOST_BEND = 44;
    private static final int POINTS = 24;

    /** A point on the page. */
    record Place(double x, double y) {
        /** The point at this distance from here towards another. */
        Place towards(Place other, double distance) {
            double length = Math.max(1, Math.hypot(other.x - x, other.y - y));
            return new Place(x + (other.x - x) * distance / length, y + (other.y - y) * distance / length);
        }
    }

    /** @param gap how far from the two places it begins and ends */
    static Arc between(double x1, double y1, double x2, double y2, double gap) {
        double length = Math.max(1, Math.hypot(x2 - x1, y2 - y1));
        double bend = Math.min(MOST_BEND, 14 + length * 0.12);
        // Beside a vertical line, and above a horizontal one.
        double side = y2 < y1 ? -1 : 1;
        Place from = new Place(x1, y1);
        Place to = new Place(x2, y2);
        Place control = y1 == y2
                ? new Place((x1 + x2) / 2, y1 - bend)
                : new Place(
                        (x1 + x2) / 2 + side * bend * (y2 - y1) / length,
                        (y1 + y2) / 2 - side * bend * (x2 - x1) / length);
        return new Arc(from.towards(control, gap), control, to.towards(control, gap));
    }

    String path() {
        return "M" + text(from) + "Q" + text(control) + " " + text(to);
    }

    private static String text(Place place) {
        return Svg.number(place.x) + " " + Svg.number(place.y);
    }

    List<Place> points() {
        return IntStream.rangeClosed(0, POINTS)
                .mapToObj(i -> at((double) i / POINTS))
                .toList();
    }

    private Place at(double share) {
        double rest = 1 - share;
        return new Place(
                rest * rest * from.x + 2 * rest * share * control.x + share * share * to.x,
                rest * rest * from.y + 2 * rest * share * control.y + share * share * to.y);
    }
}
