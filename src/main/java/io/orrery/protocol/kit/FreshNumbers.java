package io.orrery.protocol.kit;

import io.orrery.model.CounterLimits;

/**
 * Fresh numbers: each is above all that were issued here and all that are known to be {@linkplain #used used}. Within a
 * life of a replica they are unique by themselves. Over its lives they are in two ways, and a protocol needs one:
 *
 * <ul>
 *   <li>it keeps what it does with a number in its journal, and calls {@link #used} for each number that it finds
 *     there;
 *   <li>or it puts the id of its {@link io.orrery.model.Start} beside each number. That holds for a replica too that
 *     has lost its journal, or had an older copy of it put back.
 * </ul>
 */
public final class FreshNumbers {
    private long last;

    /** The first one is 1. */
    public FreshNumbers() {}

    /** The first one is above this. */
    public FreshNumbers(long used) {
        used(used);
    }

    /** The highest that was given, or is known to be used; 0 for none. */
    public long last() {
        return last;
    }

    /**
     * The number that {@link #next} would give.
     *
     * @throws CounterLimits.End when there is none
     */
    public long peek() {
        return CounterLimits.next(last);
    }

    /**
     * Gives a number.
     *
     * @throws CounterLimits.End when there is none; nothing has changed then
     */
    public long next() {
        last = CounterLimits.next(last);
        return last;
    }

    /** This one has been used, and all below it count as used: here, in an earlier life, or by somebody else. */
    public void used(long number) {
        last = Math.max(last, number);
    }
}
