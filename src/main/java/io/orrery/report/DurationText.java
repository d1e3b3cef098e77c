package io.orrery.report;

import java.time.Duration;
import java.util.Locale;

/** Durations for people, with three significant digits. */
public final class DurationText {
    private DurationText() {}

    /** Such as {@code 3.50 s}, {@code 12.3 ms}, {@code 850 us} or {@code 7 ns}. */
    public static String rounded(Duration duration) {
        double nanos = duration.toNanos();
        if (nanos == 0) {
            return "0 s";
        }
        if (nanos >= 1e9) {
            return digits(nanos / 1e9) + " s";
        }
        if (nanos < 1e3) {
            return duration.toNanos() + " ns";
        }
        return nanos >= 1e6 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e3) + " us";
    }

    private static String digits(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Seconds with all nine decimals, so that columns of them line up: {@code 3.500000000}. */
    public static String exact(long nanos) {
        return String.format(Locale.ROOT, "%d.%09d", nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }
}
