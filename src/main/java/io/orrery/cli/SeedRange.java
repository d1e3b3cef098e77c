package io.orrery.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Seeds in a row.
 *
 * @param last not below the first
 */
record SeedRange(long first, long last) {
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,19})(?:\\.\\.(-?\\d{1,19}))?");

    /**
     * Reads {@code 1..10000}, or how many from 1 on, as {@code 500}: a lone number means the same to all commands.
     *
     * @throws IllegalArgumentException when it has another form, is below 1, or the last is below the first
     */
    static SeedRange parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "--seeds is a range, such as 1..10000, or how many from 1 on, such as 500, not " + text);
        }
        try {
            long first = Long.parseLong(matcher.group(1));
            if (matcher.group(2) == null) {
                return upTo(first);
            }
            long last = Long.parseLong(matcher.group(2));
            if (last < first) {
                throw new IllegalArgumentException(
                        "seeds go from a lower to a higher one, such as " + last + ".." + first + ", and not " + text);
            }
            return new SeedRange(first, last);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "seeds are numbers from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE + ", and not " + text, e);
        }
    }

    private static SeedRange upTo(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("--seeds is 1 or more, not " + number);
        }
        return new SeedRange(1, number);
    }
}
