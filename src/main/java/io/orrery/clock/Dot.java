package io.orrery.clock;

import io.orrery.model.CounterLimits;
import io.orrery.model.Origin;
import java.util.Objects;

/**
 * The identity of one write: the sequence-th write of its origin, counted from 1. No two writes ever share a dot.
 *
 * <p>Source: Almeida, Baquero, Gonçalves, Preguiça and Fonte, "Scalable and Accurate Causality Tracking for Eventually
 * Consistent Stores", DAIS 2014.
 */
public record Dot(Origin origin, long sequence) implements Comparable<Dot> {
    public Dot {
        Objects.requireNonNull(origin, "origin");
        CounterLimits.require("a dot's sequence", sequence, 1);
    }

    // Written by hand, because these run for each delivered message, and the generated ones go through a method handle.
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Dot that && sequence == that.sequence && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
        return origin.hashCode() * 31 + Long.hashCode(sequence);
    }

    /** By origin, then by sequence. */
    @Override
    public int compareTo(Dot other) {
        int byOrigin = origin.compareTo(other.origin);
        return byOrigin != 0 ? byOrigin : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return origin + ":" + sequence;
    }
}
