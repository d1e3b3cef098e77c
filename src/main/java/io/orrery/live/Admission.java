package io.orrery.live;

/**
 * Whether a node may act for its cluster.
 *
 * @param problem why not, in words for people; empty where it may
 */
public record Admission(State state, String problem) {
    /** How far it has come. */
    public enum State {
        /** It has not asked all others yet whether they belong together. */
        JOINING,
        /** It acts: with those that it reaches, or alone. */
        IN,
        /** Others have other settings or another cluster's data, and no majority has the same as this one. */
        KEPT_OUT
    }

    /** Where nobody has to be asked. */
    public static final Admission IN = new Admission(State.IN, "");

    public static final Admission JOINING =
            new Admission(State.JOINING, "its node has not asked the others yet whether it belongs to them");

    /** Whether it takes requests. */
    public boolean isIn() {
        return state == State.IN;
    }
}
