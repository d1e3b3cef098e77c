package io.orrery.loop;

/** Makes numbers that look random from numbers and texts that do not, the same on every machine. */
public final class Mixer {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private Mixer() {}

    /** The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), applied to the next state. */
    public static long mix(long state) {
        long z = state + GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Depends on the order of the two. */
    public static long both(long first, long second) {
        return mix(mix(first) ^ second);
    }

    public static long of(String text) {
        long mixed = 0;
        for (int i = 0; i < text.length(); i++) {
            mixed = mix(mixed ^ text.charAt(i));
        }
        return mixed;
    }
}
