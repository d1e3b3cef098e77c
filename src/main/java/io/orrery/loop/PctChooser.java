package io.orrery.loop;

import java.util.HashMap;
import java.util.Map;

/**
 * Probabilistic concurrency testing: each actor and each link has a random priority, and the ready step with the highest one
 * runs. At a few random points whoever is about to go on becomes the lowest of all. What needs {@code depth} events in one
 * order needs one point less than that.
 *
 * <p>A message is under way for as long as its link's priority is low: the least that the link allows for the highest priority,
 * the most for the lowest. Nobody knows beforehand how many choices a run has, so a point is drawn such that each magnitude is
 * as likely as the others.
 *
 * <p>Source: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding
 * Bugs", ASPLOS 2010; chains of messages instead of threads: Ozkan et al., "Randomized Testing of Distributed Systems with
 * Probabilistic Guarantees", OOPSLA 2018.
 */
final class PctChooser implements Chooser {
    /** The base 2 logarithm of the number of choices within which points are drawn. */
    private static final int MAGNITUDES = 16;

    private final long salt;
    /** Whether the choice with this number is a point. */
    private final Map<Long, Boolean> points = new HashMap<>();
    /** Below all others; the later it became so, the lower. */
    private final Map<String, Long> lowered = new HashMap<>();

    private long choices;

    PctChooser(long seed, int depth) {
        salt = Mixer.mix(seed ^ Mixer.of("pct"));
        for (int i = 1; i < depth; i++) {
            double magnitude = fraction(Mixer.mix(salt + i)) * MAGNITUDES;
            points.put((long) Math.pow(2, magnitude), true);
        }
    }

    /** From 0 to below 1. */
    private static double fraction(long drawn) {
        return (drawn >>> 11) * 0x1.0p-53;
    }

    /** From 0 to below 1; below 0 for who was lowered. */
    private double priority(String who) {
        Long since = lowered.get(who);
        return since == null ? fraction(Mixer.mix(salt ^ Mixer.of(who))) : -1 - since;
    }

    private static String who(Step step) {
        return step.kind() == Step.Kind.DELIVERY
                ? link(step.from(), step.to())
                : step.owner().name();
    }

    private static String link(String from, String to) {
        return from + " -> " + to;
    }

    private boolean isPoint() {
        return points.remove(++choices) != null;
    }

    private int highest(Ready ready) {
        int best = 0;
        double highest = priority(who(ready.get(0)));
        for (int i = 1; i < ready.size(); i++) {
            double priority = priority(who(ready.get(i)));
            // Of several with the same owner the order is left to their keys.
            if (priority > highest
                    || priority == highest
                            && Mixer.mix(ready.get(i).key() ^ salt)
                                    > Mixer.mix(ready.get(best).key() ^ salt)) {
                highest = priority;
                best = i;
            }
        }
        return best;
    }

    @Override
    public int choose(Ready ready) {
        int best = highest(ready);
        if (isPoint()) {
            lowered.put(who(ready.get(best)), choices);
            return highest(ready);
        }
        return best;
    }

    @Override
    public long delay(String from, String to, long drawn, long least, long most) {
        String link = link(from, to);
        if (isPoint()) {
            lowered.put(link, choices);
        }
        double slowness = 1 - Math.max(0, priority(link));
        return least + (long) ((most - least) * slowness);
    }
}
