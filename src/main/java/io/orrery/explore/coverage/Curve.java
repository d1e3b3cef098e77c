package io.orrery.explore.coverage;

import java.util.ArrayList;
import java.util.List;

/** How something grew with the number of worlds: a few points at equal distances, which double when there are too many. */
public final class Curve {
    private static final int MOST = 64;

    private final List<Point> points = new ArrayList<>();
    private long distance = 1;

    /** After so many worlds so many different things were seen. */
    public record Point(long worlds, long seen) {}

    /** To be called after each world. */
    void add(long worlds, long seen) {
        if (worlds % distance != 0) {
            return;
        }
        points.add(new Point(worlds, seen));
        if (points.size() > MOST) {
            distance *= 2;
            points.removeIf(point -> point.worlds() % distance != 0);
        }
    }

    /** In the order of the worlds. */
    public List<Point> points() {
        return List.copyOf(points);
    }
}
