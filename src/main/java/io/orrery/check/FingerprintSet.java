package io.orrery.check;

/**
 * A set of 128-bit fingerprints, for states that a search has seen. A state is known by its fingerprint alone: with
 * n states two of them share one with a probability of about n² / 2¹²⁹, which for 10⁸ states is 10⁻²³.
 */
final class FingerprintSet {
    private long[] table = new long[2 << 8];
    private int size;

    /** Adds a fingerprint; false if it was in the set. */
    boolean add(long first, long second) {
        // (0, 0) marks an empty slot.
        long low = first == 0 && second == 0 ? 1 : first;
        if (size * 3L > table.length) {
            grow();
        }
        boolean added = insert(table, low, second);
        if (added) {
            size++;
        }
        return added;
    }

    private void grow() {
        long[] old = table;
        if (old.length > Integer.MAX_VALUE / 4) {
            throw new BudgetMeter.Spent(Verdict.Cause.MEMORY, "the memory holds no more than " + size + " states");
        }
        table = new long[old.length * 2];
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0 || old[i + 1] != 0) {
                insert(table, old[i], old[i + 1]);
            }
        }
    }

    private static boolean insert(long[] table, long first, long second) {
        int mask = table.length - 1;
        int i = ((int) (first ^ first >>> 32) << 1) & mask;
        while (table[i] != 0 || table[i + 1] != 0) {
            if (table[i] == first && table[i + 1] == second) {
                return false;
            }
            i = i + 2 & mask;
        }
        table[i] = first;
        table[i + 1] = second;
        return true;
    }

    /** A well-mixed hash of a number (the finalizer of SplitMix64). */
    static long mix(long x) {
        long z = (x + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
