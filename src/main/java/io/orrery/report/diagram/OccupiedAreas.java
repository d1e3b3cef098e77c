package io.orrery.report.diagram;

import java.util.ArrayList;
import java.util.List;

/** The occupied areas of a page: labels, and shapes that labels should not hide. */
final class OccupiedAreas {
    private final List<Box> taken = new ArrayList<>();

    record Box(double left, double top, double width, double height) {
        boolean overlaps(Box other) {
            return left < other.left + other.width
                    && other.left < left + width
                    && top < other.top + other.height
                    && other.top < top + height;
        }
    }

    /** Occupies an area, unless a part of it is occupied. */
    boolean take(Box box) {
        if (taken.stream().anyMatch(box::overlaps)) {
            return false;
        }
        taken.add(box);
        return true;
    }

    /** Occupies an area unconditionally. */
    void block(Box box) {
        taken.add(box);
    }
}
