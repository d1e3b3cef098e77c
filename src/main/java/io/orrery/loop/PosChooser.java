package io.orrery.loop;

import java.util.HashMap;
import java.util.Map;

/**
 * Partial order sampling: each step has a random priority, and draws a new one whenever another step was preferred to it that
 * it races with, which is one with the same receiver. So each order of steps that race is likely, however many steps that do
 * not race come between.
 *
 * <p>A link's delay is one of few, so that messages arrive together and there is something to choose.
 *
 * <p>Source: Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 */
final class PosChooser implements Chooser {
    private static final int DELAYS = 5;

    private final long salt;
    /** By receiver, how often one of its steps was preferred to others. */
    private final Map<String, Long> draws = new HashMap<>();

    private long messages;

    PosChooser(long seed) {
        salt = Mixer.mix(seed);
    }

    @Override
    public int choose(Ready ready) {
        int best = 0;
        long highest = priority(ready.get(0));
        for (int i = 1; i < ready.size(); i++) {
            long priority = priority(ready.get(i));
            if (priority > highest) {
                highest = priority;
                best = i;
            }
        }
        draws.merge(ready.get(best).to(), 1L, Long::sum);
        return best;
    }

    private long priority(Step step) {
        return Mixer.mix(step.key() ^ salt ^ Mixer.mix(draws.getOrDefault(step.to(), 0L)));
    }

    @Override
    public long delay(String from, String to, long drawn, long least, long most) {
        long level = Math.floorMod(Mixer.mix(salt + messages++), (long) DELAYS);
        return least + (most - least) / (DELAYS - 1) * level;
    }
}
