package io.orrery.loop;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a seed decides which of the steps that are ready runs next, and for how long messages are under way.
 *
 * @param depth of {@code pct}, how many events must come in one order for what is looked for; 0 for the others
 */
public record Strategy(Name name, int depth) {
    /** Each step has a random priority, and delays are as links draw them: {@link Chooser#random}. */
    public static final Strategy RANDOM = new Strategy(Name.RANDOM, 0);

    /** {@link PosChooser}. */
    public static final Strategy POS = new Strategy(Name.POS, 0);

    /** As {@link #RANDOM}; a sweep makes the choices of further worlds from those of worlds that showed something new. */
    public static final Strategy GUIDED = new Strategy(Name.GUIDED, 0);

    /** The deepest that is of use: a run hardly depends on more events in one order. */
    private static final int DEEPEST = 100;

    private static final int USUAL_DEPTH = 3;
    private static final String FORMS = "random, pos, pct (of depth " + USUAL_DEPTH + "), pct:DEPTH and guided";
    private static final Pattern WITH_DEPTH = Pattern.compile("pct:(\\d{1,9})");

    /** The names of strategies. */
    public enum Name {
        RANDOM,
        POS,
        PCT,
        GUIDED
    }

    /** @throws IllegalArgumentException when the depth is none of {@code pct}, or another strategy has one */
    public Strategy {
        if (name == Name.PCT ? depth < 1 || depth > DEEPEST : depth != 0) {
            throw new IllegalArgumentException("the depth of pct is from 1 to " + DEEPEST + ", not " + depth);
        }
    }

    /** {@link PctChooser}. */
    public static Strategy pct(int depth) {
        return new Strategy(Name.PCT, depth);
    }

    /**
     * Reads {@code random}, {@code pos}, {@code pct} or {@code pct:5}; the inverse of {@link #toString}.
     *
     * @throws IllegalArgumentException when there is none of this name; the message lists those that there are
     */
    public static Strategy parse(String text) {
        Matcher deep = WITH_DEPTH.matcher(text);
        if (deep.matches()) {
            return pct(Integer.parseInt(deep.group(1)));
        }
        return switch (text) {
            case "random" -> RANDOM;
            case "pos" -> POS;
            case "guided" -> GUIDED;
            case "pct" -> pct(USUAL_DEPTH);
            default -> throw new IllegalArgumentException("there is no scheduler \"" + text + "\"; there are " + FORMS);
        };
    }

    Chooser chooser(long seed) {
        return switch (name) {
            case RANDOM, GUIDED -> Chooser.random(seed);
            case POS -> new PosChooser(seed);
            case PCT -> new PctChooser(seed, depth);
        };
    }

    /** As people write it. */
    @Override
    public String toString() {
        return switch (name) {
            case RANDOM -> "random";
            case POS -> "pos";
            case GUIDED -> "guided";
            case PCT -> "pct:" + depth;
        };
    }
}
