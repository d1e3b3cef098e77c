package io.orrery.model;

import java.util.Objects;
import java.util.UUID;

/**
 * The origin of writes: a replica in one of its {@linkplain Start starts}. All starts have different ids, so no two
 * writes ever share an identity, without agreement between replicas.
 *
 * <p>A start continues the numbers of the start before, as far as the replica knows them: its first write is number
 * {@code before + 1}. So the count of a replica's writes keeps growing when it restarts.
 *
 * <p>People read {@code A}, or {@code A~7} where the incarnation is not 0. Programs write {@link #text}.
 */
public final class Origin implements Comparable<Origin> {
    private static final ParseCache<Origin> PARSED = new ParseCache<>(Origin::parseNew);

    private final NodeId node;
    private final long incarnation;
    private final long before;
    private final UUID start;
    // There are few origins, and each message and token names some: the hash and the text are made once.
    private final int hash;
    private String text;

    /**
     * @param incarnation see {@link Start}
     * @param before how many writes the replica had made before this start, as far as it knew
     * @param start the id of the start
     */
    public Origin(NodeId node, long incarnation, long before, UUID start) {
        this.node = Objects.requireNonNull(node, "node");
        this.incarnation = CounterLimits.require("an incarnation", incarnation, 0);
        this.before = CounterLimits.require("a count of earlier writes", before, 0);
        this.start = Objects.requireNonNull(start, "start");
        this.hash = (node.hashCode() * 31 + Long.hashCode(incarnation)) * 31 + start.hashCode();
    }

    /** The origin of data that was written before starts had ids. */
    public Origin(NodeId node, long incarnation) {
        this(node, incarnation, 0, Start.NO_ID);
    }

    public static Origin of(String node) {
        return new Origin(NodeId.of(node), 0);
    }

    /**
     * Reads what {@link #text} or {@link #toString} writes.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    public static Origin parse(String text) {
        return PARSED.get(text);
    }

    private static Origin parseNew(String text) {
        if (text.indexOf('~') < 0) {
            return of(text);
        }
        String[] parts = text.split("~", -1);
        try {
            NodeId node = NodeId.of(parts[0]);
            long incarnation = Long.parseLong(parts[1]);
            if (parts.length == 2) {
                return new Origin(node, incarnation);
            }
            if (parts.length == 4) {
                return new Origin(node, incarnation, Long.parseLong(parts[2]), Start.idOf(parts[3]));
            }
        } catch (NumberFormatException e) {
            // Falls through to the message that says what an origin looks like.
        }
        throw new IllegalArgumentException("an origin is NODE or NODE~INCARNATION, not \"" + text + "\"");
    }

    /** By node, then by incarnation, then by {@code before}, so that later starts of an incarnation come last. */
    @Override
    public int compareTo(Origin other) {
        if (this == other) {
            return 0;
        }
        int order = node.compareTo(other.node);
        order = order != 0 ? order : Long.compare(incarnation, other.incarnation);
        order = order != 0 ? order : Long.compare(before, other.before);
        return order != 0 ? order : start.compareTo(other.start);
    }

    public NodeId node() {
        return node;
    }

    public long incarnation() {
        return incarnation;
    }

    public long before() {
        return before;
    }

    public UUID start() {
        return start;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Origin that
                        && hash == that.hash
                        && start.equals(that.start)
                        && incarnation == that.incarnation
                        && before == that.before
                        && node.equals(that.node);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * The full form, for programs: {@code A~7~12~} and the id of the start; without an id it equals the form for
     * people.
     */
    public String text() {
        if (text == null) {
            boolean isShort = before == 0 && start.equals(Start.NO_ID);
            text = isShort ? toString() : node + "~" + incarnation + "~" + before + "~" + Start.textOf(start);
        }
        return text;
    }

    @Override
    public String toString() {
        return incarnation == 0 ? node.name() : node.name() + "~" + incarnation;
    }
}
