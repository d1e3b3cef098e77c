package io.orrery.protocol.raft;

import io.orrery.model.Start;
import java.time.Duration;

/**
 * Draws time-outs, so that replicas seldom stand for election at the same time (paper, section 5.2). The id of the start, which
 * the runtime has drawn, is the seed: a replica draws the same from the same start.
 */
final class Jitter {
    private long state;

    void seed(Start start) {
        state = start.id().getMostSignificantBits() ^ start.id().getLeastSignificantBits();
    }

    /** A time from the given one to twice as much, in whole milliseconds more. */
    Duration stretch(Duration least) {
        // SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
        state += 0x9e3779b97f4a7c15L;
        long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        double part = ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
        return least.plusMillis((long) (part * (least.toMillis() + 1)));
    }
}
