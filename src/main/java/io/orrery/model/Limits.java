package io.orrery.model;

/** Limits that belong to no one place. */
public final class Limits {
    /** How many bytes of keys and values may wait in each of the places of a replica where something waits. */
    public static final int WAITING_BYTES = 32 << 20;

    private Limits() {}
}
