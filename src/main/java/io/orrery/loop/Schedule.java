package io.orrery.loop;

/**
 * With a seed, all that decides the order of steps in a run.
 *
 * @param choices where the run leaves what the strategy would have done
 */
public record Schedule(Strategy strategy, Choices choices) {
    /** That of a run of which nothing but the seed is given. */
    public static final Schedule USUAL = new Schedule(Strategy.RANDOM, Choices.NONE);

    /** For one run. */
    public Chooser chooser(long seed) {
        return choices.isNone() ? strategy.chooser(seed) : countingChooser(seed);
    }

    /** The same for one run, in which it counts what there was to choose. */
    public DeviatingChooser countingChooser(long seed) {
        return new DeviatingChooser(strategy, seed, choices);
    }
}
