package io.orrery.protocol.kit;

import io.orrery.model.Preconditions;
import java.time.Duration;

/**
 * The time to wait for an answer: doubled when none came, halved when one did, between two bounds. Deterministic: it
 * adds no jitter, because the delays of links differ enough.
 */
public final class Backoff {
    private final Duration first;
    private final Duration limit;
    private Duration current;

    /**
     * @param first the initial and minimum time; positive
     * @param limit an exclusive upper bound
     */
    public Backoff(Duration first, Duration limit) {
        Preconditions.require(!first.isZero() && !first.isNegative(), () -> "a time to wait is above 0, not " + first);
        this.first = first;
        this.limit = limit;
        this.current = first;
    }

    /** How long to wait now. */
    public Duration current() {
        return current;
    }

    /** Whether it has been lengthened, and not shortened as often. */
    public boolean isLong() {
        return current.compareTo(first) > 0;
    }

    /** Doubles the time. Returns false and changes nothing if that would reach the limit. */
    public boolean lengthen() {
        Duration doubled = current.multipliedBy(2);
        boolean fits = doubled.compareTo(limit) < 0;
        current = fits ? doubled : current;
        return fits;
    }

    /** Halves the time, down to the first. */
    public void shorten() {
        Duration half = current.dividedBy(2);
        current = half.compareTo(first) > 0 ? half : first;
    }

    /** Restarts with the initial time. */
    public void reset() {
        current = first;
    }
}
