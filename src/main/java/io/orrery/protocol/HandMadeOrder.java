package io.orrery.protocol;

/** How a protocol orders a write made by hand among other writes. */
public enum HandMadeOrder {
    /** The protocol refuses such writes. */
    NONE,
    /** Its vector clock. */
    CLOCK,
    /** Its Lamport time, as its version. */
    TIME,
    /** By its version; by default the next one of its key. */
    VERSION
}
