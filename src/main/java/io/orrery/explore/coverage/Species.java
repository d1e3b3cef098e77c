package io.orrery.explore.coverage;

import io.orrery.loop.Mixer;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts how many different things were seen, in samples of one thing each, and estimates what is unseen. Its memory is bounded:
 * beyond a number of things it keeps those alone whose hashes end in zeros, one half, one quarter and so on, and says of all
 * what holds of these. What it says does not depend on the order of the samples.
 *
 * <p>Sources: Good, "The Population Frequencies of Species and the Estimation of Population Parameters", Biometrika 1953; for
 * testing: Böhme, "STADS: Software Testing as Species Discovery", TOSEM 2018; the bound: Flajolet, "On Adaptive Sampling",
 * Computing 1990.
 */
public final class Species {
    private static final int MOST = 1 << 16;

    private final int most;
    private final Map<Long, Integer> counts = new HashMap<>();
    private int level;
    private long samples;
    private long singletons;

    public Species() {
        this(MOST);
    }

    /** @param most how many different things are kept at the most */
    Species(int most) {
        this.most = most;
    }

    /** Adds a sample; returns whether it is the first of its kind, as far as that is known. */
    public boolean add(long hash) {
        samples++;
        if (!isKept(hash)) {
            return false;
        }
        int count = counts.merge(hash, 1, Integer::sum);
        if (count <= 2) {
            singletons += count == 1 ? 1 : -1;
        }
        while (counts.size() > most) {
            level++;
            counts.keySet().removeIf(it -> !isKept(it));
            singletons = counts.values().stream().filter(it -> it == 1).count();
        }
        return count == 1;
    }

    private boolean isKept(long hash) {
        return Long.numberOfTrailingZeros(Mixer.mix(hash)) >= level;
    }

    /** How many samples there were. */
    public long samples() {
        return samples;
    }

    /** How many different things were seen; an estimate where not all are kept. */
    public long seen() {
        return (long) counts.size() << level;
    }

    /** How many were seen once; an estimate where not all are kept. */
    public long once() {
        return singletons << level;
    }

    /** Whether the numbers are exact, and not estimates from a part. */
    public boolean isExact() {
        return level == 0;
    }

    /** How likely the next sample is one that was not seen before, as Good and Turing estimate it; 1 before the first sample. */
    public double chanceOfNew() {
        return samples == 0 ? 1 : Math.min(1, (double) once() / samples);
    }
}
