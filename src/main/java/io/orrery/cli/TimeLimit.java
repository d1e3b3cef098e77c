package io.orrery.cli;

import io.orrery.model.Durations;
import java.time.Duration;

/** The value of an option {@code --time}. */
final class TimeLimit {
    private TimeLimit() {}

    /** @throws IllegalArgumentException when it is no time, or none at all */
    static Duration parse(String text) {
        Duration time;
        try {
            time = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--time: " + e.getMessage(), e);
        }
        if (time.isZero()) {
            throw new IllegalArgumentException("--time is more than nothing, such as 60s");
        }
        return time;
    }
}
