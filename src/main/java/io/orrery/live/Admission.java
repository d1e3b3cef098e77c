package io.orrery.live;

/**
 * Whether a node may act for its cluster.
 *
 * @param problem why not, for people; empty if it may
 */
public record Admission(State state, String problem) {
    /** How far it has come. */
    public enum State {
        /** It has not yet asked all others whether they belong to one cluster. */
        JOINING,
        /** It serves, together with the nodes that it reaches, or alone. */
        IN,
        /** Others have other settings or another cluster's data, and no majority has the same as this one. */
        KEPT_OUT
    }

    /** For replicas that need no admission. */
    public static final Admission IN = new Admission(State.IN, "");

    public static final Admission JOINING =
            new Admission(State.JOINING, "its node has not asked the others yet whether it belongs to them");

    /** Whether it takes requests. */
    public boolean isIn() {
        return state == State.IN;
    }
}
