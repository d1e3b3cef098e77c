package io.orrery.report.diagram;

import java.util.ArrayList;
import java.util.List;

/** The places on a page that are taken: by labels, and by what labels should not hide. */
final class Boxes {
    private final List<Box> taken = new ArrayList<>();

    record Box(double left, double top, double width, double height) {
        boolean overlaps(Box other) {
            return left < other.left + other.width
                    && other.left < left + width
                    && top < other.top + other.height
                    && other.top < top + height;
        }
    }

    /** Takes a place, unless a part of it is taken. */
    boolean take(Box box) {
        if (taken.stream().anyMatch(box::overlaps)) {
            return false;
        }
        taken.add(box);
        return true;
    }

    /** Keeps labels off a place, whatever is there already. */
    void block(Box box) {
        taken.add(box);
    }
}
