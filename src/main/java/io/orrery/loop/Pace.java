package io.orrery.loop;

/** How fast actors and their clocks are. Names of actors are their paths without address, such as {@code /user/a/b}. */
public interface Pace {
    /** Handling takes no time, and each timer runs out when it should. */
    Pace IDEAL = new Pace() {};

    /** How long an actor is busy with the message that it just handled, in nanoseconds. What it sends leaves at once. */
    default long handling(String actor) {
        return 0;
    }

    /** After how long a timer of an actor really runs out, in nanoseconds. */
    default long timer(String actor, long asked) {
        return asked;
    }
}
