package io.orrery.report.diagram;

import io.orrery.report.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The label of the axis at a column.
 *
 * @param text the time, or its difference to the last label: {@code 1 s}, and then {@code +4.45 ms}
 */
record AxisLabel(int column, String text) {
    /** If the difference is this much smaller than the time, three digits would not distinguish the two. */
    private static final int CLOSE = 10;

    /** One for each instant, in their order. */
    static List<AxisLabel> of(Layout layout) {
        List<AxisLabel> labels = new ArrayList<>();
        long base = 0;
        for (int i = 0; i < layout.columnCount(); i++) {
            long nanos = layout.columnNanos(i);
            if (i > 0 && nanos == layout.columnNanos(i - 1)) {
                continue;
            }
            boolean close = i > 0 && base > 0 && (nanos - base) * CLOSE < base;
            if (!close) {
                base = nanos;
            }
            labels.add(new AxisLabel(
                    i, (close ? "+" : "") + DurationText.rounded(Duration.ofNanos(close ? nanos - base : nanos))));
        }
        return labels;
    }
}
