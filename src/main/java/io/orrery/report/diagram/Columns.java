package io.orrery.report.diagram;

import io.orrery.report.diagram.Diagram.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The columns of a diagram. An instant has one column, or several if a lane has more events than one spot can show. In
 * one column a lane receives, then changes, then sends.
 */
final class Columns {
    private static final int NOTHING = 0;
    private static final int TAKES_IN = 1;
    private static final int CHANGES = 2;
    private static final int SENDS = 3;

    private static final Map<Kind, Integer> ORDER = Map.ofEntries(
            Map.entry(Kind.INVOKED, TAKES_IN),
            Map.entry(Kind.RECEIVED, TAKES_IN),
            Map.entry(Kind.DELIVERED, TAKES_IN),
            Map.entry(Kind.LOST, SENDS),
            Map.entry(Kind.SENT, SENDS),
            Map.entry(Kind.RETURNED, SENDS),
            Map.entry(Kind.FAULT, TAKES_IN),
            Map.entry(Kind.STARTED, NOTHING));

    /** The time of each column, in nanoseconds. */
    private final List<Long> times = new ArrayList<>();

    /** The column of each moment. */
    private final int[] of;

    private final int[] at;
    private final int[] done;

    private Columns(Diagram diagram) {
        of = new int[diagram.moments().size()];
        at = new int[diagram.lanes().size()];
        done = new int[diagram.lanes().size()];
    }

    static Columns of(Diagram diagram) {
        Columns columns = new Columns(diagram);
        long now = -1;
        for (Diagram.Moment moment : diagram.moments()) {
            if (moment.nanos() != now) {
                now = moment.nanos();
                columns.next(now);
            }
            columns.place(moment);
        }
        return columns;
    }

    private void next(long nanos) {
        Arrays.fill(at, times.size());
        Arrays.fill(done, NOTHING);
        times.add(nanos);
    }

    private void place(Diagram.Moment moment) {
        int column;
        if (moment.lane() == Diagram.EVERYWHERE) {
            column = Arrays.stream(at).max().orElseThrow();
            Arrays.fill(at, column);
            Arrays.fill(done, SENDS);
        } else {
            int lane = moment.lane();
            int what = ORDER.getOrDefault(moment.kind(), CHANGES);
            boolean fits = what > done[lane] || what == SENDS || what == NOTHING;
            column = fits ? at[lane] : at[lane] + 1;
            if (moment.cause().isPresent()) {
                column = Math.max(column, of[moment.cause().getAsInt()]);
            }
            done[lane] = column == at[lane] ? Math.max(what, done[lane]) : what;
            at[lane] = column;
        }
        while (column >= times.size()) {
            times.add(moment.nanos());
        }
        of[moment.number()] = column;
    }

    int count() {
        return times.size();
    }

    int of(int moment) {
        return of[moment];
    }

    long nanos(int column) {
        return times.get(column);
    }
}
