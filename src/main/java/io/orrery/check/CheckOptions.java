package io.orrery.check;

import io.orrery.model.Value;
import java.time.Duration;
import java.util.Objects;

/**
 * How to judge.
 *
 * @param initial the value of every key before the first write; null for absent
 * @param time how long one model may take
 * @param states how many states one search may visit (24 to 48 bytes each)
 * @param versions whether recorded versions count as part of what clients saw: they name the write that was read, and
 *     they order the writes of a key. Without them values alone are judged, as for a foreign history
 */
public record CheckOptions(Value initial, Duration time, long states, boolean versions) {
    public static final CheckOptions DEFAULT = new CheckOptions(null, Duration.ofSeconds(60), 10_000_000, true);

    /** @throws IllegalArgumentException when a budget is not positive */
    public CheckOptions {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.isZero() || states < 1) {
            throw new IllegalArgumentException(
                    "a budget is more than nothing, not " + time + " and " + states + " states");
        }
        // The canonical form, as in histories.
        initial = initial == null || initial.equals(Value.NULL) ? null : initial.canonical();
    }

    public CheckOptions withInitial(Value value) {
        return new CheckOptions(value, time, states, versions);
    }

    public CheckOptions withTime(Duration budget) {
        return new CheckOptions(initial, budget, states, versions);
    }

    public CheckOptions withStates(long budget) {
        return new CheckOptions(initial, time, budget, versions);
    }

    public CheckOptions withoutVersions() {
        return new CheckOptions(initial, time, states, false);
    }
}
