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
public record Dot(Origin origin, long sequence) {
    public Dot {
        Objects.requireNonNull(origin, "origin");
        CounterLimits.require("a dot's sequence", sequence, 1);
    }

    @Override
    public String toString() {
        return origin + ":" + sequence;
    }
}
