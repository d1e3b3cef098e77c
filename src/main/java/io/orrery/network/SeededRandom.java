package io.orrery.network;

/**
 * A random generator that gives the same numbers for a seed on every machine and Java version, which the JDK promises
 * for none of its fast generators. Not for secrets; not thread-safe.
 *
 * <p>Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (SplitMix64).
 */
public final class SeededRandom {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;
    private double spareNormal = Double.NaN;

    public SeededRandom(long seed) {
        this.state = seed;
    }

    /** An independent stream for one use, so that additional draws for one use do not change another. */
    public static SeededRandom stream(long seed, String use) {
        long mixed = mix(seed + GAMMA);
        for (int i = 0; i < use.length(); i++) {
            mixed = mix(mixed + GAMMA * use.charAt(i));
        }
        return new SeededRandom(mixed);
    }

    /** From here on the numbers are others, which this seed decides together with those before. */
    public void redraw(long seed) {
        state = mix(state + mix(seed + GAMMA));
        spareNormal = Double.NaN;
    }

    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** 0 (included) to bound (not included); the bound is 1 or more. */
    public int nextInt(int bound) {
        // Multiply-shift; the bias is below bound / 2^32.
        return (int) ((nextLong() >>> 32) * bound >>> 32);
    }

    /** 0 (included) to bound (not included); the bound is 1 or more. */
    public long nextLong(long bound) {
        return Math.min((long) (nextDouble() * bound), bound - 1);
    }

    /** 0 (included) to 1 (not included). */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Exponentially distributed with mean 1. */
    public double nextExponential() {
        return -StrictMath.log(1 - nextDouble());
    }

    /** Normally distributed with mean 0 and standard deviation 1 (polar method). */
    public double nextNormal() {
        if (!Double.isNaN(spareNormal)) {
            double spare = spareNormal;
            spareNormal = Double.NaN;
            return spare;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * nextDouble() - 1;
            y = 2 * nextDouble() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double scale = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spareNormal = y * scale;
        return x * scale;
    }
}
