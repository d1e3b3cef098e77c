package io.orrery.network;

import java.util.Objects;

/**
 * The rule of a directed link.
 *
 * @param delay the delay, drawn for each message, so messages overtake each other
 * @param loss the chance that a message is lost, 0 to 1
 * @param duplicate the chance that a message arrives twice, with independent delays, 0 to 1
 * @param cut whether the link drops everything
 */
public record LinkRule(Delay delay, double loss, double duplicate, boolean cut) {
    /** No delay, no loss, no duplicates. */
    public static final LinkRule PERFECT = new LinkRule(Delay.NONE, 0, 0, false);

    public LinkRule {
        Objects.requireNonNull(delay, "delay");
        requireChance("loss", loss);
        requireChance("duplicate", duplicate);
    }

    private static void requireChance(String name, double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException(name + " is a chance between 0 and 1, not " + chance);
        }
    }

    public LinkRule withDelay(Delay changed) {
        return new LinkRule(changed, loss, duplicate, cut);
    }

    public LinkRule withCut(boolean changed) {
        return new LinkRule(delay, loss, duplicate, changed);
    }
}
