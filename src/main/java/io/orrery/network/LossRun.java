package io.orrery.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How many messages in a row a link loses when it loses one: queues overflow, and connections break, with all that waits
 * in them.
 *
 * @param min the smallest number, 1 or more
 * @param max the largest number
 */
public record LossRun(int min, int max) {
    /** Each loss by itself. */
    public static final LossRun SINGLE = new LossRun(1, 1);

    /** As many as a link may have under way. */
    private static final int MOST = Links.CAPACITY;

    private static final String DOTS = "..";

    /** @throws IllegalArgumentException when the numbers are out of range */
    public LossRun {
        if (min < 1 || max < min || max > MOST) {
            throw new IllegalArgumentException("a run of losses is from 1 to " + MOST
                    + " messages long, such as 5 or 3..20, not " + textOf(min, max));
        }
    }

    /**
     * Reads a length as files, HTTP and the command line write it: {@code 5}, or {@code 3..20} (uniform). This is also what
     * {@code toString} writes.
     *
     * @throws IllegalArgumentException when it is neither
     */
    @JsonCreator
    public static LossRun parse(String text) {
        int dots = text.indexOf(DOTS);
        try {
            return dots < 0
                    ? new LossRun(number(text), number(text))
                    : new LossRun(number(text.substring(0, dots)), number(text.substring(dots + DOTS.length())));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a run of losses is a number of messages, such as 5 or 3..20, not \"" + text + "\"");
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text.strip());
    }

    /** Draws a length. A single possible length draws nothing. */
    int sample(SeededRandom random) {
        return min == max ? min : min + random.nextInt(max - min + 1);
    }

    @Override
    @JsonValue
    public String toString() {
        return textOf(min, max);
    }

    private static String textOf(int min, int max) {
        return min == max ? String.valueOf(min) : min + DOTS + max;
    }
}
