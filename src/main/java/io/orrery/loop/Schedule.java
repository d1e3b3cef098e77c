package io.orrery.loop;

/**
 * With a seed, all that decides the order of steps in a run.
 *
 * @param choices where the run leaves what the strategy would have done
 */
public record Schedule(Strategy strategy, Choices choices) {
    /** That of a run of which nothing but the seed is given. */
    public static final Schedule USUAL = new Schedule(Strategy.RANDOM, Choices.NONE);
}
