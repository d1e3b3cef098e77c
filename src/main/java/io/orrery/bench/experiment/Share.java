package io.orrery.bench.experiment;

/** The share of those that were counted to which something applies. */
public final class Share {
    private long all;
    private long some;

    void add(boolean applies) {
        all++;
        some += applies ? 1 : 0;
    }

    public long count() {
        return all;
    }

    public boolean isEmpty() {
        return all == 0;
    }

    /** From 0 to 1; 0 if nothing was counted. */
    public double value() {
        return all == 0 ? 0 : (double) some / all;
    }

    /** The value, or null if nothing was counted, for a cell of a {@link Sheet}. */
    Double cell() {
        return all == 0 ? null : value();
    }
}
