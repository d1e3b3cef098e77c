package io.orrery.loop;

import java.util.Locale;

/** How a seed decides which of the steps that are ready runs next. */
public enum Strategy {
    /** Each step has a random priority: {@link Chooser#random}. */
    RANDOM;

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
