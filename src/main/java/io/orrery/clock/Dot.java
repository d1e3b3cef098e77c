package io.orrery.clock;

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
        if (sequence < 1) {
            throw new IllegalArgumentException("a dot's sequence is 1 or more, not " + sequence);
        }
    }

    @Override
    public String toString() {
        return origin + ":" + sequence;
    }
}
