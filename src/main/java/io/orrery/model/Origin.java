package io.orrery.model;

import java.util.Objects;

/**
 * Who numbers writes: a replica in one incarnation of its memory. A replica that was wiped has forgotten which numbers
 * it gave out, so it goes on as a new incarnation and can never use one twice. The first incarnation is 0 and is not
 * shown: {@code A}, then {@code A~1}.
 */
public record Origin(NodeId node, long incarnation) implements Comparable<Origin> {
    private static final Parsed<Origin> PARSED = new Parsed<>(Origin::parseNew);

    public Origin {
        Objects.requireNonNull(node, "node");
        Counters.require("an incarnation", incarnation, 0);
    }

    public static Origin of(String node) {
        return new Origin(NodeId.of(node), 0);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException when the text is not {@code node} or {@code node~incarnation}
     */
    public static Origin parse(String text) {
        return PARSED.get(text);
    }

    private static Origin parseNew(String text) {
        int tilde = text.indexOf('~');
        if (tilde < 0) {
            return of(text);
        }
        try {
            return new Origin(NodeId.of(text.substring(0, tilde)), Long.parseLong(text.substring(tilde + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an origin is NODE or NODE~INCARNATION, not \"" + text + "\"");
        }
    }

    @Override
    public int compareTo(Origin other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : Long.compare(incarnation, other.incarnation);
    }

    // Written out, as these run for each delivered message: the generated ones go through a method handle.
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Origin that && incarnation == that.incarnation && node.equals(that.node);
    }

    @Override
    public int hashCode() {
        return node.name().hashCode() * 31 + Long.hashCode(incarnation);
    }

    @Override
    public String toString() {
        return incarnation == 0 ? node.name() : node.name() + "~" + incarnation;
    }
}
