package io.orrery.loop;

/** How a seed decides which of the steps that are ready runs next. */
public enum Strategy {
    /** Each step has a random priority: {@link Chooser#random}. */
    RANDOM
}
