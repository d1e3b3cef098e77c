package io.orrery.client;

/** The names of Orrery's own HTTP headers. */
public final class Headers {
    /** The client's session token, in requests and in answers. */
    public static final String SESSION = "Orrery-Session";

    /** The client's name, for the history that a replica records. */
    public static final String CLIENT = "Orrery-Client";

    private Headers() {}
}
