package io.orrery.network;

import java.util.Objects;
import java.util.Optional;

/**
 * The rule of a directed link.
 *
 * @param delay the delay, drawn for each message, so messages overtake each other
 * @param loss the chance that a message is lost, 0 to 1; with runs the chance that it begins one
 * @param duplicate the chance that a message arrives twice, with independent delays, 0 to 1
 * @param cut whether the link drops everything
 * @param runs how many messages in a row are lost where one is; empty for one
 */
public record LinkRule(Delay delay, double loss, double duplicate, boolean cut, Optional<LossRun> runs) {
    /** No delay, no loss, no duplicates. */
    public static final LinkRule PERFECT = new LinkRule(Delay.NONE, 0, 0, false);

    public LinkRule {
        Objects.requireNonNull(delay, "delay");
        requireChance("loss", loss);
        requireChance("duplicate", duplicate);
        runs = runs.filter(run -> !run.equals(LossRun.SINGLE));
    }

    /** With losses that come singly. */
    public LinkRule(Delay delay, double loss, double duplicate, boolean cut) {
        this(delay, loss, duplicate, cut, Optional.empty());
    }

    private static void requireChance(String name, double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException(name + " is a chance between 0 and 1, not " + chance);
        }
    }

    /** How many messages in a row are lost where one is. */
    public LossRun lossRun() {
        return runs.orElse(LossRun.SINGLE);
    }

    public LinkRule withDelay(Delay changed) {
        return new LinkRule(changed, loss, duplicate, cut, runs);
    }

    public LinkRule withCut(boolean changed) {
        return new LinkRule(delay, loss, duplicate, changed, runs);
    }

    public LinkRule withRuns(LossRun changed) {
        return new LinkRule(delay, loss, duplicate, cut, Optional.of(changed));
    }
}
