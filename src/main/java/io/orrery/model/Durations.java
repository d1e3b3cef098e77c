package io.orrery.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: a number and a unit, such as {@code 500ms} or {@code 1.5s}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?)\\s*([a-zµ]+)");
    /** More characters than any duration needs; the cost of parsing a number grows with the square of its digits. */
    private static final int MOST_LETTERS = 64;

    private static final Map<String, Long> NANOS = new LinkedHashMap<>();

    static {
        NANOS.put("ns", 1L);
        NANOS.put("us", 1_000L);
        NANOS.put("ms", 1_000_000L);
        NANOS.put("s", 1_000_000_000L);
        NANOS.put("m", 60_000_000_000L);
        NANOS.put("h", 3_600_000_000_000L);
    }

    private Durations() {}

    /**
     * Reads a duration of 0 or more.
     *
     * @throws IllegalArgumentException when it is not a number and one of the units ns, us, ms, s, m, h; when it is
     *     negative; when it is longer than about 292 years; or when it is written with more than 64 letters
     */
    public static Duration parse(String text) {
        if (text.length() > MOST_LETTERS) {
            throw new IllegalArgumentException(
                    "a time has at most " + MOST_LETTERS + " letters, such as 500ms or 3s, and not " + text.length());
        }
        Matcher form = FORM.matcher(text.strip());
        if (form.matches()) {
            Long unit = NANOS.get(form.group(2).equals("µs") ? "us" : form.group(2));
            if (unit == null) {
                throw new IllegalArgumentException("there is no unit \"" + form.group(2) + "\" of time in \""
                        + text.strip() + "\"; there are " + String.join(", ", NANOS.keySet()));
            }
            BigDecimal nanos = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
            if (nanos.signum() < 0) {
                throw new IllegalArgumentException("a time here is 0 or more, not " + text.strip());
            }
            if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("too long a time: " + text.strip());
            }
            return Duration.ofNanos(nanos.setScale(0, RoundingMode.HALF_UP).longValueExact());
        }
        if (text.strip().matches("0+")) {
            return Duration.ZERO;
        }
        throw new IllegalArgumentException(
                "a time is a number and a unit, such as 500ms or 3s, not \"" + text.strip() + "\"");
    }

    /**
     * Writes a duration exactly, in the largest unit that needs no more than three decimals: {@code 1.5s}, {@code
     * 20ms}.
     */
    public static String format(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        for (String unit : new String[] {"s", "ms", "us"}) {
            long size = NANOS.get(unit);
            if (Math.abs(nanos) >= size && nanos % (size / 1_000) == 0) {
                return BigDecimal.valueOf(nanos)
                                .divide(BigDecimal.valueOf(size))
                                .stripTrailingZeros()
                                .toPlainString()
                        + unit;
            }
        }
        return nanos + "ns";
    }
}
