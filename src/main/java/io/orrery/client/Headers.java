package io.orrery.client;

/** The names of the headers of HTTP that are Orrery's own. */
public final class Headers {
    /** What a client has seen, as a token: sent with a request, and given with its answer. */
    public static final String SESSION = "Orrery-Session";

    /** Who asks, for the history that a replica records. */
    public static final String CLIENT = "Orrery-Client";

    private Headers() {}
}
