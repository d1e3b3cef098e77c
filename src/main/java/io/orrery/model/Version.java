package io.orrery.model;

import java.util.Objects;
import java.util.UUID;

/**
 * The version of a value. Versions are totally ordered, by counter and then by node, so that all replicas choose the
 * same winner. Written {@code 7@A}.
 */
public record Version(long counter, Origin origin) implements Comparable<Version> {
    /**
     * The origin of versions that are bare numbers, as in histories of other systems. No start of a replica has its id.
     */
    private static final Origin NOBODY = new Origin(NodeId.of("-"), 0, 0, new UUID(-1, -1));

    public Version {
        Objects.requireNonNull(origin, "origin");
        if (!origin.equals(NOBODY)) {
            CounterLimits.require("a version's counter", counter, 1);
        }
    }

    /**
     * A version that is a bare number, written {@code 7}, as in histories of other systems.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public static Version numbered(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a version that is a number is 0 or more, not " + number);
        }
        return new Version(number, NOBODY);
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

    /** Whether somebody means this version by another: the same, or the form for people of it, read again. */
    public boolean isNamedBy(Version other) {
        boolean isForPeople = other.origin.text().equals(other.origin.toString());
        return equals(other) || isForPeople && toString().equals(other.toString());
    }

    @Override
    public int compareTo(Version other) {
        int byCounter = Long.compare(counter, other.counter);
        return byCounter != 0 ? byCounter : origin.compareTo(other.origin);
    }

    /** The full form, for programs, with the full form of its origin. */
    public String text() {
        return origin.equals(NOBODY) ? toString() : counter + "@" + origin.text();
    }

    @Override
    public String toString() {
        return origin.equals(NOBODY) ? Long.toString(counter) : counter + "@" + origin;
    }
}
