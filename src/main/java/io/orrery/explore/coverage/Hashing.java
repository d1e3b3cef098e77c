package io.orrery.explore.coverage;

/** Hashes of 64 bits that are the same on every machine. */
final class Hashing {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private Hashing() {}

    /** The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    static long mix(long state) {
        long z = state + GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Depends on the order. */
    static long both(long first, long second) {
        return mix(mix(first) ^ second);
    }

    static long of(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 0x100000001B3L + text.charAt(i);
        }
        return mix(hash);
    }
}
