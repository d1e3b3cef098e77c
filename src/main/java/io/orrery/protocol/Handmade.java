package io.orrery.protocol;

/** What a write that someone makes by hand ({@code Operation.Sync}) tells of itself: how a protocol orders it among the others. */
public enum Handmade {
    /** The protocol takes no such writes. */
    NONE,
    /** Its vector clock. */
    CLOCK,
    /** Its Lamport time, as its version. */
    TIME,
    /** Its version, or nothing: then it has the next one of its key. */
    VERSION
}
