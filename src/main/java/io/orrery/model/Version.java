package io.orrery.model;

import java.util.Objects;

/**
 * The version of a value. Versions are totally ordered: by counter, then by the node that made them, so that all
 * replicas choose the same winner. Written {@code 7@A}.
 */
public record Version(long counter, Origin origin) implements Comparable<Version> {
    public Version {
        Objects.requireNonNull(origin, "origin");
        Counters.require("a version's counter", counter, 1);
    }

    public static Version of(long counter, String node) {
        return new Version(counter, Origin.of(node));
    }

    /**
     * Reads what {@link #text} or {@link #toString} writes.
     *
     * @throws IllegalArgumentException when the text is not {@code counter@origin}
     */
    public static Version parse(String text) {
        int at = text.indexOf('@');
        if (at > 0) {
            try {
                return new Version(Long.parseLong(text.substring(0, at)), Origin.parse(text.substring(at + 1)));
            } catch (NumberFormatException e) {
                // Falls through to the message that says what a version looks like.
            }
        }
        throw new IllegalArgumentException("a version is COUNTER@NODE, not \"" + text + "\"");
    }

    @Override
    public int compareTo(Version other) {
        int byCounter = Long.compare(counter, other.counter);
        return byCounter != 0 ? byCounter : origin.compareTo(other.origin);
    }

    /** All of it, for programs: with all of its origin. */
    public String text() {
        return counter + "@" + origin.text();
    }

    @Override
    public String toString() {
        return counter + "@" + origin;
    }
}
