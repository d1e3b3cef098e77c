package io.orrery.explore.coverage;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * What many worlds of one scenario covered together. Depends on the worlds and, but for the curve, not on their order. Its
 * memory is bounded: there are as many inputs and branches as a protocol has, and of orders a part is kept.
 */
public final class Coverage {
    private final SortedMap<String, long[]> inputs = new TreeMap<>();
    private final SortedMap<String, Long> branches = new TreeMap<>();
    private final Species shapes = new Species();
    private final Curve curve = new Curve();
    private long worlds;

    /** Adds the next world. */
    public void add(Footprint footprint) {
        worlds++;
        footprint.inputs().forEach((input, bits) -> {
            long[] counts = inputs.computeIfAbsent(input, it -> new long[Condition.values().length]);
            Condition.of(bits).forEach(condition -> counts[condition.ordinal()]++);
        });
        footprint.branches().forEach(branch -> branches.merge(branch, 1L, Long::sum));
        shapes.add(footprint.shape());
        curve.add(worlds, shapes.seen());
    }

    public long worlds() {
        return worlds;
    }

    /** By what came in, in how many worlds it reached a replica in each condition, in the order of {@link Condition}. */
    public SortedMap<String, long[]> inputs() {
        return Collections.unmodifiableSortedMap(inputs);
    }

    /** In how many worlds each branch was taken. */
    public SortedMap<String, Long> branches() {
        return Collections.unmodifiableSortedMap(branches);
    }

    /** The orders in which messages arrived: one sample for each world. */
    public Species shapes() {
        return shapes;
    }

    /** How the number of orders grew with that of the worlds. */
    public Curve curve() {
        return curve;
    }

    /** How many pairs of an input and a condition occurred. */
    public long pairs() {
        return counts().filter(it -> it > 0).count();
    }

    /** How many of these occurred in one world alone. */
    public long pairsOnce() {
        return counts().filter(it -> it == 1).count();
    }

    private LongStream counts() {
        return inputs.values().stream().flatMapToLong(Arrays::stream);
    }

    /** How many branches were taken in one world alone. */
    public long branchesOnce() {
        return branches.values().stream().filter(it -> it == 1).count();
    }

    /**
     * How many new ones of a kind of thing, such as branches, the next world is expected to show: as many as were seen in one
     * world alone, for each world. Good and Turing's estimate for samples of several things each.
     */
    public double expectedNew(long once) {
        return worlds == 0 ? Double.NaN : (double) once / worlds;
    }
}
