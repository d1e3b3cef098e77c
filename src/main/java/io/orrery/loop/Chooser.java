package io.orrery.loop;

import java.util.OptionalLong;

/**
 * Decides which of the steps that are ready runs next. A run of a simulated system is determined by its inputs and the
 * choices made here.
 */
@FunctionalInterface
public interface Chooser {
    /** The steps that are ready, in no particular order; the order is the same in each run with the same choices. */
    interface Ready {
        /** At least 2: where there is no choice nobody is asked. */
        int size();

        Step get(int index);
    }

    /** @return the index of the step to run, from 0 to below {@link Ready#size} */
    int choose(Ready ready);

    /**
     * Decides for how long a message is under way, where its link allows more than one delay. Nanoseconds.
     *
     * @param drawn what the link has drawn from the seed
     * @param least the shortest that the link allows
     * @param most the longest that the link allows, or one above which hardly any are
     * @return from {@code least} to {@code most}, or what was drawn
     */
    default long delay(String from, String to, long drawn, long least, long most) {
        return drawn;
    }

    /**
     * Asked before each step: whether all that is left to chance is to be drawn anew from here on, and from which seed.
     *
     * @param steps how many steps ran before
     */
    default OptionalLong redraw(long steps) {
        return OptionalLong.empty();
    }

    /**
     * Gives each step a random priority from the seed and runs the highest. Priorities depend on the seed, the owner and the
     * number of the step alone.
     *
     * <p>Source: Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018, its basic algorithm.
     */
    static Chooser random(long seed) {
        long salt = Mixer.mix(seed);
        return ready -> {
            int best = 0;
            long highest = Mixer.mix(ready.get(0).key() ^ salt);
            for (int i = 1; i < ready.size(); i++) {
                long priority = Mixer.mix(ready.get(i).key() ^ salt);
                if (priority > highest) {
                    highest = priority;
                    best = i;
                }
            }
            return best;
        };
    }
}
