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
public record Options(Value initial, Duration time, long states, boolean versions) {
    public static final Options DEFAULT = new Options(null, Duration.ofSeconds(60), 10_000_000, true);

    /** @throws IllegalArgumentException when a budget is not positive */
    public Options {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.isZero() || states < 1) {
            throw new IllegalArgumentException(
                    "a budget is more than nothing, not " + time + " and " + states + " states");
        }
        // The canonical form, as in histories.
        initial = initial == null || initial.equals(Value.NULL) ? null : initial.canonical();
    }

    public Options withInitial(Value value) {
        return new Options(value, time, states, versions);
    }

    public Options withTime(Duration budget) {
        return new Options(initial, budget, states, versions);
    }

    public Options withStates(long budget) {
        return new Options(initial, time, budget, versions);
    }

    public Options withoutVersions() {
        return new Options(initial, time, states, false);
    }
}
