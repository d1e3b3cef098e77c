package io.orrery.loop;

import java.util.ArrayList;
import java.util.List;

/** Faults that strike between two steps, or in the middle of one, rather than when all is quiet. */
final class Strikes {
    private final List<Strike> waiting = new ArrayList<>();

    private static final class Strike {
        private final long from;
        private final Runnable fault;
        private int points;

        private Strike(long from, int points, Runnable fault) {
            this.from = from;
            this.points = points;
            this.fault = fault;
        }
    }

    void clear() {
        waiting.clear();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Returns what strikes at once if it still waits. */
    Runnable add(long from, int points, Runnable fault) {
        Strike strike = new Strike(from, points, fault);
        waiting.add(strike);
        return () -> {
            if (waiting.remove(strike)) {
                fault.run();
            }
        };
    }

    /** A point has come where faults may strike. */
    void pass(long now) {
        for (int i = 0; i < waiting.size(); i++) {
            Strike strike = waiting.get(i);
            if (strike.from <= now && strike.points-- == 0) {
                waiting.remove(i--);
                strike.fault.run();
            }
        }
    }
}
